import type { Box } from "../images/box.js";
import { seededRandom, shuffled } from "../support/random.js";
import type { LabelledImage, Split } from "./labelled-image.js";
import type { RunLengthMask } from "../images/masks/masks.js";
import { maskOfPolygons } from "../images/masks/polygon-mask.js";

/** A thing in an image: what it is called, and where it is, as exactly as the data set says. */
export interface AnnotatedObject {
  readonly name: string;
  /** In pixels of the image. */
  readonly box: Box;
  /** Of the image's own size; what counts when it is there. */
  readonly mask?: RunLengthMask;
  /** Outlines: x, y, x, y, … in pixels of the image; they count where there is no mask, before the box does. */
  readonly polygons?: readonly (readonly number[])[];
}

/** An image of a data set, and the things in it. */
export interface AnnotatedImage extends LabelledImage {
  readonly width: number;
  readonly height: number;
  readonly objects: readonly AnnotatedObject[];
}

/** A data set of annotated images. */
export interface AnnotatedImages {
  /** Labels of the images, or, for a layout that has none, names of the objects; in the data set's own order. */
  readonly classes: readonly string[];
  readonly images: readonly AnnotatedImage[];
  /** Images that were left out, and why; absent when there is none. */
  readonly notes?: readonly string[];
}

/**
 * Pixels of an image that belong to an object: its mask, else what its polygons enclose, else its box; clipped to the
 * image. The pixel (x, y) belongs to a polygon or a box when its centre does.
 *
 * @throws CamlabError when the mask is not of the image's size
 */
export function maskOfObject(object: AnnotatedObject, width: number, height: number): RunLengthMask {
  const { mask, polygons, box } = object;
  if (mask) return mask;
  if (polygons?.length) return maskOfPolygons(polygons, width, height);
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  return maskOfPolygons([[box.x, box.y, right, box.y, right, bottom, box.x, bottom]], width, height);
}

/**
 * An object of which the outline is known, with the box around it.
 *
 * @param corners at least one, in pixels of the image
 */
export function outlinedObject(name: string, corners: readonly (readonly [x: number, y: number])[]): AnnotatedObject {
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const box = { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
  return { name, box, polygons: [corners.flat()] };
}

/**
 * Labels images by what is in them: each gets the names of the groups that one of its objects belongs to. So object
 * annotations become image-level labels for a probe such as "images with kitchen things".
 *
 * @param groups object names by the name of the probe
 * @returns the images with `labels`, which may be empty, instead of `label`
 * @example
 * const images = labelByObjects((await readYolo("coco128")).images, { kitchen: ["oven", "sink", "refrigerator"] });
 */
export function labelByObjects(
  images: readonly AnnotatedImage[],
  groups: Readonly<Record<string, readonly string[]>>,
): AnnotatedImage[] {
  return images.map((image) => {
    const present = new Set(image.objects.map(({ name }) => name));
    const labels = Object.keys(groups).filter((group) => groups[group].some((name) => present.has(name)));
    return { ...image, label: undefined, labels };
  });
}

/**
 * Images with a split, by chance: the first share of a seeded shuffle is to train on, the rest to test.
 *
 * @example
 * splitByChance(images, { train: 0.5, seed: 1 });
 */
export function splitByChance<Item extends { readonly split?: Split }>(
  images: readonly Item[],
  { train = 0.5, seed = 0 }: { readonly train?: number; readonly seed?: number } = {},
): Item[] {
  const order = shuffled([...images.keys()], seededRandom(`split ${seed}`));
  const chosen = new Set(order.slice(0, Math.round(train * images.length)));
  return images.map((image, i) => ({ ...image, split: chosen.has(i) ? "train" : "test" }));
}
