import assert from "node:assert/strict";
import { describe, test as it } from "node:test";
import { matrixOf, rowOf, selectRows } from "../../../src/kernel-helpers/support/matrix.js";
import { trainLinearSvm } from "../../../src/kernel-helpers/svm/train-linear-svm.js";
import {
  all,
  clouds,
  cosine,
  difference,
  expected,
  noisy,
  objective,
  parity,
  said,
  test,
  testLabels,
  train,
  trainLabels,
} from "./fixtures.js";

const exact = { tolerance: 1e-9 };
const normalised = (row: Float32Array) => {
  const length = Math.hypot(...row);
  return row.map((value) => value / length);
};
const signs = parity(trainLabels).map((label) => (label === 1 ? 1 : -1));

describe("the same optimum as scikit-learn", () => {
  const cases = [
    { name: "binary", labels: parity(trainLabels), options: {} },
    { name: "binary hinge", labels: parity(trainLabels), options: { loss: "hinge", tolerance: 1e-8 } },
    { name: "multiclass", labels: trainLabels, options: {} },
    {
      name: "balanced",
      labels: trainLabels.map((label) => (label === 3 ? 0 : label)),
      options: { classWeights: "balanced" },
    },
    { name: "class weights", labels: trainLabels, options: { classWeights: { 0: 3, 2: 0.5 } } },
    { name: "sample weights", labels: parity(trainLabels), options: { sampleWeights: expected.sampleWeights } },
    { name: "bias 10", labels: parity(trainLabels), options: { bias: 10 } },
    { name: "no bias", labels: parity(trainLabels), options: { bias: 0 } },
  ] as const;
  for (const { name, labels, options } of cases) {
    it(name, async () => {
      const svm = await trainLinearSvm(train, labels, { ...exact, ...options });
      const wanted = said(name);
      assert.ok(difference(svm.weights.data, wanted.weights.flat()) < 2e-4);
      const scale = Math.max(...wanted.weights.flat().map(Math.abs));
      wanted.bias.forEach((bias, k) => assert.ok(Math.abs(svm.bias[k] - bias) < 2e-4 * scale));
      assert.ok(svm.provenance.fits.every((fit) => fit.converged));
    });
  }

  it("long rows with coin-flip labels, by Newton's method", async () => {
    const svm = await trainLinearSvm(noisy, expected.noisy.labels, exact);
    assert.ok(svm.provenance.fits[0].newtonSteps > 0);
    assert.ok(svm.provenance.fits[0].newtonSteps <= 12, "second-order steps are few");
    assert.ok(svm.provenance.fits[0].converged);
    assert.ok(difference(svm.weights.data, expected.noisy.weights[0]) < 1e-3);
  });
});

describe("the same optimum as liblinear at -e 1e-4, at the default tolerance", () => {
  for (const [name, loss] of [
    ["liblinear 1", "squared-hinge"],
    ["liblinear 3", "hinge"],
  ] as const) {
    it(`solver ${name.at(-1)}`, async () => {
      const svm = await trainLinearSvm(train, trainLabels, { loss, steps: ["l2Normalise"] });
      const unit = matrixOf(Array.from({ length: 200 }, (_, row) => normalised(rowOf(train, row))));
      const peer = said(name);
      svm.classes.forEach((className, k) => {
        const own = trainLabels.map((label) => (label === className ? 1 : -1));
        const ours = objective(unit, own, svm.weightsOf(className), svm.bias[k], { hinge: loss === "hinge" });
        const theirs = objective(unit, own, peer.weights[k], peer.bias[k], { hinge: loss === "hinge" });
        assert.ok(ours <= 1.001 * theirs && theirs <= 1.001 * ours, `${ours} against ${theirs}`);
        assert.ok(cosine(svm.weightsOf(className), peer.weights[k]) >= 0.999);
      });
      const predicted = svm.predict(test);
      const same = predicted.filter((label, row) => label === peer.predicted[row]);
      assert.ok(same.length >= 0.995 * testLabels.length);
    });
  }
});

