import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readTiffHeader } from "../../../../../src/kernel-helpers/images/formats/tiff/tiff-header.js";
import { type Tag, writtenTiff } from "./written-tiff.js";

const KINDS = [
  { isLittle: true, isBig: false },
  { isLittle: false, isBig: false },
  { isLittle: true, isBig: true },
  { isLittle: false, isBig: true },
];
const SMALL: readonly Tag[] = [
  [256, 3, [70]],
  [257, 4, [300]],
];

describe("the first directory of a TIFF file", () => {
  for (const { isLittle, isBig } of KINDS) {
    const kind = `${isLittle ? "little" : "big"} endian${isBig ? ", BigTIFF" : ""}`;
    const read = (...tags: readonly Tag[]) => readTiffHeader(writtenTiff([...SMALL, ...tags], isLittle, isBig));

    test(`${kind}: what is not said is as the standard has it`, () => {
      assert.deepEqual(read(), {
        isLittleEndian: isLittle,
        width: 70,
        height: 300,
        samples: 1,
        bits: [1],
        sampleFormat: 1,
        photometric: 1,
        compression: 1,
        predictor: 1,
        isPlanar: false,
        extraSamples: [],
        segment: { width: 70, height: 300 },
        isTiled: false,
        offsets: [],
        byteCounts: [],
        orientation: undefined,
        jpegTables: undefined,
        isRaw: false,
      });
    });

    test(`${kind}: every tag, its values in the entry or behind it`, () => {
      const offsets = [70_000, 80_000, 90_000, 65_536];
      const found = read(
        [258, 3, [16, 16, 16, 16]],
        [259, 3, [5]],
        [262, 3, [2]],
        [273, isBig ? 16 : 4, offsets],
        [274, 3, [6]],
        [277, 3, [4]],
        [278, 3, [100]],
        [279, 3, [1, 2, 3, 40_000]],
        [284, 3, [2]],
        [317, 3, [2]],
        [338, 3, [2, 0]],
        [339, 3, [3]],
        [347, 7, [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]],
      )!;
      assert.deepEqual(found, {
        isLittleEndian: isLittle,
        width: 70,
        height: 300,
        samples: 4,
        bits: [16, 16, 16, 16],
        sampleFormat: 3,
        photometric: 2,
        compression: 5,
        predictor: 2,
        isPlanar: true,
        extraSamples: [2, 0],
        segment: { width: 70, height: 100 },
        isTiled: false,
        offsets,
        byteCounts: [1, 2, 3, 40_000],
        orientation: 6,
        jpegTables: Uint8Array.of(9, 8, 7, 6, 5, 4, 3, 2, 1, 0),
        isRaw: false,
      });
    });

    test(`${kind}: whole numbers of every type, one in the entry, many behind it`, () => {
      for (const type of [1, 2, 3, 4, 6, 7, 8, 9, 13, 16, 18]) {
        assert.deepEqual(read([258, type, [7]])!.bits, [7], `type ${type}`);
        const many = Array.from({ length: 11 }, (_, i) => 3 * i + 1);
        assert.deepEqual(read([258, type, many], [262, 3, [2]])!.bits, many, `type ${type}`);
      }
    });

    test(`${kind}: tiles have a size of their own, strips no more lines than the picture`, () => {
      const tiled = read([322, 3, [64]], [323, 3, [32]], [324, 4, [8, 9]], [325, 4, [6, 7]], [273, 4, [1]])!;
      assert.deepEqual(
        [tiled.isTiled, tiled.segment, tiled.offsets, tiled.byteCounts],
        [true, { width: 64, height: 32 }, [8, 9], [6, 7]],
      );
      assert.deepEqual(read([322, 3, [64]])!.segment, { width: 64, height: 300 });
      assert.deepEqual(read([278, 4, [4_294_967_295]])!.segment, { width: 70, height: 300 });
    });

    test(`${kind}: planes need more than one sample`, () => {
      assert.equal(read([284, 3, [2]])!.isPlanar, false);
      assert.equal(read([284, 3, [2]], [277, 3, [2]])!.isPlanar, true);
      assert.equal(read([284, 3, [1]], [277, 3, [2]])!.isPlanar, false);
    });

    test(`${kind}: a camera's raw file is a DNG, or a preview with the picture in another directory`, () => {
      assert.equal(read([50_706, 1, [1, 4, 0, 0]])!.isRaw, true);
      assert.equal(read([254, 4, [1]], [330, 4, [1234]])!.isRaw, true);
      assert.equal(read([254, 4, [3]], [330, 4, [1234, 5]])!.isRaw, true);
      assert.equal(read([254, 4, [1]])!.isRaw, false);
      assert.equal(read([254, 4, [2]], [330, 4, [1234]])!.isRaw, false);
      assert.equal(read([330, 4, [1234]])!.isRaw, false);
    });

    test(`${kind}: values that lie beyond the end, or a file that ends in its directory, make no sense`, () => {
      const whole = writtenTiff([...SMALL, [258, 3, [8, 8, 8, 8, 8]]], isLittle, isBig);
      assert.deepEqual(readTiffHeader(whole)!.bits, [8, 8, 8, 8, 8]);
      for (let length = 0; length < whole.length; length++) {
        assert.equal(readTiffHeader(whole.subarray(0, length)), undefined, `${length} bytes of ${whole.length}`);
      }
      const moved = Buffer.concat([Buffer.alloc(5, 0x49), whole]).subarray(5);
      assert.deepEqual(readTiffHeader(moved), readTiffHeader(whole), "wherever the bytes lie in memory");
    });
  }

  test("a size or samples of zero make no sense, nor does a tag of a type that nobody knows", () => {
    const read = (...tags: readonly Tag[]) => readTiffHeader(writtenTiff(tags, true, false));
    assert.equal(read([256, 3, [0]], [257, 3, [1]]), undefined);
    assert.equal(read([256, 3, [1]], [257, 3, [0]]), undefined);
    assert.equal(read([257, 3, [1]]), undefined);
    assert.equal(read([256, 3, [1]]), undefined);
    assert.equal(read(...SMALL, [277, 3, [0]]), undefined);
    assert.equal(read([256, 3, [1]], [257, 3, [1]])?.height, 1);
    const odd = writtenTiff([...SMALL, [262, 3, [2]]], true, false);
    odd[14 + 2 + 2 * 12 + 2] = 99;
    assert.equal(readTiffHeader(odd)?.photometric, 1);
  });
});
