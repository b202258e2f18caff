import assert from "node:assert/strict";
import { test as it } from "node:test";
import { selectRows } from "../../../src/kernel-helpers/support/matrix.js";
import { chooseC } from "../../../src/kernel-helpers/svm/choose-c.js";
import { foldSetting, stratifiedFolds } from "../../../src/kernel-helpers/svm/folds.js";
import { encodeLabels } from "../../../src/kernel-helpers/svm/labels.js";
import type { Progress } from "../../../src/kernel-helpers/support/progress.js";
import { accuracy } from "../../../src/kernel-helpers/svm/metrics/accuracy.js";
import { averagePrecision } from "../../../src/kernel-helpers/svm/metrics/average-precision.js";
import { settingOf } from "../../../src/kernel-helpers/svm/train-options.js";
import { trainLinearSvm } from "../../../src/kernel-helpers/svm/train-linear-svm.js";
import { clouds, train, trainLabels } from "./fixtures.js";

it("folds part the rows, hold every class in equal shares, and depend on the seed alone", () => {
  const labels = encodeLabels(trainLabels, {});
  const folds = stratifiedFolds(labels, 4, 1);
  const tested = folds.flatMap(({ test }) => [...test]).sort((a, b) => a - b);
  assert.deepEqual(tested, [...trainLabels.keys()]);
  for (const { train: rows, test } of folds) {
    assert.equal(new Set([...rows, ...test]).size, 200);
    labels.classes.forEach((name) => {
      const all = trainLabels.filter((label) => String(label) === name).length;
      const here = [...test].filter((row) => String(trainLabels[row]) === name).length;
      assert.ok(Math.abs(here - all / 4) < 1);
    });
  }
  assert.deepEqual(stratifiedFolds(labels, 4, 1), folds);
  assert.notDeepEqual(stratifiedFolds(labels, 4, 2), folds);
  assert.throws(
    () => stratifiedFolds(encodeLabels(["a", "a", "b"], {}), 2, 0),
    /class "b" has 1 rows, fewer than the 2/,
  );
});

it("each fold's score is that of an SVM trained on the rest, and the best C wins", async () => {
  const options = { candidates: [10, 0.0001, 0.1], folds: 4, seed: 1, steps: ["standardise"] as const };
  const chosen = await chooseC(train, trainLabels, options);
  assert.deepEqual(
    chosen.table.map(({ C }) => C),
    [0.0001, 0.1, 10],
  );
  const best = Math.max(...chosen.table.map(({ mean }) => mean));
  assert.equal(chosen.C, chosen.table.find(({ mean }) => mean === best)?.C);
  assert.ok(chosen.table[0].mean < best);
  const [{ train: rows, test }] = stratifiedFolds(encodeLabels(trainLabels, {}), 4, 1);
  const svm = await trainLinearSvm(
    selectRows(train, rows),
    [...rows].map((row) => trainLabels[row]),
    { C: 10, steps: ["standardise"] },
  );
  const expected = accuracy(
    svm.predict(selectRows(train, test)),
    [...test].map((row) => trainLabels[row]),
  );
  assert.ok(Math.abs(chosen.table[2].folds[0] - expected) <= 1 / test.length);
  assert.deepEqual(await chooseC(train, trainLabels, options), chosen);
});

it("nothing is learned from the rows that are held out: neither the steps nor the balance of the classes", async () => {
  // Every tenth row is far off in a few channels: whoever standardises with them sees other features.
  const { features, labels } = clouds(90, 6, 3, 3.2, 11);
  for (let row = 0; row < 90; row += 10) features.data.set([500 + row, -300, 40 * row], row * 6);
  const options = { candidates: [0.01, 1], folds: 3, seed: 2, steps: ["standardise"], tolerance: 1e-7 } as const;
  const { table } = await chooseC(features, labels, options);
  for (const [fold, { train: rows, test }] of stratifiedFolds(encodeLabels(labels, {}), 3, 2).entries()) {
    for (const { C, folds } of table) {
      const own = await trainLinearSvm(
        selectRows(features, rows),
        [...rows].map((row) => labels[row]),
        { C, steps: ["standardise"], tolerance: 1e-7 },
      );
      const truth = [...test].map((row) => labels[row]);
      assert.equal(folds[fold], accuracy(own.predict(selectRows(features, test)), truth));
    }
  }
});

it("each way of scoring is that of the held-out decision values", async () => {
  // One class in ten: its share of right answers counts a tenth by accuracy, a half by the mean over classes.
  const { features } = clouds(120, 4, 10, 1.2, 5);
  const labels = Array.from({ length: 120 }, (_, row) => (row % 10 === 0 ? "rare" : row % 2 ? "b" : "a"));
  const sets = labels.map((label, row) => [label, ...(row % 3 ? [] : ["third"])]);
  const options = { candidates: [1], folds: 3, seed: 4, tolerance: 1e-8 };
  const trainedOn = (rows: Int32Array, own: readonly (string | string[])[]) =>
    trainLinearSvm(selectRows(features, rows), [...rows].map((row) => own[row]) as string[], { C: 1, tolerance: 1e-8 });
  const scored = async (score: "accuracy" | "meanClassAccuracy") =>
    (await chooseC(features, labels, { ...options, score })).table[0].folds;
  const found = { accuracy: await scored("accuracy"), mean: await scored("meanClassAccuracy") };
  const several = (await chooseC(features, sets, options)).table[0].folds;
  for (const [fold, { train: rows, test }] of stratifiedFolds(encodeLabels(labels, {}), 3, 4).entries()) {
    const svm = await trainedOn(rows, labels);
    const predicted = svm.predict(selectRows(features, test));
    const truth = [...test].map((row) => labels[row]);
    const shares = ["a", "b", "rare"].map((name) => {
      const own = truth.flatMap((label, i) => (label === name ? [i] : []));
      return own.filter((i) => predicted[i] === name).length / own.length;
    });
    const right = predicted.filter((label, i) => label === truth[i]).length / truth.length;
    assert.ok(Math.abs(found.accuracy[fold] - right) < 1e-12);
    assert.ok(Math.abs(found.mean[fold] - (shares[0] + shares[1] + shares[2]) / 3) < 1e-12);
  }
  assert.notDeepEqual(found.accuracy, found.mean);
  for (const [fold, { train: rows, test }] of stratifiedFolds(encodeLabels(sets, {}), 3, 4).entries()) {
    const svm = await trainedOn(rows, sets);
    const { data } = svm.decisionValues(selectRows(features, test));
    const precisions = svm.classes.map((name, k) => {
      const positive = [...test].map((row) => sets[row].includes(String(name)));
      const values = [...test].map((_, i) => data[i * svm.classes.length + k]);
      return averagePrecision(values, positive);
    });
    const mean = precisions.reduce((sum, value) => sum + value, 0) / precisions.length;
    assert.ok(Math.abs(several[fold] - mean) < 1e-12);
  }
});

