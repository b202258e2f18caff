import { existsSync } from "node:fs";
import { join } from "node:path";
import { readableName } from "../../../images/files/readable-name.js";
import { CamlabError, invalid, messageOf } from "../../../support/errors.js";
import { readJson } from "../../files/read-json.js";
import { readLines, readText } from "../../files/read-text.js";
import type { Reading } from "../../files/reading.js";
import { isObject, type JsonObject, numbersOf, shown } from "../../files/values.js";

/** Files that may hold the names of classes, one a line or as a list. */
export const NAME_FILES = [
  "classes.json",
  "classes.txt",
  "obj.names",
  "labels.txt",
  "_darknet.labels",
  "labels/classes.txt",
];

/**
 * The names of classes that stand in a file of a folder.
 *
 * @returns undefined when there is no such file
 */
export async function namesBeside(folder: string, reading: Reading): Promise<string[] | undefined> {
  const name = NAME_FILES.find((one) => existsSync(join(folder, one)));
  return name === undefined ? undefined : namesInFile(join(folder, name), reading);
}

/** The names of classes that stand in a file: a JSON list, or one a line. */
export async function namesInFile(file: string, reading: Reading): Promise<string[]> {
  if (file.toLowerCase().endsWith(".json")) return namesOf(await readJson(file, reading), readableName(file));
  // An empty line between two names would move all numbers behind it: it is a number without a name.
  const lines = (await readText(file, reading)).replace(/\s+$/, "").split(/\r\n|\n|\r/);
  return lines.map((line) => line.trim());
}

/** `data.yaml` as plain data. */
export async function readYaml(file: string, reading: Reading): Promise<JsonObject> {
  const text = await readText(file, reading);
  const { parse } = await import("yaml");
  let data: unknown;
  try {
    data = parse(text, { logLevel: "error", maxAliasCount: 100, uniqueKeys: true });
  } catch (error) {
    throw new CamlabError(`${readableName(file)} is no YAML: ${messageOf(error).split("\n")[0]}`);
  }
  if (!isObject(data)) throw new CamlabError(`${readableName(file)} is no description of a data set: it has no fields`);
  return data;
}

/**
 * Names as YAML and JSON hold them: a list, or by number.
 *
 * @throws CamlabError when they are neither
 */
export function namesOf(value: unknown, where: string): string[] {
  const entries = Array.isArray(value)
    ? [...(value as readonly unknown[]).entries()]
    : isObject(value)
      ? Object.entries(value)
      : [];
  if (entries.length === 0) throw new CamlabError(`${where}: the names of classes cannot be ${shown(value)}`);
  const names: string[] = [];
  for (const [key, name] of entries) {
    const number = Number(key);
    if (
      !Number.isInteger(number) ||
      number < 0 ||
      number > MOST ||
      (typeof name !== "string" && typeof name !== "number")
    ) {
      throw new CamlabError(`${where}: class ${key} cannot be called ${shown(name)}`);
    }
    names[number] = String(name);
  }
  return Array.from(names, (name) => name ?? "");
}

/** More classes than any data set has. */
const MOST = 1_000_000;

/** Points of a pose, as `kpt_shape` says. */
export function keypointsOf({ kpt_shape }: JsonObject): readonly [number, number] | undefined {
  const numbers = numbersOf(kpt_shape);
  return numbers?.length === 2 ? [numbers[0], numbers[1]] : undefined;
}

/** Names that a caller gave. */
export function givenNames(classes: readonly string[]): readonly string[] {
  if (Array.isArray(classes) && classes.every((name) => typeof name === "string")) return classes;
  throw invalid("classes", classes, "a list of names");
}

/** Lines `key = value` of darknet's `obj.data`. */
export async function readDarknetData(file: string, reading: Reading): Promise<ReadonlyMap<string, string>> {
  const lines = await readLines(file, reading);
  return new Map(
    lines.flatMap((line) => {
      const [, key, value] = /^\s*([^=#\s]+)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
      return key === undefined ? [] : [[key, value]];
    }),
  );
}
