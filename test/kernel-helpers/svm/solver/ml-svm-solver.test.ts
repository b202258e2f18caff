import assert from "node:assert/strict";
import { test as it } from "node:test";
import { matrixOf, rowOf } from "../../../../src/kernel-helpers/support/matrix.js";
import { accuracy } from "../../../../src/kernel-helpers/svm/metrics/accuracy.js";
import { trainLinearSvm } from "../../../../src/kernel-helpers/svm/train-linear-svm.js";
import { clouds, objective } from "../fixtures.js";

const { features, labels } = clouds(90, 6, 3, 0.8, 2);
const options = { solver: "ml-svm" } as const;

it("learns several classes, the same at each run, near the objective of camlab's own solver", async () => {
  const svm = await trainLinearSvm(features, labels, options);
  const again = await trainLinearSvm(features, labels, options);
  const own = await trainLinearSvm(features, labels, { loss: "hinge" });
  assert.deepEqual(again.weights, svm.weights);
  assert.equal(accuracy(svm.predict(features), labels), 1);
  assert.equal(accuracy(own.predict(features), labels), 1);
  assert.equal(svm.provenance.solver, "ml-svm");
});

it("the objective that it reports is that of its weights, and near the least", async () => {
  const { features, labels } = clouds(60, 5, 2, 2.5, 4);
  const signs = labels.map((label) => (label === 1 ? 1 : -1));
  const svm = await trainLinearSvm(features, labels, { ...options, C: 0.7 });
  // Its bias is not regularised.
  const whole = objective(features, signs, svm.weightsOf(), svm.bias[0], { C: 0.7, hinge: true });
  const value = whole - (svm.bias[0] * svm.bias[0]) / 2;
  assert.ok(Math.abs(svm.provenance.fits[0].objective - value) < 1e-5 * value);
  const own = await trainLinearSvm(features, labels, { loss: "hinge", C: 0.7, bias: 30 });
  const best = objective(features, signs, own.weightsOf(), own.bias[0], { C: 0.7, hinge: true });
  assert.ok(value <= 1.1 * (best - (own.bias[0] * own.bias[0]) / 2), `${value} against ${best}`);
});

it("a channel that never varies, and features a thousand times as long, do no harm", async () => {
  const plain = await trainLinearSvm(features, labels, options);
  const constant = matrixOf(Array.from({ length: 90 }, (_, row) => [...rowOf(features, row), 0]));
  const wider = await trainLinearSvm(constant, labels, options);
  assert.deepEqual(wider.predict(constant), plain.predict(features));
  assert.equal(wider.weightsOf("0")[6], 0);
  const long = { ...features, data: features.data.map((value) => 1000 * value) };
  const svm = await trainLinearSvm(long, labels, { ...options, C: 1e-6 });
  assert.deepEqual(svm.predict(long), plain.predict(features));
});

it("what it cannot do is refused", async () => {
  await assert.rejects(trainLinearSvm(features, labels, { ...options, classWeights: { 0: 2 } }), /no class or sample/);
  await assert.rejects(
    trainLinearSvm(features, labels, { solver: "ml-svm", loss: "squared-hinge" }),
    /hinge loss only/,
  );
});
