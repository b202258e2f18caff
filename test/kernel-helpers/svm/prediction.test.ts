import assert from "node:assert/strict";
import { describe, test as it } from "node:test";
import { FeatureTable } from "../../../src/kernel-helpers/features/feature-table.js";
import { matrixOf, rowOf, selectRows } from "../../../src/kernel-helpers/support/matrix.js";
import { linearSvmFromJson } from "../../../src/kernel-helpers/svm/linear-svm-file.js";
import type { SeenFeatures } from "../../../src/kernel-helpers/svm/prediction.js";
import { rowMarks } from "../../../src/kernel-helpers/svm/row-marks.js";
import { trainLinearSvm } from "../../../src/kernel-helpers/svm/train-linear-svm.js";
import { parity, test, testLabels, train, trainLabels } from "./fixtures.js";

const names = ["ant", "bee", "cow", "dog"];
const origin = {
  ...{ software: "camlab", network: "small", fingerprint: "f1", layer: "relu5", pooling: "average" as const },
  preprocessing: "32 × 32",
};
const table = new FeatureTable({
  ...train,
  pictures: trainLabels.map((label, row) => ({ file: `${row}.jpg`, label: names[label] })),
  origin,
});

/** A photo with the features of one row of the test part, seen by a network. */
function seen(row: number, { name = "small", fingerprint = "f1", layer = "relu5", pooling = "average" } = {}) {
  const head = { featureMaps: { name: layer, channels: 20 }, pooling };
  return {
    features: rowOf(test, row),
    network: { name, fingerprint: fingerprint || undefined, head },
  } as unknown as SeenFeatures;
}

describe("the weights of a class", () => {
  it("are asked for by its name; an unknown one is told which there are", async () => {
    const svm = await trainLinearSvm(train, trainLabels);
    assert.equal(svm.weightsOf(2).length, 20);
    assert.throws(() => svm.weightsOf("text"), /invalid class: "text" \(expected one of 0, 1, 2, 3\)/);
    assert.throws(() => svm.weightsOf(), /name a class: this SVM has 4/);
    assert.throws(() => svm.weightsOf(2, [1, 2, 3]), /3 channels, but the SVM was trained on 20/);
  });
});

describe("what an SVM says of a photo that was looked at", () => {
  it("is what it says of the photo's row: label, score, probability, all classes from the best on", async () => {
    const svm = await trainLinearSvm(table, table.labels, { probabilities: true });
    const [labels, values, probabilities] = [svm.predict(test), svm.decisionValues(test), svm.probabilities(test)];
    for (let row = 0; row < 50; row++) {
      const { label, score, probability, classes } = svm.predict(seen(row));
      const k = svm.classes.indexOf(label);
      assert.equal(label, labels[row]);
      assert.ok(Math.abs(score - rowOf(values, row)[k]) < 1e-5);
      assert.ok(Math.abs(probability! - rowOf(probabilities, row)[k]) < 1e-5);
      assert.deepEqual(classes[0], { label, score, probability });
      assert.deepEqual(classes.map((one) => one.label).sort(), names);
      assert.ok(classes.every((one, i) => i === 0 || one.score <= classes[i - 1].score));
      assert.deepEqual(svm.predictSets(seen(row)), [{ label, score, probability }]);
    }
  });

  it("of two classes the score speaks for the one that is named; without Platt there is no probability", async () => {
    const svm = await trainLinearSvm(train, parity(trainLabels));
    const values = svm.decisionValues(test);
    const found = new Set<number>();
    for (let row = 0; row < 50; row++) {
      const one = svm.predict(seen(row));
      found.add(one.label);
      assert.ok(Math.abs(one.score - Math.abs(rowOf(values, row)[0])) < 1e-6);
      assert.equal(one.label, rowOf(values, row)[0] > 0 ? 1 : 0);
      assert.ok(!("probability" in one) && !("probability" in one.classes[0]));
      assert.equal(one.classes[1].score, -one.score);
    }
    assert.deepEqual([...found].sort(), [0, 1]);
  });

  it("of many labels all that score above 0, the highest first; a single one is not to be had", async () => {
    const sets = trainLabels.map((label) => [names[label], ...(label > 1 ? ["large"] : [])]);
    const svm = await trainLinearSvm(table, sets);
    const rows = svm.predictSets(test);
    let several = 0;
    for (let row = 0; row < 50; row++) {
      const found = svm.predictSets(seen(row));
      assert.deepEqual(found.map(({ label }) => label).sort(), [...rows[row]].sort());
      assert.ok(found.every(({ score }, i) => score > 0 && (i === 0 || score <= found[i - 1].score)));
      if (found.length > 1) several++;
    }
    assert.ok(several > 10);
    assert.throws(() => svm.predict(seen(0)), /a multilabel SVM gives each photo a set of classes: use predictSets/);
  });

  it("is refused when another network, another layer or another pooling made the features", async () => {
    const svm = linearSvmFromJson(JSON.parse(JSON.stringify(await trainLinearSvm(table, table.labels))));
    const refused = (other: Parameters<typeof seen>[1], message: RegExp) => {
      assert.throws(() => svm.predict(seen(0, other)), message);
      assert.throws(() => svm.predictSets(seen(0, other)), message);
    };
    refused(
      { name: "large", fingerprint: "f2" },
      /trained on features of small, but these are of large: open that network/,
    );
    refused({ fingerprint: "f2" }, /another network, or other weights, of the same name small/);
    refused({ layer: "relu4" }, /on the layer relu5 of small, but .* has features of relu4: .*\{ layer: "relu5" \}/);
    refused(
      { pooling: "max" },
      /on average-pooled features of small, but .* max-pooled ones: .*\{ pooling: "average" \}/,
    );
    // The same weights under another name are the same network; without fingerprints the name has to do.
    svm.predict(seen(0, { name: "copy" }));
    svm.predict(seen(0, { fingerprint: "" }));
    refused({ name: "copy", fingerprint: "" }, /features of small, but these are of copy/);
    const short = { ...seen(0), features: new Float32Array(7) };
    assert.throws(() => svm.predict(short), /7 channels, but the SVM was trained on 20/);
    const unknown = await trainLinearSvm(train, trainLabels);
    unknown.predict(seen(0, { name: "any", fingerprint: "other", layer: "x", pooling: "max" }));
  });

  it("where features came from is remembered, also as earlier versions wrote it", async () => {
    const svm = await trainLinearSvm(table, table.labels);
    assert.deepEqual(svm.provenance.features, origin);
    const json = JSON.parse(JSON.stringify(svm)) as { provenance: Record<string, unknown> };
    const { features, ...provenance } = json.provenance;
    const old = linearSvmFromJson({ ...json, checksum: undefined, provenance: { ...provenance, notes: { features } } });
    assert.deepEqual(old.provenance.features, origin);
    assert.equal((await trainLinearSvm(train, trainLabels)).provenance.features, undefined);
  });
});

