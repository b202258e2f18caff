import { readFile } from "node:fs/promises";
import { CamlabError, messageOf } from "../../support/errors.js";

/**
 * The lines of a text file that are not empty, without a byte-order mark.
 *
 * @throws CamlabError when the file cannot be read
 */
export async function readLines(file: string): Promise<string[]> {
  const text = await readText(file);
  return text.split(/\r?\n/).filter((line) => line.trim() !== "");
}

/** A text file without a byte-order mark. */
export async function readText(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).replace(/^\uFEFF/, "");
  } catch (error) {
    throw new CamlabError(`cannot read ${file}: ${messageOf(error)}`);
  }
}

/** A JSON file as it is; what it holds must still be looked at. */
export async function readJson(file: string): Promise<unknown> {
  const text = await readText(file);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new CamlabError(`${file} is no JSON: ${messageOf(error)}`);
  }
}

/** Lines "key rest of the line" by key. */
export async function readKeyed(file: string): Promise<Map<string, string>> {
  const keyed = new Map<string, string>();
  for (const line of await readLines(file)) {
    const space = line.trim().search(/\s/);
    if (space < 0) throw new CamlabError(`${file}: "${line}" has no second column`);
    keyed.set(line.trim().slice(0, space), line.trim().slice(space).trim());
  }
  return keyed;
}

/**
 * A list that a JSON file must hold.
 *
 * @throws CamlabError when it is missing or no list
 */
export function requiredList<T>(value: readonly T[] | undefined, name: string, file: string): readonly T[] {
  if (!Array.isArray(value)) throw new CamlabError(`${file} has no list ${JSON.stringify(name)}`);
  return value as readonly T[];
}
