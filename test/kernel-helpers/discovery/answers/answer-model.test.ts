import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import type { AnswerModel } from "../../../../src/kernel-helpers/discovery/answers/answer-model.js";
import {
  answerModelFromJson,
  loadAnswerModel,
  saveAnswerModel,
} from "../../../../src/kernel-helpers/discovery/answers/answer-model-file.js";
import { askSeen } from "../../../../src/kernel-helpers/discovery/answers/ask.js";
import { FeatureTable } from "../../../../src/kernel-helpers/features/feature-table.js";
import { trainAnswers } from "../../../../src/kernel-helpers/discovery/answers/train-answers.js";
import { putStrangeValues } from "../../support/strange-fields.js";
import { smallSeen, smallWorld } from "./small-world.js";

const GREEN = [0.4, 2.1, 0.4, 0.5, 0.25];

function near(a: number, b: number, within = 1e-4): void {
  assert.ok(Math.abs(a - b) < within, `${a} is not near ${b}`);
}

describe("an answerer", () => {
  const { features, questions } = smallWorld();
  let model: AnswerModel;
  before(async () => {
    model = await trainAnswers(features, questions, { imageWeights: "by opening", leastPerOpening: 10 });
  });

  test("answers from word and photo together", () => {
    assert.equal(model.parts("what colour is it?", GREEN)[0].answer, "green");
    assert.equal(model.parts("is it green?", GREEN)[0].answer, "yes");
    assert.equal(model.parts("is it red?", GREEN)[0].answer, "no");
  });

  test("takes a score apart: its start, its words, its photo; probabilities add up to 1", () => {
    const parts = model.parts("what colour is it?", GREEN, 99);
    assert.equal(parts.length, model.answers.length);
    near(
      parts.reduce((sum, { probability }) => sum + probability, 0),
      1,
    );
    for (const { score, bias, words, image } of parts) {
      assert.equal(words.length, 4);
      near(score, words.reduce((sum, { contribution }) => sum + contribution, bias) + image);
    }
  });

  test("the mean of an answer's map is what the photo adds, against the mean photo", () => {
    const asked = askSeen(model, smallSeen(GREEN), "is it green?", { top: 5 });
    for (const { answer, image, map } of asked.answers) {
      const mean = map.data.reduce((sum, value) => sum + value, 0) / map.data.length;
      const weights = model.weightsOf(answer, "is it green?");
      const meanPhoto = weights.reduce((sum, weight, k) => sum + weight * model.meanFeatures[k], 0);
      near(mean - meanPhoto, image);
    }
    const { map } = asked.answers[0];
    assert.equal(map.data.indexOf(Math.max(...map.data)), 1, "green lies at place 1");
  });

  test("by opening the map moves with the question, shared it moves only with the answer", async () => {
    const map = (from: AnswerModel, question: string) => {
      const { answers } = askSeen(from, smallSeen(GREEN), question, { top: 5 });
      return Array.from(answers.find(({ answer }) => answer === "yes")!.map.data);
    };
    const shared = await trainAnswers(features, questions, { imageWeights: "shared" });
    assert.deepEqual(map(shared, "is it green?"), map(shared, "is it red?"));
    assert.notDeepEqual(map(model, "is it green?"), map(model, "is it red?"));
  });

  test("says which words it does not know, and answers without them", () => {
    const read = model.read("What colour is the zeppelin?");
    assert.deepEqual(
      read.words.map(({ known }) => known),
      [true, true, true, false, false],
    );
    assert.equal(read.opening, "what");
    assert.match(read.notes[0], /“the”, “zeppelin”: it counts for nothing/);
    assert.deepEqual(
      model.parts("What colour is it? Zeppelin!", GREEN).map(({ score }) => score),
      model.parts("what colour is it", GREEN).map(({ score }) => score),
    );
  });

  test("an empty question, and one of unknown words, are answered from the photo alone", () => {
    assert.match(model.read(" ?! ").notes[0], /no words: the answer rests on the photo alone/);
    assert.match(model.read("qué animal").notes[0], /“qué”, “animal”: the answer rests on the photo alone/);
    const [{ words, score, bias, image }] = model.parts("", GREEN);
    assert.deepEqual(words, []);
    near(score, bias + image);
  });

  test("refuses an answer that it cannot give, a photo of another network, a model of words asked for maps", async () => {
    assert.throws(() => model.weightsOf("purple"), /invalid answer: "purple" \(expected one of the model's 5/);
    assert.throws(() => model.parts(7 as never, GREEN), /invalid question: 7 \(expected a text\)/);
    assert.throws(() => model.parts("is it red?", [...GREEN.slice(1), NaN]), /features hold NaN at channel 4/);
    assert.throws(() => model.parts("is it red?", [1, 2]), /2 features, but the model was trained on 5/);
    assert.throws(() => askSeen(model, smallSeen([1, 2]), "is it red?"), /5 channels, small has 2/);
    const words = await trainAnswers(features, questions, { imageWeights: "none" });
    assert.equal(words.channels, 0);
    assert.throws(() => askSeen(words, smallSeen(GREEN), "is it red?"), /words alone/);
    assert.equal(words.predict(["is it red?"])[0].answer, "no");
  });

  test("is the same after saving and loading; a damaged file is refused", async () => {
    const folder = await mkdtemp(join(tmpdir(), "camlab-answers-"));
    try {
      const file = join(folder, "model.json");
      await saveAnswerModel(model, file);
      const loaded = await loadAnswerModel(file);
      const scores = (from: AnswerModel) => from.scores("is it green?", GREEN);
      scores(model).forEach((score, a) => near(score, scores(loaded)[a]));
      assert.deepEqual(loaded.provenance, JSON.parse(JSON.stringify(model.provenance)));
      assert.deepEqual(loaded.toJSON(), JSON.parse(JSON.stringify(model)));
      const text = await readFile(file, "utf8");
      assert.ok(text.split("\n").length > 30, "one line a word and a channel");
      await writeFile(file, text.replace('"channels": 5', '"channels": 6'));
      await assert.rejects(loadAnswerModel(file), /model.json is not as it was saved: its checksum differs/);
      await writeFile(file, text.replace('"channels": 5', '"channels": 6').replace(/ *"checksum": .*\n/, ""));
      await assert.rejects(
        loadAnswerModel(file),
        /model.json cannot be used: imageWeights\[0\] should be a list of 6 rows/,
      );
      await writeFile(file, "{}");
      await assert.rejects(loadAnswerModel(file), /not a saved answer model/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("whatever a field of a file holds instead, the error names it", () => {
    const good = { ...(JSON.parse(JSON.stringify(model)) as object), checksum: undefined };
    const free = /^provenance\.(features|notes|leastPerWord)$|^provenance\.features\.fingerprint$/;
    assert.ok(putStrangeValues(good, answerModelFromJson, free) > 300);
  });

  test("a model of words alone can be saved too", async () => {
    const words = await trainAnswers(features, questions, { imageWeights: "none" });
    const folder = await mkdtemp(join(tmpdir(), "camlab-answers-"));
    try {
      await saveAnswerModel(words, join(folder, "words.json"));
      const loaded = await loadAnswerModel(join(folder, "words.json"));
      assert.deepEqual(loaded.predict(["is it red?"]), loaded.predict(["Is it RED?!"]));
      assert.equal(loaded.channels, 0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("a channel that never changes has no weight", () => {
    for (const answer of model.answers) assert.equal(model.weightsOf(answer, "is it red?")[4], 0);
  });
});

describe("training an answerer", () => {
  const { features, questions } = smallWorld();

  test("leaves out rare answers, and says how many questions that were", async () => {
    const odd = { picture: { file: "0.png" }, question: "what is it?", answer: "an odd thing" };
    const model = await trainAnswers(features, [...questions, odd], { mostAnswers: 3 });
    assert.equal(model.answers.length, 3);
    const { questions: used, otherAnswers } = model.provenance;
    assert.equal(used + otherAnswers, questions.length + 1);
    assert.ok(otherAnswers > 1);
  });

  test("refuses what cannot be learned, and options out of range", async () => {
    const blue = questions.filter(({ answer }) => answer === "blue");
    await assert.rejects(trainAnswers(features, blue), /They give 1 answers to learn, and it takes two/);
    await assert.rejects(trainAnswers(features, []), /0 of 0 questions have an answer and a photo with features/);
    const data = features.data.map((value, i) => (i === 7 ? NaN : value));
    const { rows, columns, pictures } = features;
    const holed = new FeatureTable({ rows, columns, pictures, data });
    await assert.rejects(trainAnswers(holed, questions), /features hold NaN at row 1, column 2/);
    await assert.rejects(trainAnswers(features, questions, { C: 0 }), /invalid C: 0/);
    await assert.rejects(
      trainAnswers(features, questions, { imageWeights: "each" as never }),
      /shared, by opening or none/,
    );
  });

  test("can be stopped", async () => {
    const controller = new AbortController();
    const options = { tolerance: 1e-12, signal: controller.signal, onProgress: () => controller.abort() };
    await assert.rejects(trainAnswers(features, questions, options), { name: "AbortError" });
  });
});
