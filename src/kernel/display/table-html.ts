import { inspect } from "node:util";
import { escapeHtml } from "../../kernel-helpers/support/escape.js";

/** What this file needs of an Arquero table. */
export interface TableLike {
  numRows(): number;
  numCols(): number;
  columnNames(): string[];
  indices(): ArrayLike<number>;
  getter(name: string): (row: number) => unknown;
}

const SHOWN = { rows: 50, columns: 20, characters: 200 };
/** Of the text: rows, characters of a line, and what a column is cut to at the least. */
const TEXT = { rows: 20, width: 160, narrowest: 24 };

/** Whether a value is an Arquero table, of whichever copy of Arquero. */
export function isTable(value: unknown): value is TableLike {
  if (value === null || typeof value !== "object") return false;
  const table = value as Record<string, unknown>;
  return ["numRows", "numCols", "columnNames", "indices", "getter"].every((name) => typeof table[name] === "function");
}

/**
 * The first rows of a table as HTML and as text, each with a line that says how many rows there are. Every name and
 * value is escaped.
 *
 * @param rows rows shown at most
 * @example
 * tableBundle(table({ class: ["dog", "cat"], score: [0.9, 0.1] }));
 */
export function tableBundle(table: TableLike, rows = SHOWN.rows): Record<string, string> {
  const count = table.numRows();
  const names = table.columnNames().slice(0, SHOWN.columns);
  const getters = names.map((name) => table.getter(name));
  const indices = Array.from({ length: Math.min(rows, count) }, (_, i) => i);
  const cells = indices.map((row) => getters.map((get) => get(row)));
  const note = noteOf(count, table.numCols(), cells.length, names.length);
  return { "text/html": html(names, cells, note), "text/plain": text(names, cells, note) };
}

function noteOf(rows: number, columns: number, rowsShown: number, columnsShown: number): string {
  const size = `${rows.toLocaleString("en")} row${rows === 1 ? "" : "s"} × ${columns} column${columns === 1 ? "" : "s"}`;
  const hidden = [
    ...(rowsShown < rows ? [`the first ${rowsShown} rows`] : []),
    ...(columnsShown < columns ? [`the first ${columnsShown} columns`] : []),
  ];
  return hidden.length ? `${size}; ${hidden.join(" and ")} shown` : size;
}

function html(names: readonly string[], cells: readonly unknown[][], note: string): string {
  const head = names.map((name) => `<th>${escapeHtml(name)}</th>`).join("");
  const body = cells.map((row) => `<tr>${row.map(htmlCell).join("")}</tr>`).join("\n");
  return `<table>\n<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table>\n<p>${escapeHtml(note)}</p>`;
}

function htmlCell(value: unknown): string {
  const align = typeof value === "number" || typeof value === "bigint" ? ' style="text-align:right"' : "";
  return `<td${align}>${escapeHtml(cellText(value))}</td>`;
}

function text(names: readonly string[], cells: readonly unknown[][], note: string): string {
  const whole = [[...names], ...cells.slice(0, TEXT.rows).map((row) => row.map((value) => oneLine(cellText(value))))];
  const limit = widthLimit(names.map((_, column) => Math.max(...whole.map((row) => row[column].length))));
  const rows = whole.map((row) => row.map((value) => cut(value, limit)));
  const widths = names.map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  let width = 0;
  const fitting = widths.filter((each) => (width += each + 2) <= TEXT.width).length;
  const shown = Math.max(1, fitting);
  const lines = rows.map((row) =>
    [
      ...row.slice(0, shown).map((value, column) => value.padEnd(widths[column])),
      ...(shown < names.length ? ["…"] : []),
    ]
      .join("  ")
      .trimEnd(),
  );
  return [...lines, ...(cells.length > TEXT.rows ? ["…"] : []), note].join("\n");
}

/** The width to which wide columns are cut so that all fit in a line, if they can. */
function widthLimit(widths: readonly number[]): number {
  let limit = TEXT.width;
  while (limit > TEXT.narrowest && widths.reduce((sum, width) => sum + Math.min(width, limit) + 2, 0) > TEXT.width)
    limit--;
  return limit;
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

function cellText(value: unknown): string {
  return cut(plainText(value), SHOWN.characters);
}

function plainText(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid date" : value.toISOString();
  if (typeof value === "string") return value;
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${value.byteLength} bytes)`;
  return inspect(value, { depth: 2, breakLength: Infinity });
}

function oneLine(value: string): string {
  return value.replace(/\s+/g, " ");
}
