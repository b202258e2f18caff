import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test as it } from "node:test";
import { linearSvmFromJson, loadLinearSvm, saveLinearSvm } from "../../../src/kernel-helpers/svm/linear-svm-file.js";
import { CamlabError } from "../../../src/kernel-helpers/support/errors.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";
import { accuracy } from "../../../src/kernel-helpers/svm/metrics/accuracy.js";
import { trainLinearSvm } from "../../../src/kernel-helpers/svm/train-linear-svm.js";
import { putStrangeValues } from "../support/strange-fields.js";
import { parity, test, testLabels, train, trainLabels } from "./fixtures.js";

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
  await assert.rejects(
    saveLinearSvm(await trainLinearSvm(train, trainLabels), join(folder, "no/such")),
    /cannot write/,
  );
  for (const none of [null, 5, "text", [], [{ format: "camlab linear svm" }]]) {
    assert.throws(() => linearSvmFromJson(none), /the data is not a saved linear SVM/);
  }
});

it("whatever a field holds instead, the error names it; what may be left out is left out", async () => {
  const svm = await trainLinearSvm(train, trainLabels, {
    probabilities: true,
    classWeights: { 2: 3 },
    notes: { a: 1 },
  });
  const good = { ...(JSON.parse(JSON.stringify(svm)) as object), checksum: undefined };
  assert.throws(() => linearSvmFromJson({ ...good, version: 2 }), /of version 2: this camlab reads version 1/);
  const free = /^classes\[|^(platt|trainedOn)$|^provenance\.(classWeights|notes|notes\.a|fits\[\d\]\.gap)$/;
  assert.ok(putStrangeValues(good, linearSvmFromJson, free) > 500);
  assert.throws(
    () => linearSvmFromJson({ ...good, bias: [0, "x", 0, 0] }, "probe.json"),
    /probe.json cannot be used: bias\[1\] should be a number, not "x"/,
  );
  assert.throws(() => linearSvmFromJson({ ...good, classes: ["a", "b", "a", 1] }), /classes should be each class once/);
});

it("a file that was changed since is refused, wherever; without its checksum it is read", async () => {
  const path = join(folder, "changed.json");
  await saveLinearSvm(await trainLinearSvm(train, trainLabels, { notes: { day: "1" } }), path);
  const text = await readFile(path, "utf8");
  const random = seededRandom("changed");
  for (let i = 0; i < 60; i++) {
    const at = Math.floor(random() * text.length);
    if (!/\d/.test(text[at])) continue;
    await writeFile(path, text.slice(0, at) + String((Number(text[at]) + 1) % 10) + text.slice(at + 1));
    await assert.rejects(loadLinearSvm(path), CamlabError, text.slice(at - 20, at + 5));
  }
  await writeFile(path, text.replace('"day": "1"', '"day": "2"'));
  await assert.rejects(loadLinearSvm(path), /changed.json is not as it was saved: its checksum differs/);
  await writeFile(path, text.replace('"day": "1"', '"day": "2"').replace(/ *"checksum": .*\n/, ""));
  assert.deepEqual((await loadLinearSvm(path)).provenance.notes, { day: "2" });
  // Another order of fields and other white space are the same content.
  const data = JSON.parse(text) as Record<string, unknown>;
  await writeFile(path, JSON.stringify(Object.fromEntries(Object.entries(data).reverse())));
  await loadLinearSvm(path);
});

it("classes that were numbers are numbers, before and after", async () => {
  const svm = await trainLinearSvm(train, Int32Array.from(trainLabels));
  const predicted: number[] = svm.predict(test);
  assert.equal(
    accuracy(predicted, testLabels),
    predicted.filter((label, row) => label === testLabels[row]).length / 200,
  );
  const path = join(folder, "numbers.json");
  await saveLinearSvm(svm, path);
  const loaded = await loadLinearSvm(path);
  assert.deepEqual(loaded.classes, [0, 1, 2, 3]);
  assert.deepEqual(loaded.predict(test), predicted);
  assert.deepEqual(loaded.weightsOf(2), svm.weightsOf("2"));
  const texts = await trainLinearSvm(train, trainLabels.map(String));
  assert.deepEqual(texts.classes, ["0", "1", "2", "3"]);
  const binary = await trainLinearSvm(train, parity(trainLabels), { positive: 0 });
  assert.deepEqual(binary.classes, [1, 0]);
  const sets = await trainLinearSvm(
    train,
    trainLabels.map((label) => [label, ...(label > 1 ? [10] : [])]),
  );
  assert.deepEqual(sets.classes, [0, 1, 2, 3, 10]);
  assert.ok(
    sets
      .predictSets(test)
      .flat()
      .every((label) => typeof label === "number"),
  );
  const mixed = await trainLinearSvm(
    train,
    trainLabels.map((label) => (label === 3 ? "three" : label)),
  );
  assert.deepEqual(mixed.classes, [0, 1, 2, "three"]);
});
