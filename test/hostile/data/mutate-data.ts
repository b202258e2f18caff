/** Draws a whole number below `limit`: from a seed, or from what a property test shrinks. */
export type Draw = (limit: number) => number;

/** Content that was damaged, and how. */
export interface DataMutant {
  readonly bytes: Buffer;
  readonly what: string;
  /** Whether whole records may be gone from the file itself, so that nobody can count them. */
  readonly mayLose: boolean;
}

/** Damages a file of data once, as failing disks, other programs, spreadsheets and people do. */
export function mutateData(original: Buffer, draw: Draw): DataMutant {
  const kinds = original.includes(0) ? BINARY : isJson(original) ? [...JSONS, ...TEXTS] : TEXTS;
  const [what, mutate, mayLose] = kinds[draw(kinds.length)];
  return { bytes: mutate(original, draw), what, mayLose };
}

type Mutation = readonly [what: string, mutate: (bytes: Buffer, draw: Draw) => Buffer, mayLose: boolean];

const BINARY: readonly Mutation[] = [
  ["a bit flipped", flipped, true],
  ["cut short", (bytes, draw) => bytes.subarray(0, draw(bytes.length)), true],
  ["emptied", () => Buffer.alloc(0), true],
  ["zeros", zeros, true],
  ["bytes removed", removed, true],
  ["bytes doubled", doubled, true],
  ["something behind it", (bytes) => Buffer.concat([bytes, Buffer.from("more")]), true],
];

const asText = (change: (text: string, draw: Draw) => string) => (bytes: Buffer, draw: Draw) =>
  Buffer.from(change(bytes.toString("utf8"), draw), "utf8");

const TEXTS: readonly Mutation[] = [
  ...BINARY,
  ["a byte-order mark", (bytes) => Buffer.concat([Buffer.from("\ufeff"), bytes]), false],
  ["UTF-16", asUtf16, false],
  ["Windows' ends of lines", asText((text) => text.replaceAll("\n", "\r\n")), false],
  ["old Macs' ends of lines", asText((text) => text.replaceAll("\n", "\r")), false],
  ["blanks at the ends of lines", asText((text) => text.replaceAll("\n", " \t\n")), false],
  ["empty lines", asText((text) => text.replaceAll("\n", "\n\n")), false],
  ["no last end of line", asText((text) => text.replace(/\n+$/, "")), false],
  ["a letter of Latin-1", latin1, false],
  ["a line gone", line(() => []), true],
  ["a line twice", line((text) => [text, text]), true],
  ["a line cut", line((text, draw) => [text.slice(0, draw(text.length + 1))]), true],
  ["a number that is none", number, false],
  ["a quote", inserted('"'), false],
  ["a comma", inserted(","), false],
  ["an angle bracket", inserted("<"), false],
  ["a zero byte", inserted("\0"), false],
];

const isContainer = (value: unknown): boolean => typeof value === "object" && value !== null;
const isPlain = (value: unknown): boolean => !isContainer(value);
const otherType = (draw: Draw): unknown => OTHERS[draw(OTHERS.length)];
const gone = (): undefined => undefined;

const JSONS: readonly Mutation[] = [
  ["a value of another type", node(isPlain, otherType), false],
  ["a list or record of another type", node(isContainer, otherType), true],
  ["a field gone", node((_, holder) => !Array.isArray(holder), gone), false],
  ["an entry gone", node((_, holder) => Array.isArray(holder), gone), true],
  ["an entry twice", entryTwice, false],
  ["a record that is none", noRecord, false],
];

const OTHERS: readonly unknown[] = [
  null,
  5,
  -1,
  1e300,
  "x",
  "",
  "7",
  true,
  [],
  {},
  [null],
  [[]],
  { a: 1 },
  "__proto__",
];

function isJson(bytes: Buffer): boolean {
  return bytes[0] === 0x7b || bytes[0] === 0x5b;
}

