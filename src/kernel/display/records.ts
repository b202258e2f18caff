import type { TableLike } from "./table-html.js";
import { DISPLAY } from "./display-method.js";

/** Records that are looked at to say whether a list is a table. */
const LOOKED_AT = 1000;

/**
 * A list of like objects as a table: two or more plain objects, of which each has most of the names that any has. Undefined
 * for other values.
 *
 * @example
 * recordsTable([{ name: "dog", score: 0.9 }, { name: "cat", score: 0.1 }])?.columnNames(); // ["name", "score"]
 */
export function recordsTable(value: unknown): TableLike | undefined {
  if (!Array.isArray(value) || value.length < 2) return undefined;
  const list = value as unknown[];
  const looked = list.length > LOOKED_AT ? list.slice(0, LOOKED_AT) : list;
  if (!looked.every(isRecord)) return undefined;
  const names = [...new Set(looked.flatMap((record) => Object.keys(record)))];
  if (!names.length || looked.some((record) => Object.keys(record).length * 2 <= names.length)) return undefined;
  // Objects of objects say more as text.
  if (!names.some((name) => looked.some((record) => isScalar(record[name])))) return undefined;
  return {
    numRows: () => list.length,
    numCols: () => names.length,
    columnNames: () => names,
    indices: () => list.map((_, index) => index),
    getter: (name) => (row) => (list[row] as Record<string, unknown> | null | undefined)?.[name],
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== "object") return false;
  const shape: unknown = Object.getPrototypeOf(value);
  // An object of another realm has that realm's `Object.prototype`, which has no prototype either.
  const isPlain = shape === null || Object.getPrototypeOf(shape) === null;
  return isPlain && !(DISPLAY in value);
}

function isScalar(value: unknown): boolean {
  return value !== undefined && (value === null || (typeof value !== "object" && typeof value !== "function"));
}
