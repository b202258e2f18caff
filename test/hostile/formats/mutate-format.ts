import type { Random } from "../models/mutate-model.js";
import type { FormatSeed } from "./seeds.js";

/** Damaged files, and what was done to them. */
export interface FormatMutant {
  readonly files: readonly (readonly [name: string, bytes: Uint8Array])[];
  readonly what: string;
}

/** Damages one file of a network in one to three ways that the random numbers choose. */
export function mutateFormat({ files }: FormatSeed, random: Random): FormatMutant {
  const at = below(files.length, random);
  const [name, whole] = files[at];
  const isText = /\.(prototxt|json)$/.test(name);
  let bytes = whole;
  const did: string[] = [];
  for (let left = 1 + below(3, random); left > 0; left--) {
    const [mutate, what] = pick(isText ? TEXT : BINARY, random);
    bytes = mutate(bytes, random);
    did.push(what);
  }
  return { files: files.map((file, i) => (i === at ? [name, bytes] : file)), what: `${name}: ${did.join(", then ")}` };
}

type Mutate = (bytes: Uint8Array, random: Random) => Uint8Array;

const flip: Mutate = (bytes, random) => {
  const copy = Uint8Array.from(bytes);
  for (let left = 1 + below(8, random); left > 0 && copy.length > 0; left--)
    copy[below(copy.length, random)] = below(256, random);
  return copy;
};

const cut: Mutate = (bytes, random) => bytes.slice(0, below(bytes.length + 1, random));

const repeat: Mutate = (bytes, random) => {
  const at = below(bytes.length + 1, random);
  return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + below(64, random)), bytes.subarray(at)]);
};

/** A number of four bytes at the end of its range: offsets and lengths of flatbuffers, sizes of packed lists. */
const extreme: Mutate = (bytes, random) => {
  const copy = Buffer.from(bytes);
  if (copy.length < 8) return copy;
  copy.writeInt32LE(
    pick([0, 1, -1, 255, 2 ** 31 - 1, -(2 ** 31), 2 ** 20, 7], random),
    4 * below(Math.floor(copy.length / 4), random),
  );
  return copy;
};

const onText =
  (change: (text: string, random: Random) => string): Mutate =>
  (bytes, random) =>
    Buffer.from(change(Buffer.from(bytes).toString("utf8"), random));

const NUMBERS = [
  "0",
  "-1",
  "1",
  "2",
  "3",
  "65535",
  "100000",
  "2147483648",
  "9007199254740993",
  "1e308",
  "-0.5",
  "nan",
  "null",
  "[]",
  "{}",
  '"x"',
  "true",
];

/** One of the parts of a text that fit a pattern is made another. */
const replaced = (pattern: RegExp, instead: (random: Random, found: string[]) => string) =>
  onText((text, random) => {
    const found = [...text.matchAll(pattern)];
    if (found.length === 0) return text;
    const { index, 0: part } = pick(found, random);
    return (
      text.slice(0, index) +
      instead(
        random,
        found.map(([each]) => each),
      ) +
      text.slice(index + part.length)
    );
  });

const lines = (change: (list: string[], random: Random) => void) =>
  onText((text, random) => {
    const list = text.split("\n");
    change(list, random);
    return list.join("\n");
  });

const BINARY: readonly (readonly [Mutate, string])[] = [
  [flip, "bytes changed"],
  [cut, "cut"],
  [repeat, "a part twice"],
  [extreme, "a number made extreme"],
  [extreme, "a number made extreme"],
];

const TEXT: readonly (readonly [Mutate, string])[] = [
  [flip, "bytes changed"],
  [cut, "cut"],
  [replaced(/-?\d+(\.\d+)?/g, (random) => pick(NUMBERS, random)), "a number made another"],
  [replaced(/-?\d+(\.\d+)?/g, (random) => pick(NUMBERS, random)), "a number made another"],
  [
    replaced(/"[^"\n]*"/g, (random, found) => pick([...found, '"__proto__"', '"constructor"', '""'], random)),
    "a text made another",
  ],
  [replaced(/"[^"\n]*"/g, (random, found) => pick(found, random)), "a text made another"],
  [lines((list, random) => list.splice(below(list.length, random), 1 + below(3, random))), "lines gone"],
  [lines((list, random) => list.splice(below(list.length, random), 0, pick(list, random))), "a line put elsewhere"],
  [
    onText(
      (text, random) =>
        text.slice(0, below(text.length, random)) +
        pick(["{", "[", '"', "layer { "], random).repeat(pick([1, 50, 20_000], random)) +
        text,
    ),
    "brackets",
  ],
];

function below(limit: number, random: Random): number {
  return Math.floor(random() * limit);
}

function pick<T>(list: readonly T[], random: Random): T {
  return list[below(list.length, random)];
}
