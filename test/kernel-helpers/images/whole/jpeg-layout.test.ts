import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { hasAllDetail, jpegLayout } from "../../../../src/kernel-helpers/images/whole/jpeg-layout.js";

const START = [0xff, 0xd8];
const END = [0xff, 0xd9];

/** A segment: its marker, its length (its own two bytes counted), its content. */
const segment = (marker: number, ...content: number[]) => [0xff, marker, 0, content.length + 2, ...content];
/** 8 bits, 2 × 3 pixels; of each component its name, and how finely it is sampled across and down. */
const frame = (marker: number, ...components: [number, number][]) =>
  segment(marker, 8, 0, 3, 0, 2, components.length, ...components.flatMap(([id, sampling]) => [id, sampling, 0]));
const scan = (components: number[], first: number, last: number, bits: number) =>
  segment(0xda, components.length, ...components.flatMap((id) => [id, 0x11]), first, last, bits);
const bytesOf = (...parts: number[][]) => Uint8Array.from(parts.flat());

describe("the parts of a JPEG file", () => {
  test("a frame, a scan with stuffed zeros, fill bytes and restarts, and the end: to the byte", () => {
    const data = [1, 2, 0xff, 0, 3, 0xff, 0xd0, 4, 0xff, 0xd7, 0xff, 0xff, 0, 5];
    const before = [...START, ...frame(0xc0, [1, 0x22], [2, 0x11], [3, 0x11]), ...scan([1, 2, 3], 0, 63, 0)];
    assert.deepEqual(jpegLayout(bytesOf(before, data, END)), {
      scans: [
        {
          start: before.length,
          end: before.length + data.length,
          components: [1, 2, 3],
          firstCoefficient: 0,
          lastCoefficient: 63,
          missingBits: 0,
        },
      ],
      end: before.length + data.length,
      isProgressive: false,
      components: [1, 2, 3],
      linesAtOnce: 16,
      strays: [],
    });
  });

  test("lines are decoded eight at a time where no colour is halved from above", () => {
    const lines = (sampling: number) => jpegLayout(bytesOf(START, frame(0xc1, [1, sampling], [2, 0x11])))!.linesAtOnce;
    assert.deepEqual([0x11, 0x21, 0x12, 0x22, 0x14].map(lines), [8, 8, 16, 16, 32]);
  });

  test("progressive are the frames C2 and CA; tables and arithmetic conditioning are no frames", () => {
    const of = (marker: number) => jpegLayout(bytesOf(START, frame(marker, [7, 0x11])))!;
    for (const marker of [0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc9, 0xca, 0xcf]) {
      assert.deepEqual([of(marker).components, of(marker).isProgressive], [[7], marker === 0xc2 || marker === 0xca]);
    }
    for (const marker of [0xbf, 0xc4, 0xc8, 0xcc, 0xdb, 0xe0]) {
      if (marker === 0xc8) continue;
      assert.deepEqual(of(marker).components, [], marker.toString(16));
    }
  });

  test("several scans follow each other; without its end a file has none", () => {
    const head = [...START, ...frame(0xc2, [1, 0x11])];
    const first = [...scan([1], 0, 0, 0x01), 9, 9];
    const second = [...scan([1], 1, 63, 0x10), 8];
    const { scans, end } = jpegLayout(bytesOf(head, first, second))!;
    assert.equal(end, undefined);
    assert.deepEqual(
      scans.map((each) => [each.end - each.start, each.firstCoefficient, each.lastCoefficient, each.missingBits]),
      [
        [2, 0, 0, 1],
        [1, 1, 63, 0],
      ],
    );
  });

  test("bytes that belong to no segment are named by where they are", () => {
    const table = segment(0xdb, 1, 2, 3);
    const { strays, end } = jpegLayout(bytesOf(START, [7, 7, 7], table, [5], END))!;
    assert.deepEqual(strays, [
      [2, 5],
      [5 + table.length, 6 + table.length],
    ]);
    assert.equal(end, 6 + table.length);
  });

  test("a marker may have fill bytes in front, and bare ones have no length", () => {
    const { end, components } = jpegLayout(
      bytesOf(START, [0xff, 0xff, 0xff, 1, 0xff, 0xd3], frame(0xc0, [4, 0x11]), END),
    )!;
    assert.deepEqual([components, end], [[4], 2 + 6 + 13]);
  });

  test("a length of 0 or 1 makes no sense, nor does a stuffed zero before a scan; a file may end anywhere", () => {
    assert.equal(jpegLayout(bytesOf(START, [0xff, 0xdb, 0, 1, 0])), undefined);
    assert.equal(jpegLayout(bytesOf(START, [0xff, 0xdb, 0, 0, 0])), undefined);
    assert.equal(jpegLayout(bytesOf(START, [0xff, 0])), undefined);
    assert.deepEqual(jpegLayout(bytesOf(START, [0xff, 0xdb, 0, 2], END))!.end, 6);
    for (const rest of [[], [0xff], [0xff, 0xff], [0xff, 0xdb], [0xff, 0xdb, 0]]) {
      const layout = jpegLayout(bytesOf(START, rest))!;
      assert.deepEqual([layout.scans, layout.end], [[], undefined], rest.join());
    }
  });
});

test("a progressive picture has all of its detail when scans carry each coefficient of each component to the last bit", () => {
  const part = (components: number[], firstCoefficient: number, lastCoefficient: number, missingBits: number) => ({
    ...{ start: 0, end: 0 },
    ...{ components, firstCoefficient, lastCoefficient, missingBits },
  });
  const layout = { isProgressive: true, components: [1, 2], linesAtOnce: 8, strays: [] };
  const all = [part([1, 2], 0, 0, 0), part([1], 1, 63, 0), part([2], 1, 5, 1), part([2], 1, 5, 0), part([2], 6, 63, 0)];
  assert.equal(hasAllDetail({ ...layout, scans: all }), true);
  for (const missing of [0, 1, 3, 4]) {
    const scans = all.filter((_, i) => i !== missing);
    assert.equal(hasAllDetail({ ...layout, scans }), false, `without scan ${missing}`);
    assert.equal(hasAllDetail({ ...layout, isProgressive: false, scans }), true);
  }
  assert.equal(hasAllDetail({ ...layout, scans: all.filter((_, i) => i !== 2) }), true, "a scan that was refined");
  assert.equal(hasAllDetail({ ...layout, components: [1], scans: [part([1], 0, 62, 0)] }), false);
});
