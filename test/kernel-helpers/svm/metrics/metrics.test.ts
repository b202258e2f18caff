import assert from "node:assert/strict";
import { test as it } from "node:test";
import { accuracy, meanClassAccuracy } from "../../../../src/kernel-helpers/svm/metrics/accuracy.js";
import { averagePrecision } from "../../../../src/kernel-helpers/svm/metrics/average-precision.js";
import { bootstrapInterval } from "../../../../src/kernel-helpers/svm/metrics/bootstrap-interval.js";
import { confusionMatrix } from "../../../../src/kernel-helpers/svm/metrics/confusion-matrix.js";
import { shareOf } from "../../../../src/kernel-helpers/svm/metrics/share-of.js";
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
  assert.deepEqual(confusionMatrix({ truth: testLabels, predicted }).counts, wanted.confusion);
});

it("predictions that do not go with the labels are refused", () => {
  assert.throws(() => accuracy(["a"], ["a", "b"]), /1 predictions do not go with 2 labels/);
  assert.throws(() => meanClassAccuracy([], []), /0 predictions/);
  assert.throws(() => averagePrecision([NaN], [true]), /score of row 0: NaN/);
});

it("the bootstrap interval of a mean is near the normal one, seeded, and covers the value", () => {
  const right = Array.from({ length: 400 }, (_, row) => (row % 4 ? 1 : 0));
  const share = (rows: readonly number[]) => rows.reduce((sum, row) => sum + right[row], 0) / rows.length;
  const interval = bootstrapInterval(400, share, { resamples: 2000, seed: 3 });
  const half = 1.96 * Math.sqrt((0.75 * 0.25) / 400);
  assert.equal(interval.value, 0.75);
  assert.ok(Math.abs(interval.low - (0.75 - half)) < 0.006 && Math.abs(interval.high - (0.75 + half)) < 0.006);
  assert.deepEqual(bootstrapInterval(400, share, { resamples: 2000, seed: 3 }), interval);
  assert.throws(() => bootstrapInterval(0, share), /invalid rows: 0 \(expected a whole number from 1\)/);
  assert.throws(() => bootstrapInterval(4, share, { confidence: 1 }), /invalid confidence/);
});

it("a confusion matrix has truth in its rows, takes its lists by name, and keeps what classes are", () => {
  assert.deepEqual(confusionMatrix({ truth: ["a", "a"], predicted: ["a", "b"], classes: ["b", "a"] }), {
    classes: ["b", "a"],
    counts: [
      [0, 0],
      [1, 1],
    ],
  });
  assert.deepEqual(confusionMatrix({ truth: [10, 9, 10], predicted: [10, 10, 2] }), {
    classes: [2, 9, 10],
    counts: [
      [0, 0, 0],
      [0, 0, 1],
      [1, 0, 1],
    ],
  });
  // @ts-expect-error two lists that look alike would be taken for each other
  assert.throws(() => confusionMatrix(["x"], ["a"]), /both lists by name: confusionMatrix\(\{ truth, predicted \}\)/);
  assert.throws(() => confusionMatrix({ truth: ["a"], predicted: ["x"], classes: ["a"] }), /row 0 has a class.*a → x/);
  assert.throws(() => confusionMatrix({ truth: ["a"], predicted: ["a"], classes: ["a", "a"] }), /invalid classes/);
  assert.throws(() => confusionMatrix({ truth: ["a", "b"], predicted: ["a"] }), /1 predictions do not go with 2/);
});

it("a share has the interval of Wilson: 250 of 250 is not 100 to 100", () => {
  // The figures of Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I, method 3.
  for (const [count, of, low, high] of [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ]) {
    const found = shareOf(Array.from({ length: of }, (_, i) => (i * 7) % of < count));
    assert.equal(found.value, count / of);
    assert.ok(Math.abs(found.low - low) < 5e-5 && Math.abs(found.high - high) < 5e-5, JSON.stringify(found));
  }
  const all = shareOf(new Array<boolean>(250).fill(true));
  assert.deepEqual([all.value, all.high, all.confidence], [1, 1, 0.95]);
  assert.ok(Math.abs(all.low - 250 / (250 + 1.959964 ** 2)) < 1e-6);
});

it("a statistic that is now and then no number leaves those samples out, and says how many", () => {
  // The mean of the rows above 0 of 5, where there are any.
  const values = [0, 0, 0, 1, 3];
  const mean = (rows: readonly number[]) => {
    const some = rows.map((row) => values[row]).filter((value) => value > 0);
    return some.reduce((sum, value) => sum + value, 0) / some.length;
  };
  const found = bootstrapInterval(5, mean, { resamples: 2000 });
  assert.equal(found.value, 2);
  assert.deepEqual([found.low, found.high], [1, 3]);
  // No row above 0 is drawn with probability (3/5)^5 = 0.078.
  assert.ok(Math.abs(found.undefinedResamples! / 2000 - 0.6 ** 5) < 0.02);
  const never = bootstrapInterval(3, () => NaN, { resamples: 10 });
  assert.deepEqual([never.value, never.low, never.high, never.undefinedResamples], [NaN, NaN, NaN, 10]);
  assert.ok(!("undefinedResamples" in bootstrapInterval(3, () => 1, { resamples: 10 })));
});

it("the ends are NumPy's quantiles of the samples", () => {
  // A statistic that gives 0, 1, … 8 in turn, whatever the rows: np.quantile(range(9), [0.1, 0.9]) is 0.8 and 7.2.
  let next = 0;
  const interval = bootstrapInterval(4, () => next++ % 9, { resamples: 9, confidence: 0.8 });
  assert.ok(Math.abs(interval.low - 0.8) < 1e-12 && Math.abs(interval.high - 7.2) < 1e-12, JSON.stringify(interval));
  next = 0;
  const half = bootstrapInterval(4, () => next++ % 9, { resamples: 9, confidence: 0.5 });
  assert.deepEqual([half.low, half.high], [2, 6]);
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
