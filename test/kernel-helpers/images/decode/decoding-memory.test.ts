import assert from "node:assert/strict";
import { test } from "node:test";
import type { Metadata } from "sharp";
import { decodingMemory } from "../../../../src/kernel-helpers/images/decode/decoding-memory.js";
import type { ReadFormat } from "../../../../src/kernel-helpers/images/formats/first-bytes.js";

const [WIDTH, HEIGHT, LINES] = [1000, 3000, 1600];

/** Bytes a pixel that are held whole, and bytes a pixel of the lines under way. */
function memory(format: ReadFormat, about: Partial<Metadata>): [whole: number, band: number] {
  const of = (height: number) =>
    decodingMemory(format, { width: WIDTH, height, channels: 3, depth: "uchar", ...about } as Metadata);
  // A line more than are under way costs what is held whole, alone.
  const whole = (of(HEIGHT) - of(HEIGHT - 1000)) / (1000 * WIDTH);
  return [
    Math.round(1000 * whole) / 1000,
    Math.round((1000 * (of(HEIGHT) - whole * HEIGHT * WIDTH)) / (LINES * WIDTH)) / 1000,
  ];
}

test("what decoders hold whole, by format, depth and whether lines come in order; beside it at most 1600 lines", () => {
  assert.deepEqual(memory("jpeg", {}), [0, 3]);
  assert.deepEqual(memory("jpeg", { isProgressive: true }), [6.3, 3]);
  assert.deepEqual(memory("jpeg", { isProgressive: true, channels: 4 }), [8.4, 4]);
  assert.deepEqual(memory("jpeg", { channels: 1 }), [0, 3]);
  assert.deepEqual(memory("png", { depth: "ushort", channels: 4 }), [0, 8]);
  assert.deepEqual(memory("png", { depth: "ushort", channels: 4, isProgressive: true }), [8.6, 8]);
  assert.deepEqual(memory("png", { isProgressive: true }), [3.6, 3]);
  assert.deepEqual(memory("tiff", { depth: "float" }), [0, 12]);
  assert.deepEqual(memory("tiff", { depth: "short" }), [0, 6]);
  assert.deepEqual(memory("webp", {}), [8.5, 3]);
  assert.deepEqual(memory("gif", {}), [5.3, 3]);
  assert.deepEqual(memory("bmp", {}), [8, 3]);
  for (const format of ["avif", "heic"] as const) {
    assert.deepEqual(memory(format, {}), [19, 3]);
    assert.deepEqual(memory(format, { bitsPerSample: 8 }), [19, 3]);
    assert.deepEqual(memory(format, { bitsPerSample: 10 }), [38, 3]);
    assert.deepEqual(memory(format, { depth: "ushort" }), [38, 6]);
  }
  const small = { width: 7, height: 5, channels: 3, depth: "uchar" } as Metadata;
  assert.equal(decodingMemory("jpeg", small), 7 * 5 * 3, "no more lines than there are");
});
