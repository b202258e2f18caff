import { CamlabError } from "../../support/errors.js";

/** An object of a JSON file. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object; none where it is something else. */
export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {};
}

/** Whether a value is an object with fields. */
export function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value as a list; empty where it is something else. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** A text field, or `usual`. */
export function textIn(fields: Fields, name: string, usual: string): string {
  const value = fields[name];
  return typeof value === "string" ? value : usual;
}

/** A number field, or `usual`. */
export function numberIn(fields: Fields, name: string, usual: number): number {
  const value = fields[name];
  return typeof value === "number" ? value : usual;
}

/** A field that is true or false, or `usual`. */
export function flagIn(fields: Fields, name: string, usual: boolean): boolean {
  const value = fields[name];
  return typeof value === "boolean" ? value : usual;
}

/**
 * Rows and columns: one number for both, or two.
 *
 * @throws CamlabError when it is neither, or a number is no whole number from `least`
 */
export function pairIn(fields: Fields, name: string, usual?: number, least = 1): [number, number] {
  const value = fields[name] ?? usual;
  const pair = Array.isArray(value) ? (value as unknown[]) : [value, value];
  const isSize = (side: unknown): side is number =>
    Number.isSafeInteger(side) && (side as number) >= least && (side as number) < 2 ** 16;
  const [rows, columns] = pair;
  if (pair.length === 2 && isSize(rows) && isSize(columns)) return [rows, columns];
  throw new CamlabError(`${name} is ${JSON.stringify(value)}, two whole numbers from ${least} are needed`);
}

/** What a layer is called. */
export function layerName(layer: Fields): string {
  return (
    textIn(fieldsOf(layer.config), "name", "") || textIn(layer, "name", "") || textIn(layer, "class_name", "layer")
  );
}
