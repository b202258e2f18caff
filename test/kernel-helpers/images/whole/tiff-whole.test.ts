import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TiffHeader } from "../../../../src/kernel-helpers/images/formats/tiff/tiff-header.js";
import { isShortTiff } from "../../../../src/kernel-helpers/images/whole/tiff-whole.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { writtenJpeg } from "./written-jpeg.js";

const random = seededRandom("whole TIFFs");
const whole = (limit: number) => Math.floor(random() * limit);

/** A file of parts one after the other. */
function file(parts: readonly Uint8Array[], kind: Partial<TiffHeader>): [Uint8Array, TiffHeader] {
  const offsets = parts.map((_, i) => 8 + parts.slice(0, i).reduce((sum, part) => sum + part.length, 0));
  const header = {
    ...{ isLittleEndian: true, width: 20, height: 20, samples: 3, bits: [8, 8, 8], sampleFormat: 1, photometric: 2 },
    ...{ compression: 1, predictor: 1, isPlanar: false, extraSamples: [], isTiled: false, isRaw: false },
    ...{ segment: { width: 20, height: 10 }, offsets, byteCounts: parts.map(({ length }) => length) },
    ...kind,
  } satisfies TiffHeader;
  return [Buffer.concat([Buffer.alloc(8, 1), ...parts]), header];
}

describe("a TIFF file that was not written to its end", () => {
  const written = (length: number, upTo: number) =>
    Uint8Array.from({ length }, (_, i) => (i < upTo ? 1 + whole(255) : 0));

  test("without packing: lines as wide as their samples, planes and bits make them", () => {
    const short = (kind: Partial<TiffHeader>, line: number, lines = 10) =>
      isShortTiff(...file([written(line * lines, 4 * line + Math.floor(line / 2))], kind));
    assert.equal(short({}, 60), true);
    assert.equal(short({ isPlanar: true, segment: { width: 60, height: 10 } }, 60), true);
    assert.equal(short({ samples: 1, bits: [16], segment: { width: 30, height: 10 } }, 60), true);
    assert.equal(short({ samples: 1, bits: [4], segment: { width: 119, height: 10 } }, 60), true);
    // Taken for narrower ones, these lines would end where the data do.
    assert.equal(isShortTiff(...file([written(600, 300)], {})), false);
    assert.equal(
      isShortTiff(...file([written(600, 300)], { isPlanar: true, segment: { width: 40, height: 15 } })),
      true,
    );
    assert.equal(isShortTiff(...file([written(600, 330)], { compression: 5 })), false, "packed data are not looked at");
    assert.equal(isShortTiff(...file([written(600, 600), written(600, 90), written(600, 0)], {})), true);
    assert.equal(isShortTiff(...file([written(600, 600), written(600, 600)], {})), false);
  });

  test("strips of JPEG, with tables of their own or shared ones: whole, of zeros, with data missing, with zeros behind", () => {
    const kind = { width: 128, height: 96, sampling: [[1, 1]], scans: [[0]], restart: 0 } as const;
    const { bytes, lastStart, lastEnd } = writtenJpeg(kind, whole);
    const head = lastStart - 10;
    const tables = Buffer.concat([bytes.subarray(0, head), Uint8Array.of(0xff, 0xd9)]);
    const scan = Buffer.concat([Uint8Array.of(0xff, 0xd8), bytes.subarray(head)]);
    const of = (parts: readonly Uint8Array[], jpegTables?: Uint8Array) =>
      isShortTiff(...file(parts, { compression: 7, ...(jpegTables && { jpegTables }) }));
    assert.equal(of([bytes]), false);
    assert.equal(of([scan, scan], tables), false);
    assert.equal(of([scan], tables.subarray(0, -1)), true, "tables that have no end");
    assert.equal(of([scan], Buffer.concat([tables.subarray(0, -2), Uint8Array.of(0xff, 0xd8)])), true);
    assert.equal(of([scan], Buffer.concat([tables.subarray(0, -2), Uint8Array.of(0xfe, 0xd9)])), true);
    assert.equal(of([scan, new Uint8Array(400)], tables), true, "a strip of zeros");
    const zeros = (...[at, value]: readonly number[]) =>
      Buffer.from(scan)
        .fill(0, 200, 230)
        .fill(value, at, at + 1);
    assert.equal(of([zeros(0, 0xfe)], tables), true, "it does not begin as JPEG does");
    assert.equal(of([zeros(1, 0xd9)], tables), true);
    const middle = lastStart + Math.floor((lastEnd - lastStart) / 2);
    assert.equal(of([bytes.slice().fill(0, middle)]), true, "half of its data");
    const half = Buffer.from(scan).fill(0, 2 + Math.floor(scan.length / 2));
    assert.equal(of([scan, half], tables), true);
    const long = Buffer.concat([scan.subarray(0, -2), new Uint8Array(60), scan.subarray(-2)]);
    assert.equal(of([scan, long], tables), false, "with the shared tables its data are whole");
    assert.equal(of([long]), false, "without tables there is nothing to walk");
    assert.equal(of([bytes.subarray(0, middle)]), false, "without zeros it is left to the decoder");
    const all = writtenJpeg(kind, whole).blocksOfLast;
    const lacking = writtenJpeg({ ...kind, blocksOfLast: all - 1 }, whole);
    const padding = Buffer.concat([
      lacking.bytes.subarray(0, lacking.lastEnd),
      Uint8Array.of(0xff, 0xd9),
      new Uint8Array(40),
    ]);
    assert.equal(of([padding]), true, "a single block is missing");
    const padded = (zeros: number) =>
      Buffer.concat([bytes.subarray(0, lastEnd), new Uint8Array(zeros), bytes.subarray(lastEnd)]);
    assert.equal(of([padded(60)]), false, "some bytes too many are no harm");
    assert.equal(of([padded(64)]), false);
    assert.equal(of([padded(65)]), true);
    const after = Buffer.concat([bytes, new Uint8Array(900)]);
    assert.equal(of([after]), false, "zeros behind its end");
  });
});
