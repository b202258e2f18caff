import type { AnnotatedImages } from "../kernel-helpers/datasets/annotated-image.js";
import type { WorldDataset } from "./world-dataset.js";

/**
 * Drawn pictures with their objects and masks, as the readers of annotated data sets give theirs.
 *
 * @example
 * const { images } = annotatedWorld(await worldDataset("scenes", { train: 500, test: 250 }));
 * const found = await informativeObjects(network, images);
 */
export function annotatedWorld({ classes, images, records }: WorldDataset): AnnotatedImages {
  return {
    classes,
    images: images.map((image, i) => {
      const { width, height, objects } = records[i];
      return { ...image, width, height, objects };
    }),
  };
}
