import assert from "node:assert/strict";
import { test } from "node:test";
import { pixelAveragePrecision } from "../../../../src/kernel-helpers/discovery/text/pixel-average-precision.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { averagePrecision } from "../../../../src/kernel-helpers/svm/metrics/average-precision.js";

test("is the average precision of the pixels, with and without ties", () => {
  const random = seededRandom("pixels");
  for (const levels of [3, 50, 1e9]) {
    const values = Float32Array.from({ length: 700 }, () => Math.floor(random() * levels) - levels / 2);
    const inside = Uint8Array.from(values, (value) => (random() < 0.1 + (value > 0 ? 0.2 : 0) ? 1 : 0));
    const expected = averagePrecision(values, Array.from(inside, Boolean));
    assert.ok(Math.abs(pixelAveragePrecision(values, inside) - expected) < 1e-12);
  }
});

test("a constant map reaches the share of pixels inside, no pixel inside gives 0, NaN is refused", () => {
  assert.equal(pixelAveragePrecision(new Float32Array(8), Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0)), 0.25);
  assert.equal(pixelAveragePrecision(new Float32Array(8), new Uint8Array(8)), 0);
  assert.throws(() => pixelAveragePrecision(Float32Array.of(1, NaN), Uint8Array.of(1, 0)), /NaN, which has no rank/);
  assert.throws(() => pixelAveragePrecision(new Float32Array(3), new Uint8Array(2)), /3 values .* 2 pixels/);
});
