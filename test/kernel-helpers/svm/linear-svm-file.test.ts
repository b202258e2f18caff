import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test as it } from "node:test";
import { linearSvmFromJson, loadLinearSvm, saveLinearSvm } from "../../../src/kernel-helpers/svm/linear-svm-file.js";
import { trainLinearSvm } from "../../../src/kernel-helpers/svm/train-linear-svm.js";
import { parity, test, train, trainLabels } from "./fixtures.js";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "camlab-svm-"));
});
after(() => rm(folder, { recursive: true }));

it("an SVM comes back to the bit, with its provenance, and leaves nothing else behind", async () => {
  for (const [name, labels] of [
    ["binary.json", parity(trainLabels)],
    ["four.json", trainLabels],
  ] as const) {
    const svm = await trainLinearSvm(train, labels, {
      steps: ["l2Normalise", "standardise"],
      probabilities: true,
      notes: { network: "teaching" },
    });
    const path = join(folder, name);
    await saveLinearSvm(svm, path);
    const loaded = await loadLinearSvm(path);
    assert.deepEqual(loaded.weights, svm.weights);
    assert.deepEqual(loaded.bias, svm.bias);
    assert.deepEqual(loaded.probabilities(test), svm.probabilities(test));
    assert.deepEqual(loaded.predict(test), svm.predict(test));
    assert.deepEqual(JSON.parse(JSON.stringify(loaded)), JSON.parse(JSON.stringify(svm)));
    assert.equal(loaded.provenance.rows, 200);
    assert.deepEqual(loaded.provenance.notes, { network: "teaching" });
  }
  assert.deepEqual((await readdir(folder)).sort(), ["binary.json", "four.json"]);
  const text = await readFile(join(folder, "four.json"), "utf8");
  assert.equal(text.split("\n").filter((line) => /^ {4}\[-?[\d.]/.test(line)).length, 4, "one line a class");
});

it("files that are no SVM, or a damaged one, are refused by name", async () => {
  const path = join(folder, "other.json");
  await writeFile(path, "{}");
  await assert.rejects(loadLinearSvm(path), /other.json is not a saved linear SVM/);
  await writeFile(path, '{"format": ');
  await assert.rejects(loadLinearSvm(path), /cannot read an SVM from .*other.json/);
  await assert.rejects(loadLinearSvm(join(folder, "none.json")), /cannot read an SVM from .*none.json/);
  await assert.rejects(saveLinearSvm(await trainLinearSvm(train, trainLabels), join(folder, "no/such")), /cannot save/);
  const good = JSON.parse(JSON.stringify(await trainLinearSvm(train, trainLabels))) as Record<string, unknown>;
  assert.throws(() => linearSvmFromJson({ ...good, version: 2 }), /version 2/);
  for (const part of ["weights", "bias", "classes", "kind", "provenance", "steps"]) {
    assert.throws(() => linearSvmFromJson({ ...good, [part]: undefined }), /damaged/);
  }
  assert.throws(() => linearSvmFromJson({ ...good, steps: ["centre"] }), /damaged/);
  assert.throws(() => linearSvmFromJson({ ...good, weights: [[1], [2], [3], [null]] }), /damaged/);
});

it("weights are asked for by class name; an unknown one is told which there are", async () => {
  const svm = await trainLinearSvm(train, trainLabels);
  assert.equal(svm.weightsOf(2).length, 20);
  assert.throws(() => svm.weightsOf("text"), /invalid class: "text" \(expected one of "0", "1", "2", "3"\)/);
  assert.throws(() => svm.weightsOf(), /name a class: this SVM has 4/);
  assert.throws(() => svm.weightsOf(2, [1, 2, 3]), /3 channels, but the SVM was trained on 20/);
});
