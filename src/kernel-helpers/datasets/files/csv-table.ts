import { dirname } from "node:path";
import { readableName } from "../../images/files/readable-name.js";
import { type CsvRow, type CsvSeparator, csvRows, placeOf } from "../../support/files/csv.js";
import { check } from "../../support/check.js";
import { CamlabError } from "../../support/errors.js";
import { nearestNames } from "../../support/nearest-names.js";
import { notOfLayout } from "./layouts.js";
import { Reading, type Tally } from "./reading.js";
import { checkPath, readText } from "./read-text.js";

/** The columns of a table: what each may be called, the likeliest first, in small letters; those with `optional` may be missing. */
export type Columns<Name extends string> = Readonly<
  Record<Name, { readonly called: readonly string[]; readonly optional?: boolean }>
>;

/** A table with a header. */
export interface Table<Name extends string> {
  /** The fields of each row that is as long as the header, by column, without blanks around them. */
  readonly rows: readonly TableRow<Name>[];
  /** What the columns are called in the file. */
  readonly titles: Readonly<Record<Name, string | undefined>>;
  /** Counts the rows: those that are too short or too long were left out already, the others are the caller's to count. */
  readonly tally: Tally;
}

/** A table of images. */
export interface ImageTable<Name extends string> extends Table<Name> {
  /** The folder that paths are relative to. */
  readonly folder: string;
  readonly reading: Reading;
}

/** A row of a table. */
export interface TableRow<Name extends string> {
  /** "row 3", and its line where that is another. */
  readonly place: string;
  readonly field: Readonly<Record<Name, string>>;
}

/**
 * Reads a CSV list of images: as `readTable`, with the arguments of its reader checked.
 *
 * @throws CamlabError as `readTable` does, and for an option that is not known
 */
export async function readImageTable<Name extends string>(
  file: string,
  options: { readonly images?: string },
  columns: Columns<Name>,
  reader: string,
): Promise<ImageTable<Name>> {
  checkPath("file", file);
  check.known(options, ["images"], reader);
  const reading = new Reading();
  return { folder: options.images ?? dirname(file), reading, ...(await readTable(file, columns, reader, reading)) };
}

/**
 * Reads CSV with a header. Fields are separated by commas, or by semicolons, tabs or bars where the header is, or where a first
 * line `sep=;` says so; UTF-8 or UTF-16. Rows that are shorter or longer than the header are left out by name.
 *
 * @param reader the name of the reader, for the error
 * @throws CamlabError when the file cannot be read, a column is missing or a quote is not closed
 */
export async function readTable<Name extends string>(
  file: string,
  columns: Columns<Name>,
  reader: string,
  reading: Reading,
): Promise<Table<Name>> {
  const text = await readText(file, reading);
  const told = /^\uFEFF?sep=([,;\t|])\r?\n/i.exec(text);
  const body = told ? text.slice(told[0].length) : text;
  const names = Object.keys(columns) as Name[];
  const separators = told ? [told[1] as CsvSeparator] : SEPARATORS;
  const header = separators.map((separator) => headerOf(body, separator, columns)).find((found) => found !== undefined);
  if (!header) {
    const wanted = names
      .map((name) => (columns[name].optional ? `[,${name}]` : `,${name}`))
      .join("")
      .slice(1);
    throw await notOfLayout(file, reader, `needs a header with the columns ${wanted}`);
  }
  const [first, ...rows] = csvRows(body, file, header.separator);
  sayNearlyCalled(first.fields, columns, header.index, reading);
  const tally = reading.count("rows", file);
  let short = 0;
  const found = rows.flatMap((row, i) => {
    const place = placeOf(i + 2, row.line + (told ? 1 : 0));
    const wrong = wrongWith(row, first.fields.length, Math.max(...names.map((name) => header.index[name] ?? 0)));
    if (wrong !== undefined && row.hasLooseQuote) throw new CamlabError(`${readableName(file)}, ${place}: ${wrong}`);
    if (wrong !== undefined) {
      tally.leaveOut(place, wrong);
      return [];
    }
    if (row.fields.length < first.fields.length) short++;
    return [{ place, field: fieldsOf(row, names, header.index) }];
  });
  if (short > 0) reading.say(`${short} rows are shorter than the header`);
  const titles = Object.fromEntries(names.map((name) => [name, first.fields[header.index[name] ?? -1]?.trim()]));
  return { rows: found, titles: titles as Record<Name, string | undefined>, tally };
}

/** Other columns are left alone; one that is called nearly like a column that may be missing is likely to be meant for it. */
function sayNearlyCalled<Name extends string>(
  titles: readonly string[],
  columns: Columns<Name>,
  index: Header<Name>["index"],
  reading: Reading,
): void {
  const missing = (Object.keys(columns) as Name[]).filter((name) => index[name] === undefined);
  const read = new Set<number>(Object.values(index));
  for (const [i, title] of titles.entries()) {
    const [near] = read.has(i)
      ? []
      : nearestNames(
          title.trim(),
          missing.flatMap((name) => columns[name].called),
        );
    if (near !== undefined) reading.say(`the column ${JSON.stringify(title)} is not read: is "${near}" meant?`);
  }
}

const SEPARATORS: readonly CsvSeparator[] = [",", ";", "\t", "|"];

interface Header<Name extends string> {
  readonly separator: CsvSeparator;
  readonly index: Readonly<Partial<Record<Name, number>>>;
}

function headerOf<Name extends string>(
  text: string,
  separator: CsvSeparator,
  columns: Columns<Name>,
): Header<Name> | undefined {
  const line = text
    .replace(/^\uFEFF/, "")
    .trimStart()
    .split(/\r\n|\n|\r/, 1)[0];
  // The quotes of a header that is no CSV are none of a row's.
  if ((line.match(/"/g)?.length ?? 0) % 2 === 1) return undefined;
  const titles = (csvRows(line, "", separator)[0]?.fields ?? []).map((title) => title.trim().toLowerCase());
  const index: Partial<Record<Name, number>> = {};
  for (const name of Object.keys(columns) as Name[]) {
    const at = columns[name].called.map((called) => titles.indexOf(called)).find((found) => found >= 0);
    if (at !== undefined) index[name] = at;
    else if (!columns[name].optional) return undefined;
  }
  return { separator, index };
}

function wrongWith({ fields, hasLooseQuote }: CsvRow, columns: number, last: number): string | undefined {
  if (hasLooseQuote) return "text stands behind a closing quote: is a quote opened that is none, or never closed?";
  if (fields.length <= last) return `${fields.length} columns are too few`;
  if (fields.slice(columns).some((field) => field.trim() !== "")) {
    return `${fields.length} columns are more than the header's ${columns}: put fields that hold the separator in quotes`;
  }
  return undefined;
}

function fieldsOf<Name extends string>(
  { fields }: CsvRow,
  names: readonly Name[],
  index: Readonly<Partial<Record<Name, number>>>,
): Readonly<Record<Name, string>> {
  const entries = names.map((name) => [name, (fields[index[name] ?? -1] ?? "").trim()]);
  return Object.fromEntries(entries) as Record<Name, string>;
}
