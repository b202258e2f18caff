import { dirname, isAbsolute, join } from "node:path";
import { parseCsv } from "../../support/csv.js";
import { CamlabError } from "../../support/errors.js";
import type { PictureSet, StoredPicture } from "../../images/picture.js";
import { splitOf } from "../sets/split.js";
import { readText } from "../files/text-lines.js";

/**
 * Reads captions as CSV with a header: `image,caption[,split]`, one caption a row and as many rows an image as it has
 * captions (the layout in which Flickr8k is passed on). Any other columns are left alone.
 *
 * @param options.images the folder that the paths are relative to; the list's own unless given
 * @returns pictures in the order in which they first occur
 * @throws CamlabError when a column is missing, a row is short, a split is not train, val or test, or one image is in two splits
 * @example
 * const { pictures } = await readCaptionsCsv("captions.txt", { images: "Images" });
 */
export async function readCaptionsCsv(
  file: string,
  options: { readonly images?: string } = {},
): Promise<PictureSet<StoredPicture>> {
  const [header = [], ...rows] = parseCsv(await readText(file), file);
  const column = (...wanted: string[]) => header.findIndex((name) => wanted.includes(name.trim().toLowerCase()));
  const [image, caption, split] = [column("image", "file"), column("caption", "captions"), column("split")];
  if (image < 0 || caption < 0) throw new CamlabError(`${file} needs a header with the columns image,caption[,split]`);
  const folder = options.images ?? dirname(file);
  const found = new Map<string, StoredPicture & { captions: string[] }>();
  rows.forEach((row, i) => {
    const at = `${file}, row ${i + 2}`;
    if (row.length <= Math.max(image, caption)) throw new CamlabError(`${at}: ${row.length} columns are too few`);
    const id = row[image];
    const part = split >= 0 && row[split] ? splitOf(row[split], at) : undefined;
    const known = found.get(id);
    if (known && known.split !== part) {
      throw new CamlabError(`${at}: ${id} is ${part ?? "of no split"} here, but ${known.split ?? "of none"} before`);
    }
    const path = isAbsolute(id) ? id : join(folder, id);
    const entry = known ?? { file: path, id, captions: [], ...(part && { split: part }) };
    if (row[caption].trim()) entry.captions.push(row[caption].trim());
    found.set(id, entry);
  });
  return { classes: [], pictures: [...found.values()] };
}
