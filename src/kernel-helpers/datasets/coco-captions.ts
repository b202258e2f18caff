import { basename } from "node:path";
import type { CaptionedImage } from "./captioned-image.js";
import { readCoco } from "./coco.js";
import type { Split } from "./labelled-image.js";

/** Where the images of a file of captions are, and what they are for. */
export interface CocoCaptionsOptions {
  /** The folder of the images; the folder of the file unless given. */
  readonly images?: string;
  /** What all images of the file are for: COCO has one file a split. */
  readonly split?: Split;
}

/**
 * Reads COCO's captions as distributed (2014, 2017): one image with all its captions each. Images that no caption
 * speaks of are kept, with an empty list.
 *
 * @throws CamlabError when the file is not of that layout, or a caption is of an image that is not listed
 * @example
 * const images = [
 *   ...(await readCocoCaptions("captions_train2017.json", { images: "train2017", split: "train" })),
 *   ...(await readCocoCaptions("captions_val2017.json", { images: "val2017", split: "test" })),
 * ];
 */
export async function readCocoCaptions(file: string, options: CocoCaptionsOptions = {}): Promise<CaptionedImage[]> {
  const { images } = await readCoco(file, { images: options.images });
  const { split } = options;
  return images.map((image) => ({
    file: image.file,
    id: basename(image.file),
    captions: image.captions,
    ...(split && { split }),
  }));
}
