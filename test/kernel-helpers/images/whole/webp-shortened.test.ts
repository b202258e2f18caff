import assert from "node:assert/strict";
import { test } from "node:test";
import { hasUnwrittenChunk, shortenedWebp } from "../../../../src/kernel-helpers/images/whole/webp-shortened.js";
import { hasZeroRun } from "../../../../src/kernel-helpers/images/whole/zero-run.js";

/** A chunk of a RIFF file: its name, its length, its content, filled to an even length. */
function chunk(name: string, content: Uint8Array): Buffer {
  const head = Buffer.from(`${name}\0\0\0\0`, "latin1");
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content, new Uint8Array(content.length & 1)]);
}

function webp(...chunks: Uint8Array[]): Buffer {
  const body = Buffer.concat([Buffer.from("WEBP"), ...chunks]);
  const head = Buffer.from("RIFF\0\0\0\0", "latin1");
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

/** Data that end in zeros from `upTo` on. */
const data = (length: number, upTo: number) => Uint8Array.from({ length }, (_, i) => (i < upTo ? 1 + (i % 200) : 0));

test("picture data with a run of zeros are shortened by 16 bytes, alone in a file; others are not looked at again", () => {
  for (const name of ["VP8 ", "VP8L"]) {
    for (const length of [64, 100, 101, 333]) {
      const expected = webp(chunk(name, data(length, length - 40).subarray(0, (length - 16) & ~1)));
      const file = webp(chunk("VP8X", data(10, 10)), chunk("ICCP", data(7, 7)), chunk(name, data(length, length - 40)));
      assert.deepEqual(Buffer.from(shortenedWebp(file)!), expected, `${name} ${length}`);
      const moved = Buffer.concat([Buffer.alloc(3), file]).subarray(3);
      assert.deepEqual(Buffer.from(shortenedWebp(moved)!), expected, "wherever it lies in memory");
    }
    assert.equal(shortenedWebp(webp(chunk(name, data(200, 177)))), undefined, "23 zeros are no run");
    assert.ok(shortenedWebp(webp(chunk(name, data(200, 176)))));
    assert.equal(shortenedWebp(webp(chunk(name, data(63, 10)))), undefined, "too little data");
  }
  assert.equal(shortenedWebp(webp(chunk("ALPH", data(200, 20)))), undefined);
  assert.equal(shortenedWebp(webp()), undefined);
});

test("of an animation it is the first frame's data; a length beyond the end is cut at the end", () => {
  const frame = (upTo: number) => chunk("ANMF", Buffer.concat([Buffer.alloc(16, 5), chunk("VP8 ", data(120, upTo))]));
  const expected = webp(chunk("VP8 ", data(104, 60)));
  assert.deepEqual(Buffer.from(shortenedWebp(webp(chunk("ANIM", data(6, 6)), frame(60), frame(120)))!), expected);
  assert.equal(shortenedWebp(webp(frame(120), frame(60))), undefined);
  assert.equal(shortenedWebp(webp(chunk("ANMF", Buffer.alloc(16, 5)), frame(60))), undefined, "a frame without data");
  const cut = webp(chunk("VP8 ", data(500, 60))).subarray(0, 20 + 120);
  assert.deepEqual(Buffer.from(shortenedWebp(cut)!), expected);
  for (const length of [12, 15, 19]) assert.equal(shortenedWebp(cut.subarray(0, length)), undefined);
});

test("a chunk of zeros that the file's head counts in was never written; zeros behind the file are no harm", () => {
  const sound = webp(chunk("VP8X", data(10, 10)), chunk("VP8 ", data(101, 101)), chunk("EXIF", data(8, 8)));
  assert.equal(hasUnwrittenChunk(sound), false);
  assert.equal(hasUnwrittenChunk(Buffer.concat([sound, Buffer.alloc(40)])), false);
  assert.equal(hasUnwrittenChunk(Buffer.concat([Buffer.alloc(3), sound]).subarray(3)), false, "wherever it lies");
  assert.equal(hasUnwrittenChunk(Buffer.from(sound).fill(0, sound.length - 16)), true);
  assert.equal(hasUnwrittenChunk(Buffer.from(sound).fill(0, sound.length - 8)), false, "content may be zeros");
  for (const length of [0, 11, 12, 19]) assert.equal(hasUnwrittenChunk(sound.subarray(0, length)), false);
});

test("a run is 24 zeros, within what is looked at", () => {
  const bytes = Uint8Array.from({ length: 100 }, (_, i) => Number(i < 40 || i >= 64));
  assert.equal(hasZeroRun(bytes), true);
  assert.equal(hasZeroRun(bytes, 40, 64), true);
  assert.equal(hasZeroRun(bytes, 41), false);
  assert.equal(hasZeroRun(bytes, 0, 63), false);
  assert.equal(hasZeroRun(bytes.subarray(41)), false);
  assert.equal(hasZeroRun(bytes.subarray(30)), true);
  assert.equal(hasZeroRun(bytes, 64, 40), false);
});