describe("properties", () => {
  it("the reported objective is P(w), and no point near by is lower than the gap allows", async () => {
    for (const loss of ["squared-hinge", "hinge"] as const) {
      const svm = await trainLinearSvm(train, parity(trainLabels), { loss });
      const [fit] = svm.provenance.fits;
      const at = (weights: Float32Array) => objective(train, signs, weights, svm.bias[0], { hinge: loss === "hinge" });
      const value = at(svm.weightsOf());
      assert.ok(Math.abs(value - fit.objective) < 1e-6 * value);
      assert.ok(fit.gap !== undefined && fit.gap <= 1e-5 * value);
      svm.weightsOf().forEach((weight, k) => {
        for (const step of [-1e-3, 1e-3]) {
          const moved = svm.weightsOf();
          moved[k] = weight + step;
          assert.ok(at(moved) >= value - fit.gap! - 1e-6 * value);
        }
      });
    }
  });

  it("a class weight of 2 is the same as each of its rows twice, and a sample weight too", async () => {
    const labels = parity(trainLabels);
    const positives = labels.flatMap((label, row) => (label === 1 ? [row] : []));
    const rows = [...labels.keys(), ...positives];
    const doubled = await trainLinearSvm(
      selectRows(train, rows),
      rows.map((row) => labels[row]),
      exact,
    );
    const weighted = await trainLinearSvm(train, labels, { ...exact, classWeights: { 1: 2 } });
    const sampled = await trainLinearSvm(train, labels, { ...exact, sampleWeights: labels.map((label) => 1 + label) });
    assert.ok(difference(weighted.weights.data, doubled.weights.data) < 1e-4);
    assert.ok(difference(sampled.weights.data, doubled.weights.data) < 1e-4);
  });

  it("of two classes the negative one's weight multiplies its rows' costs, for either loss", async () => {
    const labels = parity(trainLabels);
    const count = labels.filter((label) => label === 1).length;
    const unequal = labels.map((label, row) => (label === 1 && row % 3 > 0 ? 0 : label));
    const ones = unequal.filter((label) => label === 1).length;
    assert.ok(ones < count);
    for (const loss of ["squared-hinge", "hinge"] as const) {
      const options = { tolerance: 1e-8, loss };
      for (const [own, classWeights, negative, positive] of [
        [labels, { 0: 3 }, 3, 1],
        [labels, { 0: 0.2, 1: 2 }, 0.2, 2],
        [unequal, "balanced", 200 / (2 * (200 - ones)), 200 / (2 * ones)],
      ] as const) {
        const sampleWeights = own.map((label) => (label === 1 ? positive : negative));
        const weighted = await trainLinearSvm(train, own, { ...options, classWeights });
        const sampled = await trainLinearSvm(train, own, { ...options, sampleWeights });
        const plainly = await trainLinearSvm(train, own, options);
        assert.ok(difference(weighted.weights.data, sampled.weights.data) < 1e-3);
        assert.ok(difference(weighted.weights.data, plainly.weights.data) > 0.03, "the weights make a difference");
      }
    }
  });

  it("Newton's method weighs the classes, too", async () => {
    const labels = expected.noisy.labels;
    const [negative] = [...new Set(labels)].sort();
    const weighted = await trainLinearSvm(noisy, labels, { ...exact, classWeights: { [negative]: 3 } });
    assert.ok(weighted.provenance.fits[0].newtonSteps > 0);
    const sampleWeights = labels.map((label) => (label === negative ? 3 : 1));
    const sampled = await trainLinearSvm(noisy, labels, { ...exact, sampleWeights });
    assert.ok(difference(weighted.weights.data, sampled.weights.data) < 1e-3);
  });

  it("sets of classes are those above 0 of several labels, else the one that predict gives", async () => {
    const binary = await trainLinearSvm(train, parity(trainLabels));
    assert.deepEqual(
      binary.predictSets(test),
      binary.predict(test).map((label) => [label]),
    );
    assert.deepEqual(
      binary.predict(test),
      [...binary.decisionValues(test).data].map((value) => binary.classes[value > 0 ? 1 : 0]),
    );
    const four = await trainLinearSvm(train, trainLabels);
    assert.deepEqual(
      four.predictSets(test),
      four.predict(test).map((label) => [label]),
    );
    const sets = trainLabels.map((label) => [label > 1 ? "high" : "low", ...(label % 2 ? ["odd"] : [])]);
    const several = await trainLinearSvm(train, sets);
    const { data } = several.decisionValues(test);
    several.predictSets(test).forEach((found, row) => {
      assert.deepEqual(
        found,
        several.classes.filter((_, k) => data[row * several.classes.length + k] > 0),
      );
    });
  });

  it("the order of the rows does not move the optimum, and exchanged classes turn the sign", async () => {
    const labels = parity(trainLabels);
    const backwards = [...labels.keys()].reverse();
    const svm = await trainLinearSvm(train, labels, exact);
    const reversed = await trainLinearSvm(
      selectRows(train, backwards),
      backwards.map((row) => labels[row]),
      { ...exact, positive: 0 },
    );
    assert.ok(difference(reversed.weightsOf(1), svm.weightsOf(1)) < 1e-4);
    assert.deepEqual(reversed.weightsOf(0), reversed.weights.data);
    assert.deepEqual(reversed.classes, [1, 0]);
    assert.ok(Math.abs(reversed.biasOf(1) - svm.biasOf(1)) < 1e-4);
  });

  it("same seed, same bytes, on any number of threads", async () => {
    const { features, labels } = clouds(120, 12, 40, 3, 5);
    const one = await trainLinearSvm(features, labels, { seed: 3, threads: 1 });
    const again = await trainLinearSvm(features, labels, { seed: 3, threads: 1 });
    const three = await trainLinearSvm(features, labels, { seed: 3, threads: 3 });
    assert.deepEqual(again.weights.data, one.weights.data);
    assert.deepEqual(three.weights.data, one.weights.data);
    assert.deepEqual(three.bias, one.bias);
    const other = await trainLinearSvm(features, labels, { seed: 4, threads: 1 });
    assert.notDeepEqual(other.weights.data, one.weights.data);
  });

  it("a warm start ends at the same optimum after less work", async () => {
    for (const loss of ["squared-hinge", "hinge"] as const) {
      for (const steps of [[], ["standardise"]] as const) {
        const options = { loss, steps };
        const cold = await trainLinearSvm(train, parity(trainLabels), { ...options, C: 1.1 });
        const near = await trainLinearSvm(train, parity(trainLabels), { ...options, C: 1 });
        const warm = await trainLinearSvm(train, parity(trainLabels), { ...options, C: 1.1, warmStart: near });
        assert.ok(cosine(warm.weights.data, cold.weights.data) > 0.999, loss);
        const [warmFit] = warm.provenance.fits;
        const [coldFit] = cold.provenance.fits;
        assert.ok(warmFit.fullSweeps < coldFit.fullSweeps, `${loss}: ${warmFit.fullSweeps} ${coldFit.fullSweeps}`);
      }
    }
  });

  it("40 classes in blocks are the 40 binary problems one by one", async () => {
    const { features, labels } = clouds(160, 10, 40, 2, 8);
    const svm = await trainLinearSvm(features, labels, exact);
    for (const label of [0, 17, 39]) {
      const alone = await trainLinearSvm(
        features,
        labels.map((one) => (one === label ? 1 : 0)),
        exact,
      );
      assert.ok(difference(svm.weightsOf(label), alone.weightsOf()) < 1e-4);
    }
  });

  it("multilabel rows are one problem a class, and rows may have no label", async () => {
    const sets = trainLabels.map((label) =>
      label === 3 ? ["b", "c"] : label === 2 ? [] : label === 1 ? ["b"] : ["a"],
    );
    const svm = await trainLinearSvm(train, sets, exact);
    assert.deepEqual(svm.classes, ["a", "b", "c"]);
    const alone = await trainLinearSvm(
      train,
      sets.map((set) => (set.includes("b") ? "yes" : "no")),
      exact,
    );
    assert.ok(difference(svm.weightsOf("b"), alone.weightsOf("yes")) < 1e-4);
    const right = svm.predictSets(train).filter((set, row) => set.join() === sets[row].join());
    assert.ok(right.length > 120);
    assert.throws(() => svm.predict(train), /predictSets/);
  });
});

