/** Layouts of pictures with places, as `--layout` calls them, in the order in which a path is compared with them. */
export const LAYOUT_NAMES = ["drawn", "cub", "ilsvrc", "wsol", "openimages", "voc", "yolo", "coco", "boxes"] as const;

/** The name of a layout. */
export type LayoutName = (typeof LAYOUT_NAMES)[number];
