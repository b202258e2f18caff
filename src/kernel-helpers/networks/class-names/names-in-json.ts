/** Class names in order, or what is wrong with where they were looked for. */
export type FoundNames = { readonly names: readonly string[] } | { readonly wrong: string };

/** Where larger files keep their classes; the first that is there is read. */
const HOLDERS =
  "classes classnames labels labelnames names categories id2label idxtoclass idx2label indextoclass index2label idtolabel classindex tags wordlabels items label2id classtoidx labeltoid".split(
    " ",
  );
const NAME_FIELDS = ["name", "label", "class_name", "className", "class", "display_name", "title", "text"];
const INDEX_FIELDS = ["index", "id", "idx", "class_id", "classId"];
const WORDNET_ID = /^n\d{8}$/;
/** What stands before a name in a pair: a WordNet id, or another of letters and a number. */
const IDENTIFIER = /^[A-Za-z]{0,3}[-_]?\d+$/;
const DEEPEST = 4;

/** Class names in parsed JSON, in any form that `readClasses` knows. */
export function namesInJson(value: unknown, depth = 0): FoundNames {
  if (Array.isArray(value)) return inList(value);
  if (!isRecord(value)) return { wrong: "it holds a single value" };
  const held = Object.entries(value).map(
    ([key, inner]) => [key.toLowerCase().replace(/[^a-z0-9]/g, ""), inner] as const,
  );
  for (const holder of HOLDERS) {
    const inner = held.find(([key, at]) => key === holder && typeof at === "object" && at !== null)?.[1];
    if (inner !== undefined && depth < DEEPEST)
      return described(namesInJson(inner, depth + 1), value.label_descriptions);
  }
  return inObject(value);
}

/** Numbered names in the order of their numbers, which must run from 0 or from 1. */
export function byIndex(entries: readonly (readonly [index: number, name: string])[]): FoundNames {
  const sorted = [...entries].sort(([a], [b]) => a - b);
  const first = sorted[0]?.[0];
  if (first !== undefined && first !== 0 && first !== 1) return { wrong: `its first index is ${first}` };
  for (const [at, [index, name]] of sorted.entries()) {
    if (index === first + at) continue;
    const twin = sorted[at - 1];
    if (twin[0] === index) return { wrong: `index ${index} is there twice (${quoted(twin[1])} and ${quoted(name)})` };
    return { wrong: `index ${first + at} is missing` };
  }
  return { names: sorted.map(([, name]) => name) };
}

function inList(list: readonly unknown[]): FoundNames {
  const names = list.map(nameOf);
  const missing = names.indexOf(undefined);
  if (missing >= 0) return { wrong: `item ${missing} of its list has no name` };
  const indices = list.map((item) => (isRecord(item) ? indexOf(item) : undefined));
  if (indices.length === 0 || indices.some((index) => index === undefined)) return { names: names as string[] };
  const order = [...indices.keys()].sort((a, b) => Number(indices[a]) - Number(indices[b]));
  const twice = order.find((item, at) => at > 0 && indices[item] === indices[order[at - 1]]);
  if (twice !== undefined) return { wrong: `index ${indices[twice]} is there twice` };
  return { names: order.map((item) => names[item] as string) };
}

function inObject(value: Readonly<Record<string, unknown>>): FoundNames {
  const entries = Object.entries(value);
  if (entries.length === 0) return { wrong: "it is empty" };
  if (entries.every(([key]) => /^\d{1,9}$/.test(key))) {
    const named = entries.map(([key, inner]) => [Number(key), nameOf(inner)] as const);
    const missing = named.find(([, name]) => name === undefined);
    return missing ? { wrong: `index ${missing[0]} has no name` } : byIndex(named as [number, string][]);
  }
  if (entries.every(([, index]) => asIndex(index) !== undefined)) {
    return byIndex(entries.map(([name, index]) => [asIndex(index)!, name]));
  }
  if (entries.every(([key, inner]) => WORDNET_ID.test(key) && nameOf(inner) !== undefined)) {
    return { names: entries.map(([, inner]) => nameOf(inner) as string) };
  }
  const keys = entries.slice(0, 3).map(([key]) => quoted(key));
  return { wrong: `its fields (${keys.join(", ")}${entries.length > 3 ? ", …" : ""}) are neither indices nor names` };
}

/** timm's `label_names` may be ids that `label_descriptions` puts into words. */
function described(found: FoundNames, descriptions: unknown): FoundNames {
  if ("wrong" in found || !isRecord(descriptions)) return found;
  const said = found.names.map((name) => descriptions[name]);
  return said.every((text) => typeof text === "string") ? { names: said } : found;
}

function nameOf(item: unknown): string | undefined {
  if (typeof item === "string") return item;
  if (typeof item === "number" || typeof item === "boolean") return String(item);
  if (Array.isArray(item)) {
    const texts = item.filter((part): part is string => typeof part === "string");
    return texts.find((text) => !IDENTIFIER.test(text)) ?? texts.at(-1);
  }
  if (!isRecord(item)) return undefined;
  const field = NAME_FIELDS.find((name) => typeof item[name] === "string");
  return field === undefined ? undefined : (item[field] as string);
}

function indexOf(item: Readonly<Record<string, unknown>>): number | undefined {
  return INDEX_FIELDS.map((name) => asIndex(item[name])).find((index) => index !== undefined);
}

/** A whole number, also one that stands in quotes. */
function asIndex(value: unknown): number | undefined {
  if (typeof value === "string" && /^\d{1,9}$/.test(value)) return Number(value);
  return Number.isInteger(value) ? (value as number) : undefined;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 37)}...` : text);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
