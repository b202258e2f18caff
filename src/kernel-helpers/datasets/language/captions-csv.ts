import type { PictureSet, StoredPicture } from "../../images/picture.js";
import { CamlabError } from "../../support/errors.js";
import { type Columns, readImageTable } from "../files/csv-table.js";
import { imagePath, sayIfMissing } from "../files/image-path.js";
import { splitOf } from "../sets/split.js";

const COLUMNS = {
  image: { called: ["image", "file", "filename", "file_name", "image_name"] },
  caption: { called: ["caption", "captions", "comment"] },
  split: { called: ["split"], optional: true },
} satisfies Columns<string>;

/**
 * Reads captions as CSV with a header: `image,caption[,split]`, one caption a row and as many rows an image as it has
 * captions (the layout in which Flickr8k is passed on). Any other columns are left alone.
 *
 * @param options.images the folder that the paths are relative to; the list's own unless given
 * @returns pictures in the order in which they first occur; rows that cannot be used, and those that put a picture into a
 * second split, are left out, and named in the notes
 * @throws CamlabError when a column is missing, a quote is not closed, or no row can be used
 * @example
 * const { pictures } = await readers.readCaptionsCsv("captions.txt", { images: "Images" });
 */
export async function readCaptionsCsv(
  file: string,
  options: { readonly images?: string } = {},
): Promise<PictureSet<StoredPicture>> {
  const { rows, tally, folder, reading } = await readImageTable(file, options, COLUMNS, "readCaptionsCsv");
  const found = new Map<string, StoredPicture & { captions: string[] }>();
  for (const { place, field } of rows) {
    const { image, caption, split } = field;
    tally.attempt(place, () => {
      if (image === "") throw new CamlabError("it names no image");
      const part = split === "" ? undefined : splitOf(split);
      const known = found.get(image);
      if (known && known.split !== part) {
        throw new CamlabError(`${image} is ${part ?? "of no split"} here, but ${known.split ?? "of none"} before`);
      }
      const entry = known ?? { file: imagePath(folder, image), id: image, captions: [], ...(part && { split: part }) };
      if (caption) entry.captions.push(caption);
      found.set(image, entry);
    });
  }
  const pictures = [...found.values()];
  sayIfMissing(reading, pictures, "say where they are with { images }");
  return reading.set([], pictures, file);
}
