import type { Box } from "../../images/box.js";
import { CamlabError } from "../../support/errors.js";
import { isObject, type JsonObject, keyOf, numberOf, numbersOf } from "../files/values.js";
import { splitOf } from "../sets/split.js";

/** What a file beside a picture says of it. */
export interface SampleFields {
  readonly label?: string;
  readonly labels?: readonly string[];
  readonly split?: string;
  readonly captions?: readonly string[];
  readonly box?: Box;
}

/**
 * Reads a file beside a picture in an archive.
 *
 * @param ending `cls`, `txt`, `caption` or `json`; of others nothing is known
 * @param classes names of the classes that numbers mean
 * @throws CamlabError when it says nothing that is understood
 */
export function fieldsIn(bytes: Uint8Array, ending: string, classes: readonly string[] | undefined): SampleFields {
  const text = () => new TextDecoder("utf-8", { fatal: true }).decode(bytes).trim();
  switch (ending) {
    case "cls":
      return { label: className(text(), classes) };
    case "txt":
    case "caption":
      return { captions: [text()] };
    case "json":
      return jsonFields(parsed(text()), classes);
    default:
      throw new CamlabError("no picture by its name");
  }
}

/**
 * The name of a class that is said by name or by number.
 *
 * @throws CamlabError for a number that has no name
 */
export function className(said: unknown, classes: readonly string[] | undefined): string {
  const key = keyOf(typeof said === "bigint" ? Number(said) : said);
  if (key === undefined) throw new CamlabError("it names no class");
  const number = numberOf(key);
  if (classes === undefined || number === undefined) return key;
  const name = classes[number];
  if (name === undefined) throw new CamlabError(`class ${key} has no name: there are ${classes.length}`);
  return name;
}

function jsonFields(data: JsonObject, classes: readonly string[] | undefined): SampleFields {
  const { label, class: other, cls, labels, caption, text, captions, split, box } = data;
  const said = label ?? other ?? cls;
  const captionList = Array.isArray(captions) ? captions : [caption ?? text];
  const known = captionList.filter((one): one is string => typeof one === "string");
  return {
    ...(said !== undefined && said !== null && { label: className(said, classes) }),
    ...(Array.isArray(labels) && { labels: labels.map((one) => className(one, classes)) }),
    ...(known.length > 0 && { captions: known }),
    ...(typeof split === "string" && { split: splitOf(split) }),
    ...(box !== undefined && box !== null && { box: boxIn(box) }),
  };
}

/** As camlab writes it, or x, y, width, height. */
function boxIn(value: unknown): Box {
  const list = isObject(value) ? [value.x, value.y, value.width, value.height] : value;
  const [x, y, width, height] = numbersOf(list) ?? [];
  if (height === undefined) throw new CamlabError("its box is not x, y, width, height");
  return { x, y, width, height };
}

function parsed(text: string): JsonObject {
  try {
    const data: unknown = JSON.parse(text);
    return isObject(data) ? data : {};
  } catch {
    throw new CamlabError("it is no JSON");
  }
}
