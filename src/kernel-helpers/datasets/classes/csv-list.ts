import { labelsOf, type PictureSet, type StoredPicture } from "../../images/picture.js";
import { CamlabError } from "../../support/errors.js";
import { type Columns, readImageTable } from "../files/csv-table.js";
import { imagePath, sayIfMissing } from "../files/image-path.js";
import type { Reading } from "../files/reading.js";
import { splitOf } from "../sets/split.js";

/** Where the images of a list are. */
export interface CsvListOptions {
  /** The folder that the paths are relative to; the list's own unless given. */
  readonly images?: string;
}

const COLUMNS = {
  image: { called: ["image", "file", "filename", "file_name", "path", "image_path"] },
  label: { called: ["label", "labels", "class", "classes"] },
  split: { called: ["split"], optional: true },
} satisfies Columns<string>;

/**
 * Reads a list of images as CSV with a header: `image,label[,split]`, where several labels are separated by `|`. Paths
 * are relative to the list. An empty label is none. Any other columns are left alone; quotes are as spreadsheets write
 * them, and so are semicolons or tabs instead of commas.
 *
 * @returns in the list's order; rows that cannot be used are left out, and named in the notes
 * @throws CamlabError when a column is missing, a quote is not closed, or no row can be used
 * @example
 * const { pictures } = await readers.readCsvList("labels.csv");
 */
export async function readCsvList(file: string, options: CsvListOptions = {}): Promise<PictureSet<StoredPicture>> {
  const { rows, titles, tally, folder, reading } = await readImageTable(file, options, COLUMNS, "readCsvList");
  const several = rows.some(({ field }) => field.label.includes("|")) || /labels|classes/i.test(titles.label ?? "");
  const pictures = rows.flatMap(({ place, field }): StoredPicture[] => {
    const { image, label, split } = field;
    const picture = tally.attempt(place, () => {
      if (image === "") throw new CamlabError("it names no image");
      if (/[\r\n]/.test(image + label)) throw new CamlabError("a line break stands in it: is a quote not closed?");
      const labels = label.split("|").map((name) => name.trim());
      return {
        file: imagePath(folder, image),
        id: image,
        ...(several ? { labels: [...new Set(labels)].filter(Boolean) } : label !== "" && { label }),
        ...(split !== "" && { split: splitOf(split) }),
      };
    });
    return picture ? [picture] : [];
  });
  sayRepeated(pictures, reading);
  sayIfMissing(reading, pictures, "say where they are with { images }");
  return reading.set([...new Set(pictures.flatMap(labelsOf))].sort(), pictures, file);
}

/** A picture that is listed twice is two; in two splits it would be tested on after it was learned. */
function sayRepeated(pictures: readonly StoredPicture[], reading: Reading): void {
  const places = new Map<string, Set<string | undefined>>();
  for (const { file, split } of pictures) {
    const known = places.get(file);
    if (known) reading.sayOf(known.has(split) ? "listed more than once" : "listed in more than one split", file);
    places.set(file, new Set([...(known ?? []), split]));
  }
}
