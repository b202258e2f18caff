import { csvRows, type CsvSeparator } from "../../support/files/csv.js";
import { byIndex, type FoundNames } from "./names-in-json.js";

const NAME_COLUMNS = ["display_name", "name", "class_name", "classname", "class", "label", "category", "title", "text"];
const INDEX_COLUMNS = [
  "index",
  "idx",
  "class_index",
  "class_idx",
  "class_id",
  "classid",
  "label_id",
  "id",
  "label",
  "",
];
const WORDNET_ID = /^n\d{8}$/;

/**
 * Class names in a table with a header that names their column, or, when `table` says that the file is one, in the first
 * column that holds neither numbers nor WordNet ids. Undefined for other files.
 */
export function namesInTable(text: string, table: boolean): FoundNames | undefined {
  const first = text.slice(0, /[\r\n]/.exec(text)?.index ?? text.length);
  const separator = (["\t", ";", ","] as const).find((candidate) => first.includes(candidate));
  const header = (separator === undefined ? [first] : first.split(separator)).map(plain);
  const named = header.some((cell) => NAME_COLUMNS.includes(cell));
  const headed = named && (table || (header.length > 1 && header.some((cell) => INDEX_COLUMNS.includes(cell))));
  if (!headed && !table) return undefined;
  const rows = rowsOf(text, separator ?? ",");
  if (rows === undefined) return { wrong: "a quote in it is never closed" };
  const body = headed ? rows.slice(1) : rows;
  const width = body.reduce((most, row) => Math.max(most, row.length), 0);
  const uneven = body.findIndex((row) => row.length !== width);
  // Without quotes and without a header a comma may belong to a name.
  if (uneven >= 0 && !headed) return undefined;
  if (uneven >= 0) return { wrong: `row ${uneven + 1} has ${body[uneven].length} of ${width} cells` };
  const isText = (cell: string) => !/^\d*$/.test(cell.trim()) && !WORDNET_ID.test(cell.trim());
  // A single row of names alone is the list, not its first column.
  if (!headed && body.length === 1 && width > 1 && body[0].every(isText)) return { names: body[0] };
  const columns = Array.from({ length: width }, (_, i) => body.map((row) => row[i].trim()));
  const names = nameColumn(columns, headed ? header : []);
  if (names < 0) return { wrong: "no column of it holds names" };
  const indices = indexColumn(columns, headed ? header : [], names);
  if (indices < 0) return { names: columns[names] };
  return byIndex(columns[names].map((name, i) => [Number(columns[indices][i]), name]));
}

function nameColumn(columns: readonly (readonly string[])[], header: readonly string[]): number {
  const told = NAME_COLUMNS.map((name) => header.indexOf(name)).filter((i) => i >= 0);
  const text = (i: number) => columns[i]?.some((cell) => !/^\d+$/.test(cell) && !WORDNET_ID.test(cell)) ?? false;
  return told.find(text) ?? columns.findIndex((_, i) => text(i));
}

function indexColumn(columns: readonly (readonly string[])[], header: readonly string[], names: number): number {
  const whole = (i: number) => i !== names && columns[i].every((cell) => /^\d{1,9}$/.test(cell));
  const told = INDEX_COLUMNS.map((name) => header.indexOf(name)).find((i) => i >= 0 && whole(i));
  if (told !== undefined) return told;
  return header.length > 0 ? -1 : columns.findIndex((_, i) => whole(i));
}

/** The cells of a table; undefined when a quote stays open. Empty rows are left out. */
function rowsOf(text: string, separator: CsvSeparator): string[][] | undefined {
  try {
    const rows = csvRows(text, "the table", separator).map(({ fields }) => [...fields]);
    return rows.filter((row) => row.length > 1 || row[0].trim() !== "");
  } catch {
    return undefined;
  }
}

function plain(cell: string): string {
  return cell.trim().replace(/^"|"$/g, "").trim().toLowerCase().replace(/[ -]/g, "_");
}
