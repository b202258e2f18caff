import { CamlabError } from "../errors.js";
import { printable } from "../escape.js";

/** What a field of a CSV file can be written from; what is absent becomes an empty field. */
export type CsvValue = string | number | boolean | null | undefined;

/** A row of a CSV text, and where it stands. */
export interface CsvRow {
  readonly fields: readonly string[];
  /** The line that it begins in, from 1. */
  readonly line: number;
  /** Whether something stands between a closing quote and the end of its field: most often a quote that was meant as inches. */
  readonly hasLooseQuote: boolean;
}

/**
 * The rows of a CSV text (RFC 4180): quoted fields may hold commas, line breaks and doubled quotes. Lines end in any of
 * the three ways; a byte-order mark in front and empty lines are passed over.
 *
 * @param name what the text is called in an error
 * @throws CamlabError naming the line of a quote that is never closed
 * @example
 * parseCsv('a,"b, c"\n'); // [["a", "b, c"]]
 */
export function parseCsv(text: string, name = "the CSV text"): string[][] {
  return csvRows(text, name).map(({ fields }) => [...fields]);
}

/**
 * As `parseCsv`, with the line of each row.
 *
 * @param separator what stands between fields: a comma, or one of those that spreadsheets write instead
 * @throws CamlabError naming the line of a quote that is never closed
 * @example
 * csvRows("a;b\n", "list.csv", ";"); // [{ fields: ["a", "b"], line: 1, hasLooseQuote: false }]
 */
export function csvRows(text: string, name: string, separator: CsvSeparator = ","): CsvRow[] {
  const rows: CsvRow[] = [];
  let fields: string[] = [];
  let at = text.startsWith("\uFEFF") ? 1 : 0;
  let line = 1;
  let begin = 1;
  let hasLooseQuote = false;
  while (at < text.length) {
    let field = "";
    let isQuoted = false;
    if (text[at] === '"') {
      isQuoted = true;
      const quoted = quotedField(text, at);
      if (!quoted) {
        throw new CamlabError(
          `${printable(name)}, ${placeOf(rows.length + 1, line)}: a quote is opened and never closed`,
        );
      }
      line += quoted.field.match(/\r\n|\r|\n/g)?.length ?? 0;
      field = quoted.field;
      at = quoted.end;
    }
    const end = endOfField(text, at, separator);
    hasLooseQuote ||= isQuoted && end > at;
    field += text.slice(at, end);
    fields.push(field);
    at = end + 1;
    if (text[end] === separator) {
      // A separator at the very end has an empty field behind it.
      if (at >= text.length) fields.push("");
      else continue;
    }
    if (fields.length > 1 || field !== "" || isQuoted) rows.push({ fields, line: begin, hasLooseQuote });
    [fields, hasLooseQuote] = [[], false];
    begin = ++line;
    if (text[end] === "\r" && text[at] === "\n") at++;
  }
  return rows;
}

/** What stands between the fields of a row. */
export type CsvSeparator = "," | ";" | "\t" | "|";

/** "row 3", and its line where that is another. */
export function placeOf(row: number, line: number): string {
  return row === line ? `row ${row}` : `row ${row}, line ${line}`;
}

/**
 * A field as CSV holds it: in quotes where it must be.
 *
 * @example
 * csvField('say "hi"'); // "say ""hi"""
 */
export function csvField(value: CsvValue): string {
  const text = String(value ?? "");
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A row as a line of CSV, with its line break.
 *
 * @example
 * csvLine(["a, b", 1]); // "a, b",1
 */
export function csvLine(values: readonly CsvValue[]): string {
  // A row of one empty field would be an empty line.
  if (values.length === 1 && (values[0] ?? "") === "") return '""\n';
  return `${values.map(csvField).join(",")}\n`;
}

/**
 * Rows as CSV text that `parseCsv` reads back.
 *
 * @example
 * csvText([["image", "label"], ["a.jpg", "cat"]]);
 */
export function csvText(rows: Iterable<readonly CsvValue[]>): string {
  return Array.from(rows, csvLine).join("");
}

/** A field from its opening quote on, and where what follows the closing one begins. */
function quotedField(text: string, start: number): { field: string; end: number } | undefined {
  let field = "";
  for (let at = start + 1; ;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return undefined;
    field += text.slice(at, quote);
    if (text[quote + 1] !== '"') return { field, end: quote + 1 };
    field += '"';
    at = quote + 2;
  }
}

function endOfField(text: string, start: number, separator: CsvSeparator): number {
  let at = start;
  while (at < text.length && text[at] !== separator && text[at] !== "\n" && text[at] !== "\r") at++;
  return at;
}
