import assert from "node:assert/strict";
import { describe, test } from "node:test";
import sharp from "sharp";
import { walkJpeg } from "../../../../src/kernel-helpers/images/whole/jpeg-walk.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { type JpegKind, writtenJpeg } from "./written-jpeg.js";

const random = seededRandom("walks");
const whole = (limit: number) => Math.floor(random() * limit);
const pick = <T>(from: readonly T[]): T => from[whole(from.length)];

const SAMPLINGS: readonly JpegKind["sampling"][] = [
  [[1, 1]],
  [[2, 2]],
  [
    [1, 1],
    [1, 1],
    [1, 1],
  ],
  [
    [2, 1],
    [1, 1],
    [1, 1],
  ],
  [
    [2, 2],
    [1, 1],
    [1, 1],
  ],
  [
    [1, 2],
    [1, 1],
    [1, 2],
  ],
  [
    [4, 1],
    [1, 1],
    [2, 1],
  ],
  [
    [2, 2],
    [1, 1],
    [1, 1],
    [2, 2],
  ],
];

function randomKind(): JpegKind {
  const sampling = pick(SAMPLINGS);
  const all = sampling.map((_, i) => i);
  const scans = pick([[all], all.map((i) => [i]), sampling.length > 2 ? [[0], all.slice(1)] : [all]]);
  return { width: 1 + whole(70), height: 1 + whole(50), sampling, scans, restart: pick([0, 0, 1, 3, 9]) };
}