describe("rows that an SVM was trained on", () => {
  it("are known, before and after saving; others are not", async () => {
    const svm = await trainLinearSvm(train, trainLabels);
    for (const one of [svm, linearSvmFromJson(JSON.parse(JSON.stringify(svm)))]) {
      assert.ok(one.wasTrainedOn(train).every(Boolean));
      assert.ok(!one.wasTrainedOn(test).some(Boolean));
      const mixed = matrixOf([rowOf(test, 3), rowOf(train, 7), rowOf(test, 4)]);
      assert.deepEqual(one.wasTrainedOn(mixed), [false, true, false]);
    }
    const old = linearSvmFromJson({
      ...(JSON.parse(JSON.stringify(svm)) as object),
      checksum: undefined,
      trainedOn: undefined,
    });
    assert.ok(!old.wasTrainedOn(train).some(Boolean));
  });

  it("are not those of weight 0", async () => {
    const sampleWeights = trainLabels.map((_, row) => (row < 10 ? 0 : 1));
    const svm = await trainLinearSvm(train, trainLabels, { sampleWeights });
    assert.deepEqual(
      svm.wasTrainedOn(train),
      sampleWeights.map((weight) => weight > 0),
    );
  });

  it("have marks that tell one changed value in a short row, and hardly ever agree by chance", () => {
    const row = Float32Array.from({ length: 20 }, (_, k) => k / 7);
    const rows = Array.from({ length: 21 }, (_, i) =>
      row.map((value, k) => (k === i ? value + 1e-6 + value * 1e-6 : value)),
    );
    assert.equal(new Set(rowMarks(matrixOf(rows))).size, 21);
    const many = matrixOf(Array.from({ length: 20_000 }, (_, i) => [i, i * i, 1, 0]));
    assert.ok(new Set(rowMarks(many)).size >= 19_999);
    const wide = matrixOf([new Float32Array(1000), new Float32Array(1000).fill(1, 900)]);
    assert.notEqual(rowMarks(wide)[0], rowMarks(wide)[1]);
    assert.deepEqual(rowMarks(selectRows(train, [5, 6])), rowMarks(train).subarray(5, 7));
    assert.equal(testLabels.length, rowMarks(test).length);
  });
});
