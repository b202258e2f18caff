import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Image } from "../../../../src/kernel-helpers/images/image.js";
import { loadImage } from "../../../../src/kernel-helpers/images/files/load-image.js";
import { readImageInfo } from "../../../../src/kernel-helpers/images/files/read-image-info.js";
import { draw } from "../pictures.js";

type Colour = readonly [number, number, number];
const W = 21;
const H = 12;
const colours: Colour[] = [
  [0, 0, 0],
  [255, 255, 255],
  ...Array.from({ length: 14 }, (_, i): Colour => [i * 16 + 8, 255 - i * 16, (i * 72) % 256]),
];
const index = (x: number, y: number) => (x + 3 * y) % 16;
const full = draw(W, H, (x, y) => [x * 12, 20 + y * 19, 255 - (x + y) * 7]);
const at = (x: number, y: number): Colour => [...full.data.subarray((y * W + x) * 3, (y * W + x) * 3 + 3)] as never;
const indexed = draw(W, H, (x, y) => colours[index(x, y)]);

interface Header {
  bits: number;
  compression?: number;
  masks?: number[];
  palette?: readonly Colour[];
  size?: number;
  isTopDown?: boolean;
}

/** A BMP file by the layout of Windows' BITMAPFILEHEADER and BITMAPINFOHEADER; `size` 12 is OS/2's, 124 version 5. */
function bmp({ bits, compression = 0, masks = [], palette = [], size = 40, isTopDown }: Header, data: Buffer): Buffer {
  const entry = size === 12 ? 3 : 4;
  const table = Buffer.alloc(palette.length * entry);
  palette.forEach(([red, green, blue], i) => table.set([blue, green, red], i * entry));
  const header = Buffer.alloc(14 + Math.max(size, size === 40 && masks.length ? 40 + 4 * masks.length : size));
  header.write("BM");
  header.writeUInt32LE(header.length + table.length + data.length, 2);
  header.writeUInt32LE(header.length + table.length, 10);
  header.writeUInt32LE(size, 14);
  if (size === 12) [W, H, 1, bits].forEach((value, i) => header.writeUInt16LE(value, 18 + 2 * i));
  else {
    header.writeInt32LE(W, 18);
    header.writeInt32LE(isTopDown ? -H : H, 22);
    header.writeUInt16LE(1, 26);
    header.writeUInt16LE(bits, 28);
    header.writeUInt32LE(compression, 30);
    header.writeUInt32LE(data.length, 34);
    masks.forEach((mask, i) => header.writeUInt32LE(mask >>> 0, 54 + 4 * i));
  }
  return Buffer.concat([header, table, data]);
}

/** Lines, the lowest first unless told otherwise, each filled up to four bytes. */
function lines(bits: number, write: (line: Buffer, x: number, y: number) => void, isTopDown = false): Buffer {
  const length = Math.ceil((W * bits) / 32) * 4;
  const all = Buffer.alloc(length * H);
  for (let row = 0; row < H; row++) {
    const y = isTopDown ? row : H - 1 - row;
    for (let x = 0; x < W; x++) write(all.subarray(row * length, (row + 1) * length), x, y);
  }
  return all;
}

const bgr = (line: Buffer, x: number, y: number) => line.set([...at(x, y)].reverse(), 3 * x);
const packed = (bits: number) => (line: Buffer, x: number, y: number) => {
  line[(x * bits) >> 3] |= (index(x, y) & (2 ** bits - 1)) << (8 - bits - ((x * bits) & 7));
};
const words = (red: number, green: number, blue: number) => (line: Buffer, x: number, y: number) => {
  const [r, g, b] = at(x, y);
  line.writeUInt16LE(
    ((r >> 3) << red) | ((green === 5 && red === 11 ? g >> 2 : g >> 3) << green) | ((b >> 3) << blue),
    2 * x,
  );
};

/** Runs of each line's pixels by turns as runs, literals and, at its end, two runs of one. */
function runs(bits: 4 | 8): Buffer {
  const bytes: number[] = [];
  for (let y = H - 1; y >= 0; y--) {
    const row = Array.from({ length: W }, (_, x) => index(x, y));
    if (bits === 8) bytes.push(0, 19, ...row.slice(0, 19), 0, 1, row[19], 1, row[20]);
    else {
      const halves = Array.from({ length: 10 }, (_, i) => (row[2 * i] << 4) | (row[2 * i + 1] ?? 0));
      bytes.push(0, 19, ...halves.slice(0, 9), row[18] << 4, 2, (row[19] << 4) | row[20]);
    }
    bytes.push(0, y === 0 ? 1 : 0);
  }
  return Buffer.from(bytes);
}

