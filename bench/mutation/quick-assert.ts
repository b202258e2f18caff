// Assertions that fail at once: what they would say is read by nobody, and Node takes up to minutes to word some of it.
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";

/** Replaces the plain comparisons of `node:assert/strict` by ones that fail without a description. */
export function failQuickly(): void {
  const failed = (message: unknown, usual: string) => {
    if (message instanceof Error) throw message;
    throw new assert.AssertionError({ message: typeof message === "string" ? message : usual });
  };
  const comparing = (holds: (actual: unknown, expected: unknown) => boolean, usual: string) => {
    return (actual: unknown, expected: unknown, message?: unknown) => {
      if (!holds(actual, expected)) failed(message, usual);
    };
  };
  const same = comparing(Object.is, "not the same");
  const alike = comparing(isDeepStrictEqual, "not alike");
  Object.assign(assert, {
    ok: (value: unknown, message?: unknown) => {
      if (!value) failed(message, "not so");
    },
    equal: same,
    strictEqual: same,
    deepEqual: alike,
    deepStrictEqual: alike,
  });
}
