import assert from "node:assert/strict";
import { test } from "node:test";
import { peakOf } from "../../../src/kernel-helpers/cam/peak.js";
import { upsample } from "../../../src/kernel-helpers/cam/upsample.js";
import { mirroredPlacement } from "../../../src/kernel-helpers/images/input/placement.js";
import type { Placement } from "../../../src/kernel-helpers/images/input/preprocessing.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";

/** A photo of 400 × 100 squashed onto an input of 64 × 32. */
const placement: Placement = {
  ...{ scaleX: 64 / 400, scaleY: 32 / 100, offsetX: 0, offsetY: 0 },
  ...{ imageWidth: 400, imageHeight: 100, inputWidth: 64, inputHeight: 32 },
};

function peak(width: number, height: number, values: readonly number[], where = placement) {
  return peakOf({ width, height, data: Float32Array.from(values), placement: where });
}

test("the peak is the centre of the largest cell, in pixels of the photo", () => {
  assert.deepEqual(peak(4, 2, [0, 0, 0, 0, 0, 0, 9, 0]), { x: 250, y: 75 });
  assert.deepEqual(peak(4, 2, [9, 0, 0, 0, 0, 0, 0, 0]), { x: 50, y: 25 });
  assert.deepEqual(peak(1, 1, [-3]), { x: 200, y: 50 });
  assert.deepEqual(peak(4, 2, [9, 0, 0, 0, 0, 0, 0, 0], mirroredPlacement(placement)), { x: 350, y: 25 });
});

test("of equal cells the first; cells that were not seen are none", () => {
  assert.deepEqual(peak(4, 1, [1, 2, 2, 0]), { x: 150, y: 50 });
  assert.deepEqual(peak(4, 1, [NaN, -5, NaN, -4]), { x: 350, y: 50 });
});

test("it is where the stretched map is highest", () => {
  const random = seededRandom("peaks");
  for (let i = 0; i < 50; i++) {
    const map = { width: 8, height: 4, data: Float32Array.from({ length: 32 }, random), placement };
    const { x, y } = peakOf(map);
    // Nine pixels a cell: the middle one has its centre on the cell's.
    const { width, height, data } = upsample(map, { width: 72, height: 36 });
    const at = Math.floor((y / 100) * height) * width + Math.floor((x / 400) * width);
    assert.equal(data[at], Math.max(...data));
  }
});

test("a peak outside the photo is brought to its edge; a map without a peak or a photo is refused", () => {
  const cover: Placement = { ...placement, scaleX: 0.1, scaleY: 0.1, offsetX: 0, offsetY: 11 };
  assert.deepEqual(peak(2, 2, [0, 0, 1, 0], cover), { x: 160, y: 100 });
  assert.throws(() => peak(2, 1, [NaN, NaN]), /the map has no peak: no place of it was seen/);
  assert.throws(() => peak(2, 1, [Infinity, 0]), /the map has no peak: it holds an infinite value/);
  assert.throws(() => peakOf({ width: 1, height: 1, data: Float32Array.of(1) }), /no placement on a photo/);
});
