import { dirname, isAbsolute, join } from "node:path";
import { parseCsv } from "../../support/csv.js";
import { CamlabError } from "../../support/errors.js";
import type { PictureSet, StoredPicture } from "../../images/picture.js";
import { splitOf } from "../sets/split.js";
import { readText } from "../files/text-lines.js";

/**
 * Reads a list of images as CSV with a header: `image,label[,split]`, where several labels are separated by `|`. Paths
 * are relative to the list. An empty label is none. Any other columns are left alone; quotes are as spreadsheets write them.
 *
 * @throws CamlabError when a column is missing, a row is short, or a split is not train, val or test
 * @example
 * const { pictures } = await readCsvList("labels.csv");
 */
export async function readCsvList(file: string): Promise<PictureSet<StoredPicture>> {
  const [header, ...rows] = parseCsv(await readText(file), file);
  const column = (...wanted: string[]) =>
    (header ?? []).findIndex((name) => wanted.includes(name.trim().toLowerCase()));
  const [image, label, split] = [column("image", "file"), column("label", "labels", "class"), column("split")];
  if (image < 0 || label < 0) throw new CamlabError(`${file} needs a header with the columns image,label[,split]`);
  const several = rows.some((row) => row[label]?.includes("|")) || /labels/i.test(header[label]);
  const pictures = rows.map((row, i): StoredPicture => {
    if (row.length <= Math.max(image, label))
      throw new CamlabError(`${file}, row ${i + 2}: ${row.length} columns are too few`);
    const names = row[label].split("|").filter(Boolean);
    return {
      file: isAbsolute(row[image]) ? row[image] : join(dirname(file), row[image]),
      id: row[image],
      ...(several ? { labels: names } : row[label] !== "" && { label: row[label] }),
      ...(split >= 0 && row[split] && { split: splitOf(row[split], `${file}, row ${i + 2}`) }),
    };
  });
  const found = pictures.flatMap((item) => item.labels ?? (item.label === undefined ? [] : [item.label]));
  return { classes: [...new Set(found)].sort(), pictures };
}
