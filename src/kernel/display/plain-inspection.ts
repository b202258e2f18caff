import { inspect } from "node:util";

/** What Node notes on promises and timers for the sake of async hooks, by the names of the symbols. */
const NOTES = new Set(["async_id_symbol", "trigger_async_id_symbol", "asyncId", "triggerId", "kResourceStore"]);

type Inspected = object & { [inspect.custom]?: (...values: unknown[]) => unknown };

/**
 * Makes `console.log` and values show promises and timers as they would be shown outside of a notebook. The kernel follows
 * which code belongs to which cell, and Node notes that on each of them, in a dozen lines.
 */
export function hideAsyncNotes(): void {
  const timer = setTimeout(() => undefined, 0);
  const immediate = setImmediate(() => undefined);
  for (const shape of [
    Promise.prototype,
    Object.getPrototypeOf(timer),
    Object.getPrototypeOf(immediate),
  ] as Inspected[]) {
    const own = shape[inspect.custom];
    Object.defineProperty(shape, inspect.custom, {
      configurable: true,
      writable: true,
      value(this: object, ...values: unknown[]) {
        hideNotes(this);
        // "No other form than the usual one."
        return own ? own.apply(this, values) : this;
      },
    });
  }
  clearTimeout(timer);
  clearImmediate(immediate);
}

function hideNotes(value: object): void {
  for (const symbol of Object.getOwnPropertySymbols(value)) {
    if (symbol.description === undefined || !NOTES.has(symbol.description)) continue;
    const property = Object.getOwnPropertyDescriptor(value, symbol);
    if (property?.configurable && property.enumerable)
      Object.defineProperty(value, symbol, { ...property, enumerable: false });
  }
}

/** What to do about promises that nobody waited for, when a value is one or holds some at its top. */
export function promiseHint(value: unknown): string | undefined {
  if (value instanceof Promise) return "this is a promise: `await` it for its value";
  if (Array.isArray(value)) {
    const count = value.filter((each) => each instanceof Promise).length;
    if (count)
      return `${count === 1 ? "this holds a promise" : `these are ${count} promises`}: \`await Promise.all(…)\` gives the values`;
  } else if (isPlain(value) && Object.values(value).some((each) => each instanceof Promise)) {
    return "this holds a promise: `await` it for its value";
  }
  return undefined;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype;
}