function flipped(bytes: Buffer, draw: Draw): Buffer {
  const copy = Buffer.from(bytes);
  if (copy.length > 0) copy[draw(copy.length)] ^= 1 << draw(8);
  return copy;
}

function zeros(bytes: Buffer, draw: Draw): Buffer {
  const copy = Buffer.from(bytes);
  const start = draw(copy.length + 1);
  return copy.fill(0, start, Math.min(copy.length, start + 1 + draw(64)));
}

function removed(bytes: Buffer, draw: Draw): Buffer {
  const start = draw(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + 1 + draw(16))]);
}

function doubled(bytes: Buffer, draw: Draw): Buffer {
  const start = draw(bytes.length + 1);
  const end = Math.min(bytes.length, start + 1 + draw(64));
  return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)]);
}

function asUtf16(bytes: Buffer): Buffer {
  return Buffer.from(`\ufeff${bytes.toString("utf8")}`, "utf16le");
}

function latin1(bytes: Buffer, draw: Draw): Buffer {
  const at = draw(bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), Buffer.from([0xe9]), bytes.subarray(at)]);
}

function line(change: (text: string, draw: Draw) => string[]) {
  return asText((text, draw) => {
    const lines = text.split("\n");
    const at = draw(lines.length);
    return [...lines.slice(0, at), ...change(lines[at], draw), ...lines.slice(at + 1)].join("\n");
  });
}

function number(bytes: Buffer, draw: Draw): Buffer {
  const text = bytes.toString("utf8");
  const found = [...text.matchAll(/-?\d+(?:\.\d+)?/g)];
  if (found.length === 0) return bytes;
  const { 0: old, index } = found[draw(found.length)];
  const others = ["", "NaN", "-1", "1e400", "x", "0", "99999999999999999999", "1,5", "Infinity"];
  return Buffer.from(text.slice(0, index) + others[draw(others.length)] + text.slice(index + old.length), "utf8");
}

function inserted(what: string) {
  return asText((text, draw) => {
    const at = draw(text.length + 1);
    return text.slice(0, at) + what + text.slice(at);
  });
}

type Place = { readonly holder: Record<string, unknown>; readonly key: string };

/** Every field and every entry of a list, at any depth. */
function placesOf(value: unknown, places: Place[] = []): Place[] {
  if (typeof value !== "object" || value === null) return places;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    places.push({ holder, key });
    placesOf(holder[key], places);
  }
  return places;
}

function node(where: (value: unknown, holder: unknown) => boolean, other: (draw: Draw) => unknown) {
  return (bytes: Buffer, draw: Draw): Buffer => {
    const document = parsed(bytes);
    const places = placesOf(document).filter(({ holder, key }) => where(holder[key], holder));
    if (places.length === 0) return bytes;
    const { holder, key } = places[draw(places.length)];
    const value = other(draw);
    if (value !== undefined) holder[key] = value;
    else if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
    return Buffer.from(JSON.stringify(document), "utf8");
  };
}

function entryTwice(bytes: Buffer, draw: Draw): Buffer {
  const document = parsed(bytes);
  const lists = placesOf(document).filter(({ holder }) => Array.isArray(holder));
  if (lists.length === 0) return bytes;
  const { holder, key } = lists[draw(lists.length)];
  (holder as unknown as unknown[]).splice(Number(key), 0, holder[key]);
  return Buffer.from(JSON.stringify(document), "utf8");
}

function noRecord(bytes: Buffer, draw: Draw): Buffer {
  const document = parsed(bytes);
  const records = placesOf(document).filter(
    ({ holder, key }) => Array.isArray(holder) && typeof holder[key] === "object" && !Array.isArray(holder[key]),
  );
  if (records.length === 0) return bytes;
  const { holder, key } = records[draw(records.length)];
  const others = [null, 5, "x", true];
  holder[key] = others[draw(others.length)];
  return Buffer.from(JSON.stringify(document), "utf8");
}

/** Lines of JSON are no document: they are left as they are. */
function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8")) as unknown;
  } catch {
    return undefined;
  }
}
