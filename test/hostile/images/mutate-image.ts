import { seededRandom } from "../../../src/kernel-helpers/support/random.js";
import type { SeedPicture } from "./seeds.js";

/** A damaged picture. */
export interface ImageMutant {
  readonly what: string;
  readonly bytes: Buffer;
  /** The picture that was damaged. */
  readonly original: SeedPicture;
  /** Whether a part of the file is gone, so that anything but an error or the whole picture is half of one. */
  readonly isCut: boolean;
}

/** The mutant of a number: the same seed and number give the same. */
export function mutateImage(pictures: readonly SeedPicture[], seed: string, index: number): ImageMutant {
  const random = seededRandom(`${seed} ${index}`);
  const upTo = (limit: number) => Math.floor(random() * limit);
  const original = pictures[upTo(pictures.length)];
  const mutators = Object.keys(MUTATORS);
  const name = mutators[upTo(mutators.length)];
  const bytes = MUTATORS[name](Buffer.from(original.bytes), upTo, pictures);
  const lost = original.bytes.length * 0.1 > 96;
  return { what: `${name} of ${original.name}`, bytes, original, isCut: lost && CUTS.has(name) };
}

type Mutator = (bytes: Buffer, upTo: (limit: number) => number, pictures: readonly SeedPicture[]) => Buffer;

/** Where a cut begins: not in the header, and at least a tenth of the file before its end. */
const cutOf = (bytes: Buffer, upTo: (limit: number) => number) =>
  Math.floor(bytes.length * 0.15) + upTo(Math.floor(bytes.length * 0.75));

const CUTS: ReadonlySet<string> = new Set(["cut", "zeros to the end", "cut and closed"]);

const EXTREMES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 16_000, 65_500];

const MUTATORS: Readonly<Record<string, Mutator>> = {
  cut: (bytes, upTo) => bytes.subarray(0, cutOf(bytes, upTo)),
  "cut anywhere": (bytes, upTo) => bytes.subarray(0, upTo(bytes.length)),
  "zeros to the end": (bytes, upTo) => bytes.fill(0, cutOf(bytes, upTo)),
  "cut and closed": (bytes, upTo) => Buffer.concat([bytes.subarray(0, cutOf(bytes, upTo)), Buffer.from([0xff, 0xd9])]),
  "a hole of zeros": (bytes, upTo) => {
    const start = upTo(bytes.length);
    return bytes.fill(0, start, Math.min(bytes.length, start + 1 + upTo(bytes.length / 4)));
  },
  "flipped bits": (bytes, upTo) => {
    for (let flips = 1 + upTo(12); flips > 0; flips--) bytes[upTo(bytes.length)] ^= 1 << upTo(8);
    return bytes;
  },
  "flipped bits of its header": (bytes, upTo) => {
    for (let flips = 1 + upTo(6); flips > 0; flips--) bytes[upTo(Math.min(bytes.length, 200))] ^= 1 << upTo(8);
    return bytes;
  },
  "random bytes": (bytes, upTo) => {
    const start = upTo(bytes.length);
    for (let i = start; i < Math.min(bytes.length, start + 64); i++) bytes[i] = upTo(256);
    return bytes;
  },
  "a lie in its header": (bytes, upTo) => {
    const at = upTo(Math.min(bytes.length - 4, 120));
    const value = EXTREMES[upTo(EXTREMES.length)];
    const form = upTo(3);
    if (form === 0) bytes.writeUInt16BE(value & 0xffff, at);
    else if (form === 1) bytes.writeUInt32LE(value, at);
    else bytes.writeUInt32BE(value, at);
    return bytes;
  },
  "a lie at its end": (bytes, upTo) => {
    bytes.writeUInt32LE(EXTREMES[upTo(EXTREMES.length)], Math.max(0, bytes.length - 4 - upTo(300)));
    return bytes;
  },
  "a stretch twice": (bytes, upTo) => {
    const [start, length] = [upTo(bytes.length), 1 + upTo(500)];
    return Buffer.concat([bytes.subarray(0, start + length), bytes.subarray(start)]);
  },
  "a stretch left out": (bytes, upTo) => {
    const [start, length] = [upTo(bytes.length), 1 + upTo(200)];
    return Buffer.concat([bytes.subarray(0, start), bytes.subarray(start + length)]);
  },
  "another's beginning": (bytes, upTo, pictures) => {
    const other = pictures[upTo(pictures.length)].bytes;
    const length = 1 + upTo(64);
    return Buffer.concat([other.subarray(0, length), bytes.subarray(length)]);
  },
  "bytes behind it": (bytes, upTo) => Buffer.concat([bytes, Buffer.alloc(1 + upTo(4000), upTo(256))]),
};
