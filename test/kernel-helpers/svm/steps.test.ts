import assert from "node:assert/strict";
import { test as it } from "node:test";
import { rowOf } from "../../../src/kernel-helpers/support/matrix.js";
import { trainLinearSvm } from "../../../src/kernel-helpers/svm/train-linear-svm.js";
import { difference, expected, said, test, train, trainLabels } from "./fixtures.js";

const exact = { tolerance: 1e-9 };
const scale = (row: Float32Array) => 1 / Math.hypot(...row);

it("standardised: the weights carried back score raw features as scikit-learn's scaler and SVM do", async () => {
  const svm = await trainLinearSvm(train, trainLabels, { ...exact, steps: ["standardise"] });
  assert.ok(difference(svm.decisionValues(test).data, expected.standardise.values.flat()) < 2e-4);
  assert.ok(difference(svm.weights.data, expected.standardise.weights.flat()) < 2e-4);
});

it("L2-normalised: a decision value is (w / ‖F‖) · F + b, and w / ‖F‖ are the photo's weights", async () => {
  const svm = await trainLinearSvm(train, trainLabels, { ...exact, C: 10, steps: ["l2Normalise"] });
  assert.ok(difference(svm.weights.data, said("l2Normalise").weights.flat()) < 2e-4);
  assert.ok(difference(svm.decisionValues(test).data, expected.l2Normalise.values.flat()) < 2e-4);
  const photo = rowOf(test, 5);
  const own = svm.weightsOf("2", photo);
  assert.ok(
    difference(
      own,
      Array.from(svm.weightsOf("2"), (w) => w * scale(photo)),
    ) < 1e-6,
  );
  const decision = own.reduce((sum, w, k) => sum + w * photo[k], svm.biasOf("2"));
  assert.ok(Math.abs(decision - expected.l2Normalise.values[5][2]) < 1e-3);
});

it("normalised, then standardised: as scikit-learn's pipeline", async () => {
  const svm = await trainLinearSvm(train, trainLabels, { ...exact, steps: ["l2Normalise", "standardise"] });
  assert.ok(difference(svm.decisionValues(test).data, expected.both.values.flat()) < 2e-4);
  const photo = rowOf(test, 7);
  const decision = svm.weightsOf("1", photo).reduce((sum, w, k) => sum + w * photo[k], svm.biasOf("1"));
  assert.ok(Math.abs(decision - expected.both.values[7][1]) < 1e-3);
});

it("the CAM of a normalised photo sums to its decision value: mean of Σ w_k f_k(x, y), plus the bias", async () => {
  const svm = await trainLinearSvm(train, trainLabels, { steps: ["l2Normalise", "standardise"] });
  // Feature maps of 2 × 2 whose means are the photo's features.
  const photo = rowOf(test, 0);
  const spread = [0.1, 0.4, 1.2, 2.3];
  const weights = svm.weightsOf("3", photo);
  const map = spread.map((share) => weights.reduce((sum, w, k) => sum + w * photo[k] * share, 0));
  const mean = map.reduce((a, b) => a + b, 0) / 4;
  const values = svm.decisionValues(test);
  assert.ok(Math.abs(mean + svm.biasOf("3") - values.data[3]) < 1e-4);
});
