import type { AnnotatedPicture, PictureSet } from "../../../images/picture.js";
import { check } from "../../../support/check.js";
import { sayIfMissing } from "../../files/image-path.js";
import { Reading } from "../../files/reading.js";
import { readCocoFiles } from "./coco-files.js";

/** Where the images of COCO's files are. */
export interface CocoOptions {
  /** The folder of the images; that of the file that names them unless given. */
  readonly images?: string;
}

/**
 * Reads COCO's instances or captions (2014, 2017), or both together: polygons, run-length masks as numbers or as text,
 * crowds. LVIS, and what other programs export in this form, are read, too: images named by `coco_url`, flat outlines,
 * boxes that must be taken from the outline, numbers as text, NaN.
 *
 * Images of several files are the same when their paths are: files that count their images and categories from 1 each do
 * not mix.
 *
 * @param files one file or several, e.g. instances and captions, or the parts of a set
 * @returns classes are category names in the order of the files, none for captions; a picture's id is COCO's number of
 * it, with the name of the file's folder where another picture has that number. Annotations that cannot be used, or are
 * of unknown images or categories, are left out, and named in the notes
 * @throws CamlabError when a file is not of that layout, or nothing in it can be used
 * @example
 * const { classes, pictures } = await readers.readCoco(["instances_val2017.json", "captions_val2017.json"], { images: "val2017" });
 */
export async function readCoco(
  files: string | readonly string[],
  options: CocoOptions = {},
): Promise<PictureSet<AnnotatedPicture>> {
  check.known(options, ["images"], "readCoco");
  const reading = new Reading();
  const list = typeof files === "string" ? [files] : files;
  const { classes, pictures } = await readCocoFiles(
    list,
    { ...options, reader: "readCoco", needsSizes: true },
    reading,
  );
  sayIfMissing(reading, pictures, "say where they are with { images }");
  // They were asked for with sizes.
  const sized = pictures.map(({ name: _, ...picture }) => picture as AnnotatedPicture);
  return reading.set(classes, sized, list.join(" and "));
}