it("rows of several labels are dealt out so that each set of labels is in every fold alike", () => {
  const sets = Array.from({ length: 60 }, (_, row) => [["x"], ["y"], ["x", "y"], ["z"], ["x", "z"]][row % 5]);
  for (const { test } of stratifiedFolds(encodeLabels(sets, {}), 4, 3)) {
    for (const set of ["x", "y", "x,y", "z", "x,z"]) {
      assert.equal([...test].filter((row) => sets[row].join() === set).length, 3, set);
    }
  }
});

it("its progress is told, a step for each fold and candidate", async () => {
  const { features, labels } = clouds(30, 4, 3, 2, 5);
  const told: Progress[] = [];
  await chooseC(features, labels, { candidates: [1, 10], folds: 3, onProgress: (progress) => told.push(progress) });
  assert.deepEqual(
    told.map(({ done, total }) => [done, total]),
    [1, 2, 3, 4, 5, 6].map((done) => [done, 6]),
  );
  assert.ok(
    told.every(({ elapsed }, i) => elapsed >= 0 && elapsed < 60_000 && (i === 0 || elapsed >= told[i - 1].elapsed)),
  );
});

it("balanced weights are those of the rows that are trained on", () => {
  const labels = Array.from({ length: 40 }, (_, row) => (row % 8 === 0 ? "rare" : "common"));
  const { features } = clouds(40, 3, 2, 1, 1);
  const setting = settingOf(features, labels, { classWeights: "balanced" });
  assert.deepEqual([...setting.classCosts], [40 / (2 * 35), 40 / (2 * 5)]);
  // Of rows 0 to 16 three are rare.
  const fold = foldSetting(
    setting,
    Int32Array.from({ length: 17 }, (_, row) => row),
  );
  assert.deepEqual([...fold.classCosts], [17 / (2 * 14), 17 / (2 * 3)]);
  const sets = labels.map((label, row) => [label, ...(row % 3 ? ["third"] : [])]);
  const several = foldSetting(
    settingOf(features, sets, { classWeights: "balanced" }),
    Int32Array.from({ length: 17 }, (_, row) => row),
  );
  assert.deepEqual(
    [...several.classCosts],
    [17 / (2 * 3), 17 / (2 * 14), 17 / (2 * 14), 17 / (2 * 3), 17 / 12, 17 / 22],
  );
  const named = foldSetting(settingOf(features, labels, { classWeights: { rare: 3 } }), Int32Array.of(0, 1, 2, 8));
  assert.deepEqual([...named.classCosts], [1, 3]);
});

it("of values of C that do equally well the smallest is chosen", async () => {
  const { features, labels } = clouds(60, 8, 3, 0.05, 3);
  const chosen = await chooseC(features, labels, { candidates: [100, 1, 10], folds: 3 });
  assert.deepEqual(
    chosen.table.map(({ mean, deviation }) => [mean, deviation]),
    [
      [1, 0],
      [1, 0],
      [1, 0],
    ],
  );
  assert.equal(chosen.C, 1);
});

it("the table has each fold's score, their mean and their deviation", async () => {
  const { features, labels } = clouds(90, 4, 3, 6, 7);
  const { table } = await chooseC(features, labels, { candidates: [1], folds: 3 });
  const [{ mean, deviation, folds }] = table;
  assert.equal(folds.length, 3);
  assert.ok(Math.abs(mean - (folds[0] + folds[1] + folds[2]) / 3) < 1e-12);
  assert.ok(new Set(folds).size > 1, "the folds differ, so there is a deviation to look at");
  const square = folds.reduce((sum, value) => sum + value * value, 0) / 3 - mean * mean;
  assert.ok(Math.abs(deviation * deviation - square) < 1e-12);
});

it("multilabel rows are scored by mean average precision, binary ones as asked", async () => {
  const sets = trainLabels.map((label) => [label > 1 ? "high" : "low", ...(label % 2 ? ["odd"] : [])]);
  const chosen = await chooseC(train, sets, { candidates: [0.1, 1], folds: 3 });
  assert.equal(chosen.score, "averagePrecision");
  assert.ok(chosen.table.every(({ mean }) => mean > 0.5 && mean <= 1));
  const binary = await chooseC(
    train,
    trainLabels.map((label) => label % 2),
    { candidates: [1], score: "meanClassAccuracy" },
  );
  assert.ok(binary.table[0].mean > 0.7);
  await assert.rejects(chooseC(train, trainLabels, { candidates: [0] }), /invalid candidate C: 0/);
});
