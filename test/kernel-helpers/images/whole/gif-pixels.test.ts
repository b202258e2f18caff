import assert from "node:assert/strict";
import { describe, test } from "node:test";
import sharp from "sharp";
import { gifFirstFrame } from "../../../../src/kernel-helpers/images/whole/gif-pixels.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

const random = seededRandom("GIF frames");
const whole = (limit: number) => Math.floor(random() * limit);

/** Any codes that GIF's LZW allows, how many bits each takes, and how many pixels the codes up to it stand for. */
function codesOf(rootBits: number, wanted: number) {
  const clear = 1 << rootBits;
  let lengths: number[] = [];
  let [bits, previous, pixels] = [rootBits + 1, 0, 0];
  const codes: { code: number; bits: number; pixels: number }[] = [];
  const begin = () => {
    codes.push({ code: clear, bits, pixels });
    lengths = [...Array<number>(clear).fill(1), 0, 0];
    [bits, previous] = [rootBits + 1, 0];
  };
  begin();
  while (pixels < wanted) {
    if (whole(400) === 0) begin();
    const isOwn = previous > 0 && lengths.length < 4096 && whole(5) === 0;
    let code = isOwn ? lengths.length : whole(lengths.length);
    if (code === clear || code === clear + 1) code = 0;
    const length = isOwn ? previous + 1 : lengths[code];
    if (previous > 0 && lengths.length < 4096) lengths.push(previous + 1);
    pixels += length;
    codes.push({ code, bits, pixels });
    if (lengths.length === 1 << bits && bits < 12) bits += 1;
    previous = length;
  }
  codes.push({ code: clear + 1, bits, pixels });
  return codes;
}

/** Bytes of codes, the low bits first, in blocks of random lengths. */
function blocksOf(codes: readonly { readonly code: number; readonly bits: number }[]): number[] {
  const bytes: number[] = [];
  let [held, count] = [0, 0];
  for (const { code, bits } of codes) {
    held += code * 2 ** count;
    count += bits;
    while (count >= 8) {
      bytes.push(held % 256);
      held = Math.floor(held / 256);
      count -= 8;
    }
  }
  if (count > 0) bytes.push(held);
  const blocks: number[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = Math.min(bytes.length - at, 1 + whole(255));
    blocks.push(size, ...bytes.slice(at, at + size));
    at += size;
  }
  return blocks;
}

interface Parts {
  readonly size: readonly [width: number, height: number];
  readonly rootBits: number;
  readonly data: readonly number[];
  readonly globalColours?: number;
  readonly ownColours?: number;
  readonly before?: readonly number[];
}

function gif({ size: [width, height], rootBits, data, globalColours, ownColours, before = [] }: Parts): Uint8Array {
  const word = (value: number) => [value & 255, value >> 8];
  const table = (bits: number | undefined) => Array<number>(bits === undefined ? 0 : 3 * 2 ** (bits + 1)).fill(0x2c);
  const flags = (bits: number | undefined) => (bits === undefined ? 0x70 : 0x80 | bits);
  return Uint8Array.from([
    ...Buffer.from("GIF89a"),
    ...[...word(width), ...word(height), flags(globalColours), 0, 0],
    ...table(globalColours),
    ...before,
    ...[0x2c, 0, 0, 0, 0, ...word(width), ...word(height), flags(ownColours)],
    ...table(ownColours),
    rootBits,
    ...data,
    0,
    0x3b,
  ]);
}

describe("the first frame of a GIF", () => {
  test("has as many pixels as its codes stand for, whatever their lengths, tables and blocks; extensions come before it", () => {
    for (let i = 0; i < 80; i++) {
      const rootBits = 1 + whole(8);
      const size = [1 + whole(300), 1 + whole(300)] as const;
      const wanted = size[0] * size[1];
      const codes = codesOf(rootBits, wanted);
      const count = 1 + whole(codes.length);
      const comment = [0x21, 0xfe, 3, 0x2c, 0x2c, 0x2c, 2, 1, 1, 0];
      const frame = gifFirstFrame(
        gif({
          ...{ size, rootBits, data: blocksOf(codes.slice(0, count)) },
          globalColours: i % 2 ? whole(8) : undefined,
          ownColours: i % 3 ? whole(8) : undefined,
          before: i % 4 ? [] : [...comment, 0x21, 0xf9, 4, 0, 0, 0, 0, 0],
        }),
      );
      // The bits that fill the last byte may be one more code of a single pixel, or one that there cannot be.
      const found = frame!.pixels;
      const expected = Math.min(wanted, codes[count - 1].pixels);
      assert.deepEqual([frame!.width, frame!.height], size);
      assert.ok(found >= expected && found <= Math.min(wanted, expected + 2), `${found} ${expected} ${wanted}`);
      if (count === codes.length) assert.equal(found, wanted);
    }
  });

  test("written by libvips has all of its pixels; cut anywhere fewer", async () => {
    for (const colours of [2, 16, 256]) {
      const data = Uint8Array.from({ length: 90 * 70 * 3 }, () => 255 * whole(2));
      const file = await sharp(data, { raw: { width: 90, height: 70, channels: 3 } })
        .gif({ colours })
        .toBuffer();
      assert.deepEqual(gifFirstFrame(file), { width: 90, height: 70, pixels: 6300 });
      let last = 0;
      for (const share of [0.6, 0.8, 0.95]) {
        const { pixels } = gifFirstFrame(file.subarray(0, file.length * share))!;
        assert.ok(pixels > last && pixels < 6300, `${pixels}`);
        last = pixels;
      }
    }
  });

  test("codes that there cannot be end it; roots of no bits or too many have none; without a frame there is nothing", () => {
    const size = [9, 9] as const;
    const of = (rootBits: number, codes: readonly number[]) =>
      gifFirstFrame(gif({ size, rootBits, data: blocksOf(codes.map((code) => ({ code, bits: rootBits + 1 }))) }))!
        .pixels;
    assert.equal(of(3, [8, 1, 2, 9, 3]), 2, "the end");
    assert.equal(of(3, [8, 1, 2, 15, 3]), 2, "a code that nobody has made yet");
    assert.equal(of(3, [8, 10, 1, 2]), 0, "a code of its own before any other");
    assert.equal(of(3, [8, 1, 10, 9]), 3);
    assert.equal(of(3, [1, 2, 3, 9]), 3, "without a clear code at the beginning");
    for (const rootBits of [0, 12, 200]) {
      assert.equal(gifFirstFrame(gif({ size, rootBits, data: [2, 1, 1] }))!.pixels, 0);
    }
    const whole = gif({ size, rootBits: 3, data: [1, 9] });
    assert.equal(gifFirstFrame(whole.subarray(0, 13)), undefined);
    assert.equal(gifFirstFrame(Uint8Array.from([...whole.subarray(0, 13), 0x3b])), undefined);
    assert.equal(gifFirstFrame(Uint8Array.from([...whole.subarray(0, 13), 0x21, 0xfe, 5, 1])), undefined);
  });
});
