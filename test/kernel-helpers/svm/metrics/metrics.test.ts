import assert from "node:assert/strict";
import { test as it } from "node:test";
import { accuracy, meanClassAccuracy } from "../../../../src/kernel-helpers/svm/metrics/accuracy.js";
import { averagePrecision } from "../../../../src/kernel-helpers/svm/metrics/average-precision.js";
import { bootstrapInterval } from "../../../../src/kernel-helpers/svm/metrics/bootstrap-interval.js";
import { confusionMatrix } from "../../../../src/kernel-helpers/svm/metrics/confusion-matrix.js";
import { expected, testLabels } from "../fixtures.js";

const { values, relevant, predicted, ...wanted } = expected.metrics;

it("accuracies, average precision (with and without ties) and the confusion matrix are scikit-learn's", () => {
  const right = predicted.filter((label, row) => label === testLabels[row]).length;
  assert.equal(accuracy(predicted.map(String), testLabels), right / 200);
  assert.ok(Math.abs(meanClassAccuracy(predicted, testLabels) - wanted.meanClassAccuracy) < 1e-9);
  const yes = relevant.map(Boolean);
  assert.ok(Math.abs(averagePrecision(values, yes) - wanted.averagePrecision) < 1e-9);
  assert.ok(Math.abs(averagePrecision(values.map(halfToEven), yes) - wanted.tied) < 1e-9);
  assert.equal(averagePrecision([3, 1], [false, false]), 0);
  assert.deepEqual(confusionMatrix(predicted, testLabels).counts, wanted.confusion);
  assert.deepEqual(confusionMatrix(["a", "b"], ["a", "a"], ["b", "a"]).counts, [
    [0, 0],
    [1, 1],
  ]);
});

it("predictions that do not go with the labels are refused", () => {
  assert.throws(() => accuracy(["a"], ["a", "b"]), /1 predictions do not go with 2 labels/);
  assert.throws(() => meanClassAccuracy([], []), /0 predictions/);
  assert.throws(() => averagePrecision([NaN], [true]), /score of row 0: NaN/);
  assert.throws(() => confusionMatrix(["x"], ["a"], ["a"]), /row 0 has a class/);
});

it("the bootstrap interval of a mean is near the normal one, seeded, and covers the value", () => {
  const right = Array.from({ length: 400 }, (_, row) => (row % 4 ? 1 : 0));
  const share = (rows: readonly number[]) => rows.reduce((sum, row) => sum + right[row], 0) / rows.length;
  const interval = bootstrapInterval(400, share, { resamples: 2000, seed: 3 });
  const half = 1.96 * Math.sqrt((0.75 * 0.25) / 400);
  assert.equal(interval.value, 0.75);
  assert.ok(Math.abs(interval.low - (0.75 - half)) < 0.006 && Math.abs(interval.high - (0.75 + half)) < 0.006);
  assert.deepEqual(bootstrapInterval(400, share, { resamples: 2000, seed: 3 }), interval);
  assert.throws(() => bootstrapInterval(0, share), /invalid rows/);
  assert.throws(() => bootstrapInterval(4, share, { confidence: 1 }), /invalid confidence/);
});

it("a ratio that is now and then infinite has an infinite end, never NaN", () => {
  const often = bootstrapInterval(4, (rows) => (rows.includes(0) ? rows.length : Infinity));
  assert.deepEqual([often.value, often.low, often.high], [4, 4, Infinity]);
  const always = bootstrapInterval(2, () => Infinity);
  assert.deepEqual([always.low, always.high], [Infinity, Infinity]);
});

/** NumPy's rounding. */
function halfToEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}
