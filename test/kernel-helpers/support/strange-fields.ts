import assert from "node:assert/strict";
import { CamlabError } from "../../../src/kernel-helpers/support/errors.js";

/** What JSON may hold where something else is wanted. */
const STRANGE = [undefined, null, true, -1.5, "text", [], {}, [null], [[]], { a: 1 }, 1e300];

/**
 * Puts strange values in the place of each field of a document, and asks that a reader refuses them by the field's name,
 * unless the value is of the field's own type or the field may be anything.
 *
 * @param free fields, `a.b[0].c`, that may be missing or hold anything
 * @returns how many values were refused
 */
export function putStrangeValues(good: object, read: (data: unknown) => unknown, free: RegExp): number {
  let refused = 0;
  for (const path of pathsOf(good)) {
    const field = path.replace(/\.(\d+)/g, "[$1]");
    for (const value of STRANGE) {
      const changed: unknown = structuredClone(good);
      setAt(changed, path, value);
      const of = `${field} = ${JSON.stringify(value)}`;
      const fits = value !== undefined && kindOf(value) === kindOf(getAt(good, path));
      try {
        read(changed);
      } catch (error) {
        assert.ok(error instanceof CamlabError, `${of}: ${error instanceof Error ? error.stack : String(error)}`);
        const [top] = field.split(/[.[]/);
        // A list of another length disagrees with other fields: any of them may be named.
        const named = fits ? Object.keys(good) : [top];
        const says = ["format", "version"].includes(top) || named.some((name) => error.message.includes(name));
        assert.ok(says, `${of}: ${error.message}`);
        refused++;
        continue;
      }
      assert.ok(fits || free.test(field), `${of} was taken`);
    }
  }
  return refused;
}

function kindOf(value: unknown): string {
  return Array.isArray(value) ? "list" : value === null ? "null" : typeof value;
}

/** The paths to all fields, `a.b.0`; of a long list to its first and last two values. */
function pathsOf(value: unknown, path = ""): string[] {
  if (value === undefined) return [];
  if (typeof value !== "object" || value === null) return [path];
  const keys = Object.keys(value);
  const some = keys.length > 6 && Array.isArray(value) ? [...keys.slice(0, 1), ...keys.slice(-2)] : keys;
  const below = some.flatMap((key) => pathsOf((value as Record<string, unknown>)[key], path ? `${path}.${key}` : key));
  return path ? [path, ...below] : below;
}

function getAt(value: unknown, path: string): unknown {
  return path.split(".").reduce((part, key) => (part as Record<string, unknown>)[key], value);
}

function setAt(value: unknown, path: string, to: unknown): void {
  const keys = path.split(".");
  const last = keys.pop()!;
  const parent = keys.reduce((part, key) => (part as Record<string, unknown>)[key], value) as Record<string, unknown>;
  parent[last] = to;
}
