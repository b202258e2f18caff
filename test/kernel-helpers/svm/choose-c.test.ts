import assert from "node:assert/strict";
import { test as it } from "node:test";
import { selectRows } from "../../../src/kernel-helpers/support/matrix.js";
import { chooseC } from "../../../src/kernel-helpers/svm/choose-c.js";
import { stratifiedFolds } from "../../../src/kernel-helpers/svm/folds.js";
import { encodeLabels } from "../../../src/kernel-helpers/svm/labels.js";
import { accuracy } from "../../../src/kernel-helpers/svm/metrics/accuracy.js";
import { trainLinearSvm } from "../../../src/kernel-helpers/svm/train-linear-svm.js";
import { train, trainLabels } from "./fixtures.js";

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
