import assert from "node:assert/strict";
import { test as it } from "node:test";
import { fitPlatt, plattProbability } from "../../../src/kernel-helpers/svm/platt.js";
import { trainLinearSvm } from "../../../src/kernel-helpers/svm/train-linear-svm.js";
import { rowOf } from "../../../src/kernel-helpers/support/matrix.js";
import { expected, parity, test, testLabels, train, trainLabels } from "./fixtures.js";

it("the curve is scikit-learn's", () => {
  const { values, relevant, platt } = expected.metrics;
  const curve = fitPlatt(values, relevant.map(Boolean));
  assert.ok(Math.abs(curve.A - platt[0]) < 1e-4 && Math.abs(curve.B - platt[1]) < 1e-4);
});

it("values without overlap, and enormous ones, give finite curves", () => {
  const curve = fitPlatt([-1e4, -1e4, 1e4, 1e4], [false, false, true, true]);
  assert.ok(Number.isFinite(curve.A) && Number.isFinite(curve.B));
  assert.ok(Math.abs(plattProbability(curve, 1e4) - 0.75) < 1e-3, "the target of two positives is 3/4");
  assert.equal(plattProbability({ A: -1, B: 0 }, 1e6), 1);
  assert.equal(plattProbability({ A: -1, B: 0 }, -1e6), 0);
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