describe("a walk along the Huffman codes of a JPEG file", () => {
  test("finds data for every block, and none left over, however colours are sampled and scans are dealt", () => {
    for (let i = 0; i < 120; i++) {
      const kind = randomKind();
      assert.deepEqual(walkJpeg(writtenJpeg(kind, whole).bytes), { missing: 0, unused: 0 }, JSON.stringify(kind));
    }
  });

  test("counts the blocks that have no data", () => {
    for (let i = 0; i < 120; i++) {
      const kind = { ...randomKind(), restart: 0 };
      const all = writtenJpeg(kind, whole).blocksOfLast;
      const there = whole(all + 1);
      const { bytes } = writtenJpeg({ ...kind, blocksOfLast: there }, whole);
      const walk = walkJpeg(bytes)!;
      // The ones that fill the last byte are no code of this file: a block of them is none.
      assert.deepEqual(walk.missing, all - there, JSON.stringify({ kind, there }));
    }
  });

  test("counts the bytes that no block needs, stuffed zeros among them, before the end and before restarts", () => {
    for (let i = 0; i < 60; i++) {
      const kind = randomKind();
      const { bytes, lastEnd } = writtenJpeg(kind, whole);
      const more = 1 + whole(40);
      const put = (extra: Uint8Array) => Buffer.concat([bytes.subarray(0, lastEnd), extra, bytes.subarray(lastEnd)]);
      assert.deepEqual(walkJpeg(put(new Uint8Array(more))), { missing: 0, unused: more }, JSON.stringify(kind));
      const stuffed = Uint8Array.of(0xff, 0, 0xff, 0, 7);
      const { missing, unused } = walkJpeg(put(stuffed))!;
      assert.deepEqual(
        [missing, unused >= 3 && unused <= 5],
        [0, true],
        "a stuffed zero belongs to its byte or counts",
      );
      const endless = Buffer.concat([bytes.subarray(0, lastEnd), new Uint8Array(more)]);
      assert.deepEqual(walkJpeg(endless), { missing: 0, unused: more }, "without a mark of the end");
      const firstRestart = bytes.findIndex((byte, at) => at > 200 && byte === 0xff && (bytes[at + 1] & 0xf8) === 0xd0);
      if (firstRestart < 0) continue;
      const between = Buffer.concat([bytes.subarray(0, firstRestart), new Uint8Array(9), bytes.subarray(firstRestart)]);
      assert.deepEqual(walkJpeg(between), { missing: 0, unused: 9 }, "before a restart");
    }
  });

  test("what is lost between two restarts is lost there only", () => {
    const kind: JpegKind = { width: 64, height: 8, sampling: [[1, 1]], scans: [[0]], restart: 2 };
    for (let i = 0; i < 20; i++) {
      const { bytes, lastStart } = writtenJpeg(kind, whole);
      const marks = [...bytes.keys()].filter(
        (at) => at > lastStart && bytes[at] === 0xff && (bytes[at + 1] & 0xf8) === 0xd0,
      );
      assert.equal(marks.length, 3);
      const without = Buffer.concat([bytes.subarray(0, marks[0] + 2), bytes.subarray(marks[1])]);
      assert.deepEqual(walkJpeg(without), { missing: 2, unused: 0 });
      const cut = walkJpeg(Buffer.concat([bytes.subarray(0, marks[1]), bytes.subarray(bytes.length - 2)]));
      assert.deepEqual(cut, { missing: 4, unused: 0 }, "no restart where one should be");
    }
  });

  test("files of libjpeg, whatever it optimised, and cut anywhere", async () => {
    for (const chromaSubsampling of ["4:4:4", "4:2:0"]) {
      for (const optimiseCoding of [true, false]) {
        const data = Uint8Array.from({ length: 75 * 53 * 3 }, () => whole(256));
        const file = await sharp(data, { raw: { width: 75, height: 53, channels: 3 } })
          .jpeg({ chromaSubsampling, optimiseCoding, quality: 90 })
          .toBuffer();
        assert.deepEqual(walkJpeg(file), { missing: 0, unused: 0 });
        const cuts = [0.5, 0.7, 0.9].map((share) => walkJpeg(file.subarray(0, file.length * share))!.missing);
        assert.ok(cuts[0] > cuts[1] && cuts[1] > cuts[2] && cuts[2] > 0, cuts.join());
      }
    }
  });

  test("what is not walked: progressive, lossless and arithmetic frames, scans whose tables or frames there are not", () => {
    const kind: JpegKind = { width: 20, height: 9, sampling: [[1, 1]], scans: [[0]], restart: 0 };
    const { bytes, lastStart } = writtenJpeg(kind, whole);
    const frame = Buffer.from(bytes).indexOf(Uint8Array.of(0xff, 0xc0));
    const marked = (marker: number) => {
      const other = bytes.slice();
      other[frame + 1] = marker;
      return walkJpeg(other);
    };
    assert.deepEqual(marked(0xc1), { missing: 0, unused: 0 }, "extended, but sequential");
    for (const marker of [0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf]) {
      assert.equal(marked(marker), undefined, marker.toString(16));
    }
    for (const marker of [0xc8, 0xe1]) assert.equal(marked(marker), undefined, "a scan before its frame");
    const tables = (chosen: number) => {
      const other = bytes.slice();
      other[lastStart - 4] = chosen;
      return walkJpeg(other);
    };
    assert.equal(tables(0x20), undefined);
    assert.equal(tables(0x02), undefined);
    const stranger = bytes.slice();
    stranger[lastStart - 5] = 77;
    assert.equal(walkJpeg(stranger), undefined);
    assert.deepEqual(
      walkJpeg(bytes.subarray(0, lastStart - 12)),
      { missing: 0, unused: 0 },
      "no scan, nothing missing",
    );
    assert.equal(walkJpeg(Uint8Array.of(0xff, 0xd8, 0xff, 0xd9)), undefined);
    const stray = Buffer.concat([
      bytes.subarray(0, frame),
      Uint8Array.of(7, 0xff, 0xff, 0xff, 1, 0xff, 0xd5, 0xff, 0),
      bytes.subarray(frame),
    ]);
    assert.deepEqual(walkJpeg(stray), { missing: 0, unused: 0 }, "bytes between segments");
    const after = Buffer.concat([bytes, bytes.subarray(lastStart - 10)]);
    assert.deepEqual(walkJpeg(after), { missing: 0, unused: 0 }, "nothing counts after the end");
  });
});
