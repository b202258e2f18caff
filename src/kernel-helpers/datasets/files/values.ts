/** An object of a JSON file, its fields unknown. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is an object of JSON, and no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A finite number, or a text that is nothing but one, as a number. Nothing else is: an empty text is not 0.
 *
 * @example
 * numberOf(" 3.5 "); // 3.5
 */
export function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string" || !NUMBER.test(value)) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** As many finite numbers as there are values; undefined when one is none. */
export function numbersOf(values: unknown): number[] | undefined {
  if (!Array.isArray(values)) return undefined;
  const numbers = values.map(numberOf);
  return numbers.every((number) => number !== undefined) ? numbers : undefined;
}

/** A number or a text as the key of a record, equal whether written 7 or "7". */
export function keyOf(value: unknown): string | undefined {
  if (typeof value === "string") return value.trim() === "" ? undefined : value;
  return typeof value === "number" && Number.isFinite(value) ? String(value) : undefined;
}

/** A value as a message shows it: short, and on one line. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\s*$/i;