const files: [string, Buffer, Image, number][] = [
  ["24 bits", bmp({ bits: 24 }, lines(24, bgr)), full, 0],
  ["24 bits, top down", bmp({ bits: 24, isTopDown: true }, lines(24, bgr, true)), full, 0],
  ["24 bits of OS/2", bmp({ bits: 24, size: 12 }, lines(24, bgr)), full, 0],
  [
    "32 bits",
    bmp(
      { bits: 32 },
      lines(32, (line, x, y) => line.set([...at(x, y)].reverse(), 4 * x)),
    ),
    full,
    0,
  ],
  [
    "32 bits by masks",
    bmp(
      { bits: 32, compression: 3, masks: [0xff, 0xff00, 0xff0000] },
      lines(32, (line, x, y) => line.set(at(x, y), 4 * x)),
    ),
    full,
    0,
  ],
  [
    "version 5, transparent",
    bmp(
      { bits: 32, compression: 3, size: 124, masks: [0xff0000, 0xff00, 0xff, 0xff000000] },
      lines(32, (line, x, y) => line.set([...[...at(x, y)].reverse(), 51], 4 * x)),
    ),
    draw(W, H, (x, y) => at(x, y).map((value) => 0.2 * value + 204.5) as never),
    1,
  ],
  ["16 bits", bmp({ bits: 16 }, lines(16, words(10, 5, 0))), full, 8],
  [
    "32 bits by four masks, whatever the header's size",
    bmp(
      { bits: 32, compression: 6, masks: [0xff0000, 0xff00, 0xff, 0xff000000] },
      lines(32, (line, x, y) => {
        const [red, green, blue] = at(x, y);
        line.writeUInt32LE((0xff000000 | (red << 16) | (green << 8) | blue) >>> 0, 4 * x);
      }),
    ),
    full,
    0,
  ],
  [
    "16 bits by masks",
    bmp({ bits: 16, compression: 3, masks: [0xf800, 0x7e0, 0x1f] }, lines(16, words(11, 5, 0))),
    full,
    8,
  ],
  ["8 bits", bmp({ bits: 8, palette: colours }, lines(8, packed(8))), indexed, 0],
  ["8 bits of OS/2", bmp({ bits: 8, palette: colours, size: 12 }, lines(8, packed(8))), indexed, 0],
  ["4 bits", bmp({ bits: 4, palette: colours }, lines(4, packed(4))), indexed, 0],
  [
    "1 bit",
    bmp({ bits: 1, palette: colours.slice(0, 2) }, lines(1, packed(1))),
    draw(W, H, (x, y) => colours[index(x, y) & 1]),
    0,
  ],
  ["8 bits, run lengths", bmp({ bits: 8, compression: 1, palette: colours }, runs(8)), indexed, 0],
  ["4 bits, run lengths", bmp({ bits: 4, compression: 2, palette: colours }, runs(4)), indexed, 0],
];

describe("BMP", () => {
  for (const [name, file, expected, tolerance] of files) {
    test(name, async () => {
      assert.deepEqual(await readImageInfo(file), { width: W, height: H, format: "bmp" });
      const { width, height, data } = await loadImage(file);
      assert.deepEqual([width, height], [W, H]);
      const most = data.reduce((so, value, i) => Math.max(so, Math.abs(value - expected.data[i])), 0);
      assert.ok(most <= tolerance, `differs by up to ${most}`);
    });
  }

  test("one that is cut short, or whose end was never written, is refused", async () => {
    for (const [name, file] of files) {
      for (const share of [0.1, 0.4, 0.8, 0.97]) {
        await assert.rejects(
          loadImage(file.subarray(0, file.length * share)),
          /cut short|damaged/,
          `${name} at ${share}`,
        );
      }
    }
    const [, file] = files[0];
    await assert.rejects(loadImage(Buffer.from(file).fill(0, Math.floor(file.length * 0.5))), /cut short/);
  });

  test("sizes that the file cannot hold, and formats inside", async () => {
    const [, file] = files[0];
    const vast = Buffer.from(file);
    vast.writeInt32LE(14_000, 18);
    vast.writeInt32LE(14_000, 22);
    await assert.rejects(loadImage(vast), /cut short|takes about/);
    const none = Buffer.from(file);
    none.writeInt32LE(0, 18);
    await assert.rejects(loadImage(none), /damaged|cut short/);
    await assert.rejects(
      loadImage(bmp({ bits: 0, compression: 4 }, Buffer.alloc(50))),
      /BMP file that holds another format/,
    );
  });
});

test("a picture of one pixel is one; one of none is not", async () => {
  const file = (width: number, height: number) => {
    const bytes = Buffer.alloc(58);
    bytes.write("BM");
    [58, 0, 54, 40, width, height].forEach((value, i) => bytes.writeInt32LE(value, 2 + 4 * i));
    bytes.writeUInt16LE(1, 26);
    bytes.writeUInt16LE(24, 28);
    bytes.set([30, 20, 10], 54);
    return bytes;
  };
  for (const height of [1, -1]) {
    const { width, height: rows, data } = await loadImage(file(1, height));
    assert.deepEqual([width, rows, ...data], [1, 1, 10, 20, 30]);
  }
  for (const [width, height] of [
    [0, 1],
    [1, 0],
    [-1, 1],
  ]) {
    await assert.rejects(loadImage(file(width, height)), { name: "CamlabError" }, `${width} × ${height}`);
  }
});
