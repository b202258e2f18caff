import assert from "node:assert/strict";
import { test } from "node:test";
import {
  ascending,
  mean,
  median,
  normalQuantile,
  quantile,
  wilsonInterval,
} from "../../../src/kernel-helpers/support/statistics.js";

const near = (found: number, expected: number, within = 1e-6) =>
  assert.ok(Math.abs(found - expected) <= within, `${found}, not ${expected}`);

test("mean and median, of nothing NaN", () => {
  assert.equal(mean([1, 2, 6]), 3);
  assert.equal(mean(Float32Array.of(0.5)), 0.5);
  assert.ok(Number.isNaN(mean([])));
  const values = [5, 1, 10, 2];
  assert.equal(median(values), 3.5);
  assert.equal(median([5, 1, 10]), 5);
  assert.deepEqual(values, [5, 1, 10, 2]);
  assert.ok(Number.isNaN(median([])));
});

test("quantiles are NumPy's", () => {
  // np.quantile([1, 2, 4, 8], [0, 0.1, 0.5, 0.975, 1])
  const expected = [1, 1.3, 3, 7.7, 8];
  [0, 0.1, 0.5, 0.975, 1].forEach((share, i) => near(quantile([1, 2, 4, 8], share), expected[i], 1e-12));
  assert.equal(quantile([3], 0.7), 3);
  assert.equal(quantile([-Infinity, Infinity, Infinity], 0.75), Infinity);
  assert.ok(Number.isNaN(quantile([], 0.5)));
});

test("sorting keeps infinities together", () => {
  assert.deepEqual([Infinity, 10, 9, -Infinity, Infinity].sort(ascending), [-Infinity, 9, 10, Infinity, Infinity]);
});

test("the normal distribution's quantiles are SciPy's", () => {
  // scipy.stats.norm.ppf
  const known: [number, number][] = [
    [1e-9, -5.997807015],
    [0.001, -3.090232306],
    [0.025, -1.959963985],
    [0.3, -0.524400513],
    [0.5, 0],
    [0.9, 1.281551566],
    [0.995, 2.575829304],
    [1 - 1e-12, 7.03448691],
  ];
  for (const [share, expected] of known) near(normalQuantile(share), expected, 1e-6 * Math.max(1, Math.abs(expected)));
});

test("Wilson's intervals are SciPy's", () => {
  // scipy.stats.binomtest(hits, trials).proportion_ci(confidence, method="wilson")
  const known: [number, number, number, number, number][] = [
    [15, 25, 0.95, 0.407394574, 0.765966976],
    [0, 10, 0.95, 0, 0.2775328],
    [10, 10, 0.95, 0.7224672, 1],
    [1, 3, 0.9, 0.078265726, 0.746466132],
    [882, 1000, 0.99, 0.853170172, 0.905794178],
  ];
  for (const [hits, trials, confidence, low, high] of known) {
    const found = wilsonInterval(hits, trials, confidence);
    near(found.low, low);
    near(found.high, high);
    assert.equal(found.value, hits / trials);
    assert.equal(found.confidence, confidence);
  }
  assert.deepEqual(wilsonInterval(0, 0), { value: NaN, low: 0, high: 1, confidence: 0.95 });
});

test("counts that do not fit together are refused", () => {
  assert.throws(() => wilsonInterval(3, 2), { message: "invalid hits: 3 (expected 0 to 2)" });
  assert.throws(() => wilsonInterval(NaN, 2), { name: "CamlabError" });
  assert.throws(() => wilsonInterval(1, 2.5), { message: "invalid trials: 2.5 (expected a whole number from 0)" });
  assert.throws(() => wilsonInterval(1, 2, 1), { message: "invalid confidence: 1 (expected 0 < c < 1)" });
});
