import { basename } from "node:path";
import type { PictureSet, StoredPicture } from "../../images/picture.js";
import { readCoco } from "../objects/coco.js";
import type { Split } from "../sets/split.js";

/** Where the images of a file of captions are, and what they are for. */
export interface CocoCaptionsOptions {
  /** The folder of the images; the folder of the file unless given. */
  readonly images?: string;
  /** What all images of the file are for: COCO has one file a split. */
  readonly split?: Split;
}

/**
 * Reads COCO's captions as distributed (2014, 2017): one picture with all its captions each. Pictures that no caption
 * speaks of are kept, with an empty list.
 *
 * @throws CamlabError when the file is not of that layout, or a caption is of an image that is not listed
 * @example
 * const set = joinSets(
 *   await readCocoCaptions("captions_train2017.json", { images: "train2017", split: "train" }),
 *   await readCocoCaptions("captions_val2017.json", { images: "val2017", split: "test" }),
 * );
 */
export async function readCocoCaptions(
  file: string,
  options: CocoCaptionsOptions = {},
): Promise<PictureSet<StoredPicture>> {
  const { pictures } = await readCoco(file, { images: options.images });
  const { split } = options;
  const captioned = pictures.map(({ file: path, captions }) => ({
    file: path,
    id: basename(path),
    captions,
    ...(split && { split }),
  }));
  return { classes: [], pictures: captioned };
}
