import assert from "node:assert/strict";
import { test } from "node:test";
import type { Picture } from "../../../../src/kernel-helpers/images/picture.js";
import type { Preprocessing } from "../../../../src/kernel-helpers/images/input/preprocessing.js";
import { openPixels } from "../../../../src/kernel-helpers/training/data/pixel-store.js";
import { stripes, SIDE } from "../stripes.js";

const FORM: Preprocessing = {
  width: SIDE,
  height: SIDE,
  fit: "squash",
  channelOrder: "RGB",
  mean: [0, 0, 0],
  std: [1, 1, 1],
};
const COUNT = 40;

for (const memory of [1e9, 1]) {
  const way = memory > 1 ? "kept in memory" : "decoded again each time";
  test(`pictures that are ${way} come in their order, a few under way at a time`, async () => {
    let begun = 0;
    const images = Array.from({ length: COUNT }, (_, i) => stripes("level", i));
    const pictures = images.map((image): Picture => ({
      get file() {
        begun++;
        return image;
      },
    }));
    const far: number[] = [];
    const onProgress = ({ done }: { done: number }) => far.push(begun - done);
    const store = await openPixels(pictures, FORM, { memory, onProgress });
    assert.ok(
      far.every((ahead) => ahead <= 8),
      far.join(),
    );
    const order = Array.from({ length: COUNT }, (_, i) => (i * 7) % COUNT);
    const coming = store.pixels(order);
    // Nothing can be decoded before the event loop turns, so all that is begun is what is begun at once.
    const before = begun;
    for (let tick = 0; tick < 500; tick++) await Promise.resolve();
    assert.ok(begun - before <= 8, `${begun - before} at once`);
    const pixels = (await coming).map((each) => new Uint8Array(each!));
    assert.deepEqual(
      pixels,
      order.map((i) => images[i].data),
    );
    assert.equal(begun - before, memory > 1 ? 0 : COUNT);
  });
}

test("reading stops when it is told to", async () => {
  const stop = new AbortController();
  const pictures = Array.from({ length: COUNT }, (_, i) => ({ file: stripes("level", i) }));
  let last = 0;
  const onProgress = ({ done }: { done: number }) => {
    last = done;
    if (done === 5) stop.abort(new Error("enough"));
  };
  await assert.rejects(openPixels(pictures, FORM, { memory: 1e9, onProgress, signal: stop.signal }), /enough/);
  assert.ok(last < COUNT);
  const streaming = await openPixels(pictures, FORM, { memory: 1, signal: stop.signal });
  await assert.rejects(streaming.pixels([0, 1]), /enough/);
});