describe("odd data", () => {
  const withColumn = (value: number) =>
    matrixOf(Array.from({ length: train.rows }, (_, row) => [...rowOf(train, row), value]));

  it("a dead channel gets weight 0 and changes nothing; so does a constant one, standardised", async () => {
    for (const [value, steps] of [
      [0, []],
      [0, ["l2Normalise"]],
      [7.3, ["standardise"]],
    ] as const) {
      const plain = await trainLinearSvm(train, parity(trainLabels), { ...exact, steps });
      const wider = await trainLinearSvm(withColumn(value), parity(trainLabels), { ...exact, steps });
      assert.equal(wider.weightsOf()[20], 0);
      assert.ok(difference(wider.weightsOf().subarray(0, 20), plain.weightsOf()) < 1e-4);
    }
  });

  it("a constant channel acts as the bias does", async () => {
    const biased = await trainLinearSvm(train, parity(trainLabels), exact);
    const constant = await trainLinearSvm(withColumn(1), parity(trainLabels), { ...exact, bias: 0 });
    assert.ok(Math.abs(constant.weightsOf()[20] - biased.bias[0]) < 1e-4);
  });

  it("equal rows with different labels are no trouble", async () => {
    const features = matrixOf([
      [1, 2],
      [1, 2],
      [0, 0],
      [0, 0],
    ]);
    const svm = await trainLinearSvm(features, ["a", "b", "a", "b"], { ...exact, bias: 0 });
    assert.ok(Math.abs(svm.weightsOf("b")[0]) < 1e-3);
    const hinge = await trainLinearSvm(features, ["a", "b", "a", "b"], { bias: 0, loss: "hinge" });
    assert.ok(hinge.weights.data.every(Number.isFinite));
  });

  it("NaN and Infinity are named by place", async () => {
    for (const [value, shown] of [
      [NaN, "NaN"],
      [-Infinity, "-Infinity"],
    ] as const) {
      const features = { ...train, data: train.data.slice() };
      features.data[3 * 20 + 17] = value;
      await assert.rejects(trainLinearSvm(features, trainLabels), new RegExp(`${shown} at row 3, column 17`));
      const svm = await trainLinearSvm(train, trainLabels);
      assert.throws(() => svm.predict(features), new RegExp(`${shown} at row 3, column 17`));
    }
  });

  it("options and sizes that cannot be used are refused", async () => {
    const refuse = async (options: object, message: RegExp, labels: number[] = trainLabels) =>
      assert.rejects(trainLinearSvm(train, labels, options), message);
    await refuse({ C: 0 }, /invalid C: 0/);
    await refuse({ loss: "log" }, /squared-hinge or hinge/);
    await refuse({ classWeights: { cat: 2 } }, /class of classWeights: "cat"/);
    for (const weight of [0, -1, Infinity, NaN]) {
      await refuse({ classWeights: { 1: weight } }, /invalid class weight of "1": .* \(expected a number above 0\)/);
    }
    await refuse({ sampleWeights: [1] }, /sampleWeights.length: 1/);
    await refuse({ sampleWeights: trainLabels.map((label) => (label === 2 ? 0 : 1)) }, /class "2" has no rows/);
    await refuse({ sampleWeights: trainLabels.map(() => -1) }, /invalid sampleWeights\[0\]: -1/);
    await refuse({ steps: ["standardise", "l2Normalise"] }, /normalise first/);
    await refuse({ solver: "libsvm" }, /camlab or ml-svm/);
    await refuse({}, /200 rows of features, but 199 labels/, trainLabels.slice(1));
    const svm = await trainLinearSvm(train, trainLabels);
    assert.throws(() => svm.decisionValues(matrixOf([[1, 2]])), /2 channels, but the SVM was trained on 20/);
    await refuse({ warmStart: svm }, /warmStart needs/, parity(trainLabels));
    await refuse({ signal: AbortSignal.abort() }, /abort/i);
  });
});

it("progress counts classes, and decision values do not depend on the company a row keeps", async () => {
  const done: number[] = [];
  const svm = await trainLinearSvm(train, trainLabels, { onProgress: (progress) => done.push(progress.done) });
  assert.deepEqual(done, [1, 2, 3, 4]);
  const values = svm.decisionValues(all);
  const last = svm.decisionValues(selectRows(all, [399]));
  assert.deepEqual(last.data, rowOf(values, 399));
});

it("what an earlier problem left in memory changes nothing: same bytes in any order of shapes", async () => {
  const narrow = matrixOf(Array.from({ length: train.rows }, (_, row) => rowOf(train, row).slice(0, 5)));
  const labels = parity(trainLabels);
  const weightsOf = async (features: typeof train, options = {}) =>
    (await trainLinearSvm(features, labels, options)).weights.data;
  const before = await Promise.all([weightsOf(narrow), weightsOf(train), weightsOf(narrow, { bias: 0 })]);
  for (const options of [{}, { C: 100 }, { bias: 0 }]) await trainLinearSvm(train, trainLabels, options);
  const after = [await weightsOf(narrow), await weightsOf(train), await weightsOf(narrow, { bias: 0 })];
  assert.deepEqual(after, before);
});
