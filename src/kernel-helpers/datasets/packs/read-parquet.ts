import type { PackedPicture, PictureSet } from "../../images/picture.js";
import { openParquet, type ParquetFile } from "../../images/packed/parquet-file.js";
import { check, optionNames } from "../../support/check.js";
import type { Reading } from "../files/reading.js";
import { splitIn } from "./archive-pictures.js";
import { type ParquetColumns, parquetColumns } from "./parquet-columns.js";
import { readEach } from "./read-each.js";
import { className } from "./sample-fields.js";

/** Which columns are meant, where that cannot be told. */
export interface ParquetOptions {
  /** The column of images; the one that the file's notes call so, else the first that looks like it. */
  readonly image?: string;
  /** The column of labels, of one or several a picture; the first with names of classes, else one called `label`. */
  readonly label?: string;
  /** The column of captions; one called `caption`, `captions`, `text` or the like. */
  readonly caption?: string;
}

const OPTIONS = optionNames<ParquetOptions>({ image: true, label: true, caption: true });

/**
 * Reads the pictures of Parquet files as Hugging Face's data sets are stored: a column of images, their bytes inside, and
 * beside it labels, whose names stand in the file's notes, or captions. Only labels and captions are read now; a
 * picture's bytes when its turn comes, with the rows around it. A split in a file's name (`train-00000-of-00004.parquet`)
 * is the pictures'; a label of −1 is none.
 *
 * @throws CamlabError when no file has a column of images
 * @example
 * const { classes, pictures } = await readers.readParquet("data/train-00000-of-00001.parquet");
 */
export async function readParquet(
  paths: string | readonly string[],
  options: ParquetOptions = {},
): Promise<PictureSet<PackedPicture>> {
  check.known(options, OPTIONS, "readParquet");
  const classes: string[] = [];
  return readEach("files", paths, classes, async (pack, { reading }) => {
    const file = await openParquet(pack);
    const columns = parquetColumns(file.metadata, options);
    for (const name of columns.classes ?? []) if (!classes.includes(name)) classes.push(name);
    return rowsOf(pack, file, columns, reading);
  });
}

async function rowsOf(
  pack: string,
  file: ParquetFile,
  columns: ParquetColumns,
  reading: Reading,
): Promise<PackedPicture[]> {
  const values = (column: string | undefined) => (column === undefined ? [] : file.values(column, 0, file.rows));
  const [labels, captions] = [await values(columns.label), await values(columns.caption)];
  const common = splitIn(pack);
  const tally = reading.countExtras("labels", pack);
  const digits = String(Math.max(file.rows - 1, 0)).length;
  return Array.from({ length: file.rows }, (_, row) => {
    const entry = `row ${String(row).padStart(digits, "0")}`;
    return {
      file: { kind: "row", pack, entry, column: columns.image, row },
      id: `${pack.replace(/^.*[/\\]/, "")} ${entry}`,
      ...common,
      ...tally.attempt(entry, () => labelFields(labels[row], columns.classes)),
      ...captionFields(captions[row]),
    };
  });
}

function labelFields(value: unknown, classes: readonly string[] | undefined): Pick<PackedPicture, "label" | "labels"> {
  if (value === null || value === undefined || value === "") return {};
  if (Array.isArray(value)) return { labels: value.map((one: unknown) => className(one, classes)) };
  if (typeof value === "boolean") return { label: String(value) };
  return Number(value) === -1 ? {} : { label: className(value, classes) };
}

function captionFields(value: unknown): Pick<PackedPicture, "captions"> {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  const captions = list.filter((one): one is string => typeof one === "string");
  return captions.length > 0 ? { captions } : {};
}
