import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { deflateSync } from "node:zlib";
import sharp from "sharp";
import { readTiffHeader } from "../../../../../src/kernel-helpers/images/formats/tiff/tiff-header.js";
import { unpackSegment } from "../../../../../src/kernel-helpers/images/formats/tiff/unpack-segment.js";
import { seededRandom } from "../../../../../src/kernel-helpers/support/random.js";

const [NONE, LZW, DEFLATE, OLD_DEFLATE, PACK_BITS] = [1, 5, 8, 32_946, 32_773];
const random = seededRandom("strips");
const whole = (limit: number) => Math.floor(random() * limit);

/** Bytes, and one way to pack them of the many that PackBits allows, as TIFF 6.0 (section 9) describes it. */
function packBits(parts: number): { packed: Uint8Array; plain: Uint8Array } {
  const [packed, plain]: number[][] = [[], []];
  for (let i = 0; i < parts; i++) {
    const kind = whole(5);
    if (kind === 0) packed.push(128);
    else if (kind < 3) {
      const run = Array.from({ length: 1 + whole(128) }, () => whole(256));
      packed.push(run.length - 1, ...run);
      plain.push(...run);
    } else {
      const [count, value] = [2 + whole(127), whole(256)];
      packed.push(257 - count, value);
      plain.push(...Array<number>(count).fill(value));
    }
  }
  return { packed: Uint8Array.from(packed), plain: Uint8Array.from(plain) };
}

describe("strips", () => {
  test("what was packed by PackBits comes out, the beginning alone, too, and never more than there was", () => {
    for (let i = 0; i < 60; i++) {
      const { packed, plain } = packBits(i < 20 ? 1 + whole(3) : 12);
      const sizes = [plain.length, ...Array.from({ length: 12 }, () => whole(plain.length + 1))];
      for (const size of sizes) {
        assert.deepEqual(unpackSegment(packed, PACK_BITS, size), plain.slice(0, size), `${size} of ${plain.length}`);
      }
      assert.throws(() => unpackSegment(packed, PACK_BITS, plain.length + 1), RangeError);
    }
    assert.throws(() => unpackSegment(Uint8Array.of(3, 1, 2), PACK_BITS, 3), RangeError, "a run without its end");
  });

  test("libtiff's LZW comes out as the pixels that went in: short codes and long ones, tables that are begun anew", async () => {
    const pictures = [
      (i: number) => i % 7,
      () => whole(256),
      () => whole(4),
      (i: number) => (i % 1000 < 900 ? 5 : whole(256)),
      () => 0,
    ];
    for (const [index, value] of pictures.entries()) {
      const [width, height] = [240, 200];
      const data = Uint8Array.from({ length: width * height }, (_, i) => value(i));
      const file = await sharp(data, { raw: { width, height, channels: 1 } })
        .toColourspace("b-w")
        .tiff({ compression: "lzw", predictor: "none" })
        .toBuffer();
      const { offsets, byteCounts, segment, compression } = readTiffHeader(file)!;
      assert.equal(compression, LZW);
      const unpacked = offsets.map((offset, i) => {
        const size = width * Math.min(segment.height, height - i * segment.height);
        const packed = file.subarray(offset, offset + byteCounts[i]);
        const part = unpackSegment(packed, LZW, size);
        assert.deepEqual(unpackSegment(packed, LZW, size - 77), part.slice(0, -77));
        assert.throws(() => unpackSegment(packed.subarray(0, packed.length - 4), LZW, size), RangeError);
        assert.throws(() => unpackSegment(packed, LZW, size + 1), RangeError);
        return part;
      });
      assert.ok(Buffer.concat(unpacked).equals(data), `picture ${index}`);
    }
  });

  test("LZW by hand: codes of nine bits, the end, a code that is its own, and such as there cannot be", () => {
    const codes = (...wanted: number[]) => {
      const bits = wanted.map((code) => code.toString(2).padStart(9, "0")).join("");
      return Uint8Array.from(bits.padEnd(Math.ceil(bits.length / 8) * 8, "0").match(/.{8}/g)!, (byte) =>
        parseInt(byte, 2),
      );
    };
    const of = (size: number, ...wanted: number[]) => [...unpackSegment(codes(...wanted), LZW, size)];
    assert.deepEqual(of(6, 256, 7, 258, 259, 257), [7, 7, 7, 7, 7, 7]);
    assert.deepEqual(of(7, 256, 1, 2, 258, 260, 257), [1, 2, 1, 2, 1, 2, 1]);
    assert.deepEqual(of(3, 1, 2, 3, 257), [1, 2, 3], "without a clear code at the beginning");
    assert.deepEqual(of(4, 256, 1, 2, 256, 3, 4, 257), [1, 2, 3, 4]);
    assert.throws(() => of(4, 256, 1, 2, 257, 3, 4), RangeError);
    for (const wrong of [[256, 258], [258], [256, 1, 259], [256, 1, 2, 256, 258], [256, 1, 2, 260]]) {
      assert.throws(() => of(9, ...wrong), /damaged/, wrong.join());
    }
  });

  test("both numbers of Deflate, no packing, and what is damaged or without end", () => {
    const plain = Uint8Array.from({ length: 5000 }, () => whole(9));
    for (const kind of [DEFLATE, OLD_DEFLATE]) {
      const packed = deflateSync(plain);
      assert.deepEqual(new Uint8Array(unpackSegment(packed, kind, 5000)), plain);
      assert.deepEqual(new Uint8Array(unpackSegment(packed, kind, 400)), plain.slice(0, 400));
      assert.throws(() => unpackSegment(packed, kind, 5001), RangeError);
      assert.throws(() => unpackSegment(packed.subarray(0, 100), kind, 5000), RangeError);
      const bomb = deflateSync(new Uint8Array(70_000));
      assert.throws(() => unpackSegment(bomb, kind, 4000), RangeError);
      assert.equal(unpackSegment(bomb, kind, 5000).length, 5000);
    }
    assert.deepEqual(unpackSegment(plain, NONE, 30), plain.slice(0, 30));
    assert.throws(() => unpackSegment(plain, NONE, 5001), RangeError);
  });
});
