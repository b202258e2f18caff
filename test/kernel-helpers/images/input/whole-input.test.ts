import assert from "node:assert/strict";
import { test } from "node:test";
import { placementOf, toImage } from "../../../../src/kernel-helpers/images/input/placement.js";
import { prepareImage } from "../../../../src/kernel-helpers/images/input/prepare-image.js";
import type { Preprocessing } from "../../../../src/kernel-helpers/images/input/preprocessing.js";
import { wholeInput } from "../../../../src/kernel-helpers/images/input/whole-input.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { squashed } from "../squashed.js";

const whole = (width: number, height: number, stride: number): Preprocessing => ({
  ...squashed(width, height),
  fit: "whole",
  stride,
});

test("photographs keep their proportions, about the input's area, in sides of whole strides", () => {
  assert.deepEqual(wholeInput(whole(224, 224, 32), { width: 640, height: 480 }), { width: 256, height: 192 });
  assert.deepEqual(wholeInput(whole(224, 224, 32), { width: 480, height: 640 }), { width: 192, height: 256 });
  assert.deepEqual(wholeInput(whole(224, 224, 32), { width: 300, height: 300 }), { width: 224, height: 224 });
  assert.deepEqual(wholeInput(whole(260, 260, 32), { width: 1500, height: 1000 }), {
    width: 324,
    height: 228 - 16 + 16,
  });
});

test("whatever the photograph: strides are kept, the area is near, a map has three places across and down", () => {
  const random = seededRandom("whole inputs");
  for (let i = 0; i < 2000; i++) {
    const own = 96 + Math.floor(200 * random());
    const picture = { width: 100 + Math.floor(900 * random()), height: 100 + Math.floor(900 * random()) };
    const { width, height } = wholeInput(whole(own, own, 32), picture);
    assert.equal(((width - own) % 32) | ((height - own) % 32), 0);
    assert.ok(Math.min(width, height) >= 3 * 32 || Math.min(width, height) >= own - 32);
    const aspect = picture.width / picture.height;
    if (own >= 200 && aspect > 0.5 && aspect < 2) {
      assert.ok(Math.abs(Math.log((width * height) / own ** 2)) < 0.25, `${own}: ${width}×${height}`);
      assert.ok(Math.abs(Math.log(width / height / aspect)) < 0.2, `${own}: ${width}×${height} of ${aspect}`);
    }
  }
});

test("all of a photograph, or of a region, lies on the input, mirrored or not", async () => {
  const preprocessing = whole(40, 40, 8);
  const grid = (placement: ReturnType<typeof placementOf>) => {
    const { x, y, ...size } = toImage(placement, {
      x: 0,
      y: 0,
      width: placement.inputWidth,
      height: placement.inputHeight,
    });
    const [left, top, width, height] = [x, y, size.width, size.height].map((value) => Number(value.toFixed(9)));
    return { x: left, y: top, width, height };
  };
  assert.deepEqual(grid(placementOf(preprocessing, 60, 30)), { x: 0, y: 0, width: 60, height: 30 });
  const region = { x: 10, y: 4, width: 12, height: 24 };
  assert.deepEqual(grid(placementOf(preprocessing, 60, 30, region)), region);
  const file = { width: 60, height: 30, data: new Uint8Array(60 * 30 * 3).fill(90) };
  for (const flip of [false, true]) {
    const { pixels, placement } = await prepareImage(file, preprocessing, { flip });
    assert.deepEqual([placement.inputWidth, placement.inputHeight, pixels.length], [56, 32, 56 * 32 * 3]);
    assert.deepEqual(grid(placement), { x: 0, y: 0, width: 60, height: 30 });
  }
});
