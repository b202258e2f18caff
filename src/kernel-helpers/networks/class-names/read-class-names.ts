import { readFile, stat } from "node:fs/promises";
import { decodeText } from "../../support/decode-text.js";
import { CamlabError, messageOf } from "../../support/errors.js";
import { namesInJson, type FoundNames } from "./names-in-json.js";
import { namesInLines } from "./names-in-lines.js";
import { namesInLiteral, namesInPbtxt, namesInYaml } from "./names-in-literals.js";
import { namesInTable } from "./names-in-table.js";

/**
 * Reads class names in the forms in which people hold them, in the order of the network's scores:
 *
 * - JSON: a list of names, of objects with a `name`, or of `[wnid, name]`; an object from index to any of these (Keras'
 *   `imagenet_class_index.json`), from name to index, or one that holds such a thing as `classes`, `names`, `id2label`,
 *   `label_names`, …;
 * - text: a name a line, perhaps behind or before its number, or behind a WordNet id (`n01440764 tench, Tinca tinca`);
 * - a Python dictionary or list, YAML with `names:` (YOLO's `data.yaml`), CSV and TSV with or without a header, and
 *   TensorFlow's label maps (`item { id: 1 name: "…" }`).
 *
 * A byte order mark is no part of the first name; UTF-16 is read where a mark tells it, and what is not UTF-8 is read as
 * Windows' Western code page.
 *
 * @throws CamlabError when the file holds something else, or an index is missing or there twice
 * @example
 * await readClasses("classes.json"); // ["tench", "goldfish", …]
 */
export async function readClasses(path: string): Promise<string[]> {
  const found = namesIn(await textOf(path), /\.(csv|tsv)$/i.test(path));
  if ("wrong" in found) throw wrong(path, found.wrong);
  const names = found.names.map((name) => name.trim());
  if (names.length === 0) throw wrong(path, "it holds no names");
  const empty = names.indexOf("");
  if (empty >= 0) throw wrong(path, `name ${empty} is empty`);
  return names;
}

function namesIn(text: string, table: boolean): FoundNames {
  const trimmed = text.trim();
  if (/^[[{]/.test(trimmed)) {
    try {
      return namesInJson(JSON.parse(trimmed) as unknown);
    } catch (error) {
      return namesInLiteral(trimmed) ?? { wrong: `it looks like JSON, but ${messageOf(error)}` };
    }
  }
  if (trimmed.includes("\0")) return { wrong: "it is no text" };
  return namesInPbtxt(trimmed) ?? namesInYaml(trimmed) ?? namesInTable(trimmed, table) ?? namesInLines(trimmed);
}

/** More than any list of classes takes. */
const LARGEST = 64 * 2 ** 20;

async function textOf(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    const { size, isFile } = await stat(path).then((found) => ({ size: found.size, isFile: found.isFile() }));
    if (!isFile) throw wrong(path, "it is no file");
    if (size > LARGEST) throw wrong(path, `it is larger than ${LARGEST / 2 ** 20} MB`);
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof CamlabError) throw error;
    throw new CamlabError(`cannot read class names from ${path}: ${messageOf(error)}`);
  }
  return decodeText(bytes).text;
}

function wrong(path: string, why: string): CamlabError {
  return new CamlabError(
    `cannot read class names from ${path}: ${why} (expected a JSON list of names, an object from index to name, or a ` +
      "text file with one name a line)",
  );
}
