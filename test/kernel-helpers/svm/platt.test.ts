import assert from "node:assert/strict";
import { test as it } from "node:test";
import { fitPlatt, plattProbability } from "../../../src/kernel-helpers/svm/platt.js";
import type { Labels } from "../../../src/kernel-helpers/svm/labels.js";
import { trainLinearSvm } from "../../../src/kernel-helpers/svm/train-linear-svm.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";
import { rowOf } from "../../../src/kernel-helpers/support/matrix.js";
import { expected, parity, test, testLabels, train, trainLabels } from "./fixtures.js";

it("the curve is scikit-learn's", () => {
  const { values, relevant, platt } = expected.metrics;
  const curve = fitPlatt(values, relevant.map(Boolean));
  assert.ok(Math.abs(curve.A - platt[0]) < 1e-4 && Math.abs(curve.B - platt[1]) < 1e-4);
});

it("no curve near by has a smaller loss, wherever the values lie and however they are scaled", () => {
  const random = seededRandom("platt");
  for (const [scale, shift, overlap, count] of [
    [1, 0, 1, 40],
    [0.01, 3, 0.5, 60],
    [500, -200, 2, 30],
    [1, 40, 0.2, 25],
    [20, 0, 0.05, 80],
    [3, 5, 6, 7],
  ]) {
    const positive = Array.from({ length: count }, (_, i) => i % 3 === 0);
    const values = positive.map((yes) => shift + scale * ((yes ? 1 : 0) + overlap * (random() - 0.5)));
    const yes = positive.filter(Boolean).length;
    const loss = (A: number, B: number) => {
      let sum = 0;
      values.forEach((value, i) => {
        const wanted = positive[i] ? (yes + 1) / (yes + 2) : 1 / (count - yes + 2);
        const p = 1 / (1 + Math.exp(A * value + B));
        sum -= wanted * Math.log(p) + (1 - wanted) * Math.log(1 - p);
      });
      return sum;
    };
    const { A, B } = fitPlatt(values, positive);
    const least = loss(A, B);
    for (let i = 0; i < 16; i++) {
      // Steps that turn the curve about the values' middle, and steps that move it.
      const [turn, move] = [Math.cos((i * Math.PI) / 8), Math.sin((i * Math.PI) / 8)].map((step) => 0.01 * step);
      const nearBy = loss(A + turn / scale, B + move - (turn / scale) * (shift + scale / 2));
      assert.ok(nearBy >= least - 1e-9, `${A}, ${B}: ${nearBy} is below ${least}`);
    }
  }
});

it("a curve's probabilities are the logistic function's", () => {
  for (const value of [-3, -0.5, 0, 0.25, 2]) {
    const wanted = 1 / (1 + Math.exp(-1.5 * value + 0.3));
    assert.ok(Math.abs(plattProbability({ A: -1.5, B: 0.3 }, value) - wanted) < 1e-15);
  }
});

it("values without overlap, and enormous ones, give finite curves", () => {
  const curve = fitPlatt([-1e4, -1e4, 1e4, 1e4], [false, false, true, true]);
  assert.ok(Number.isFinite(curve.A) && Number.isFinite(curve.B));
  assert.ok(Math.abs(plattProbability(curve, 1e4) - 0.75) < 1e-3, "the target of two positives is 3/4");
  assert.equal(plattProbability({ A: -1, B: 0 }, 1e6), 1);
  assert.equal(plattProbability({ A: -1, B: 0 }, -1e6), 0);
});

it("of several labels each has a probability of its own; of several classes they are parts of 1", async () => {
  const sets = trainLabels.map((label) => [label > 1 ? "high" : "low", ...(label % 2 ? ["odd"] : [])]);
  for (const [labels, alone] of [
    [sets, true],
    [trainLabels, false],
  ] as const) {
    const svm = await trainLinearSvm(train, labels as Labels, { probabilities: true });
    const [{ data }, found] = [svm.decisionValues(test), svm.probabilities(test)];
    const count = svm.classes.length;
    for (let row = 0; row < test.rows; row++) {
      const own = svm.platt!.map(({ A, B }, k) => 1 / (1 + Math.exp(A * data[row * count + k] + B)));
      const whole = alone ? 1 : own.reduce((sum, value) => sum + value, 0);
      own.forEach((value, k) => assert.ok(Math.abs(found.data[row * count + k] - value / whole) < 1e-6));
    }
  }
});

it("probabilities are held-out ones: calibrated on other rows, summing to 1, in the order of the decision values", async () => {
  const svm = await trainLinearSvm(train, parity(trainLabels), { probabilities: { folds: 4 } });
  const probabilities = svm.probabilities(test);
  const values = svm.decisionValues(test);
  const truth = parity(testLabels);
  let mean = 0;
  for (let row = 0; row < test.rows; row++) {
    const [no, yes] = rowOf(probabilities, row);
    assert.ok(Math.abs(no + yes - 1) < 1e-6);
    mean += (yes - truth[row]) / test.rows;
  }
  assert.ok(Math.abs(mean) < 0.08);
  const order = (data: Float32Array, at: (row: number) => number) =>
    [...truth.keys()].sort((a, b) => data[at(a)] - data[at(b)] || a - b);
  const byValue = order(values.data, (row) => row);
  assert.equal(
    probabilities.data[2 * byValue[199] + 1],
    Math.max(...[...truth.keys()].map((r) => probabilities.data[2 * r + 1])),
  );

  const four = await trainLinearSvm(train, trainLabels, { probabilities: true });
  const all = four.probabilities(test);
  assert.equal(all.columns, 4);
  for (let row = 0; row < test.rows; row++) {
    assert.ok(Math.abs(rowOf(all, row).reduce((a, b) => a + b, 0) - 1) < 1e-5);
  }
  const plain = await trainLinearSvm(train, trainLabels);
  assert.deepEqual(four.weights, plain.weights, "asking for probabilities does not change the weights");
  assert.throws(() => plain.probabilities(test), /train it with/);
});
