import { basename } from "node:path";
import type { PictureSet, StoredPicture } from "../../images/picture.js";
import { check } from "../../support/check.js";
import { sayIfMissing } from "../files/image-path.js";
import { Reading } from "../files/reading.js";
import { readCocoFiles } from "../objects/coco/coco-files.js";
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
 * @returns a picture's id is the name of its file, with its folders where another has that name; captions of unknown
 * images, or that are no text, are left out, and named in the notes
 * @throws CamlabError when the file is not of that layout, or nothing in it can be used
 * @example
 * const set = readers.joinSets(
 *   await readers.readCocoCaptions("captions_train2017.json", { images: "train2017", split: "train" }),
 *   await readers.readCocoCaptions("captions_val2017.json", { images: "val2017", split: "test" }),
 * );
 */
export async function readCocoCaptions(
  file: string,
  options: CocoCaptionsOptions = {},
): Promise<PictureSet<StoredPicture>> {
  const { split, images } = check.known(options, ["images", "split"], "readCocoCaptions");
  const reading = new Reading();
  const read = await readCocoFiles([file], { images, reader: "readCocoCaptions", needsSizes: false }, reading);
  const counts = new Map<string, number>();
  for (const { file: path } of read.pictures) counts.set(basename(path), (counts.get(basename(path)) ?? 0) + 1);
  const pictures = read.pictures.map(({ file: path, name, captions }) => ({
    file: path,
    id: counts.get(basename(path)) === 1 ? basename(path) : name,
    captions,
    ...(split && { split }),
  }));
  sayIfMissing(reading, pictures, "say where they are with { images }");
  return reading.set([], pictures, file);
}
