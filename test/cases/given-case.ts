import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CamlabError } from "../../src/kernel-helpers/support/errors.js";

/** A folder of inputs on which a program was wrong, with the right value. */
export interface GivenCase {
  readonly folder: string;
  readonly expected: unknown;
  /** A path within the case's folder. */
  readonly path: (...names: string[]) => string;
}

/** How the cases of some kind are tried: each takes its case and a scratch folder, and throws where it is not met. */
export type CaseChecks = Readonly<Record<string, (given: GivenCase, scratch: string) => Promise<void>>>;

/** Where the cases lie; nothing where there are none. */
export function caseRoot(): string | undefined {
  const { CAMLAB_REAL: real } = process.env;
  if (!real) return undefined;
  const folder = join(real, "cases");
  return existsSync(folder) ? folder : undefined;
}

/** A case by its folder's name. */
export function givenCase(root: string, name: string): GivenCase {
  const folder = join(root, name);
  const file = join(folder, "expected.json");
  const expected = existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as { expected: unknown }).expected
    : undefined;
  return { folder, expected, path: (...names) => join(folder, ...names) };
}

/** One of two right values, as an `expected.json` names them. */
export function either<T>(expected: unknown): T {
  return (expected as { either: T }).either;
}

/** Whether a value is the expected one; numbers to five digits, as the cases are written. */
export function near(actual: ArrayLike<number>, expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, i) => assert.ok(Math.abs(actual[i] - value) < 2e-5, `${actual[i]} is not ${value}`));
}

/** The error of a work that must fail, which is one for people: of the project's own kind, on one page, about `pattern`. */
export async function refused(work: () => unknown, pattern: RegExp): Promise<void> {
  let error: unknown;
  try {
    await work();
  } catch (thrown) {
    error = thrown;
  }
  assert.ok(error instanceof CamlabError, `no CamlabError but ${String(error)}`);
  assert.match(error.message, pattern);
}
