import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { plainJpeg } from "../../../../../src/kernel-helpers/images/jpeg/plain-jpeg.js";
import { DecodeThreads } from "../../../../../src/kernel-helpers/images/jpeg/threads/decode-threads.js";
import { decodePlain } from "../../../../../src/kernel-helpers/images/jpeg/wasm/decode-plain.js";
import { prepareImage } from "../../../../../src/kernel-helpers/images/input/prepare-image.js";
import { draw, encode, preprocessing } from "../../pictures.js";

const files = await Promise.all(
  Array.from({ length: 12 }, (_, i) =>
    encode(draw(90 + i, 70, (x, y) => [x * 2, y * 3, (x * y + 20 * i) % 256]))
      .jpeg({ chromaSubsampling: i % 2 ? "4:4:4" : "4:2:0" })
      .toBuffer(),
  ),
);
const planOf = (file: Uint8Array) => {
  const { width, height } = plainJpeg(file)!;
  const region = { x: 0, y: 0, width, height };
  const reduced = { width: 40, height: 31 };
  return { region, reduced, needed: { x: 3, y: 2, width: 30, height: 28 } };
};

test("threads give each file's pixels to whom asked for it, say what is odd, and leave the bytes alone", async () => {
  const threads = new DecodeThreads(2);
  const decode = (file: Uint8Array) => threads.decode(file, plainJpeg(file)!, planOf(file));
  assert.equal(decode(files[0]), undefined, "none has started yet");
  while (!decode(files[0])) await wait(5);
  const around = Buffer.concat([Buffer.alloc(100), files[3]]).subarray(100);
  const cut = files[4].subarray(0, -200);
  const found = await Promise.all([...files, around, cut].map(async (file) => decode(file)));
  files.forEach((file, i) =>
    assert.deepEqual(found[i], decodePlain(file, plainJpeg(file)!, planOf(file)), `file ${i}`),
  );
  assert.deepEqual(found[12], found[3]);
  assert.equal(found[13], undefined);
  assert.ok(files[0].length > 0);
  // So much that the threads end before it is done, whatever else the machine does.
  const large = await encode(draw(1200, 1200, (x, y) => [x % 256, y % 256, (x * y) % 256]))
    .jpeg()
    .toBuffer();
  const waiting = Array.from({ length: 100 }, () => decode(large)!);
  await Promise.all([
    assert.rejects(waiting[99], /ended before its time/),
    Promise.allSettled(waiting),
    threads.close(),
  ]);
  assert.equal(decode(files[0]), undefined);
});

test("many pictures at once are the same as one after the other", async () => {
  const input = preprocessing({ width: 48, height: 48, fit: "cover" });
  const alone: Uint8Array[] = [];
  for (const file of files) alone.push((await prepareImage(file, input)).pixels);
  for (let round = 0; round < 12; round++) {
    const together = await Promise.all(files.map((file) => prepareImage(file, input)));
    together.forEach(({ pixels }, i) => assert.deepEqual(pixels, alone[i], `round ${round}, file ${i}`));
    await wait(20);
  }
});
