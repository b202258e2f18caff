import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { withShuffledImages } from "../../../../src/kernel-helpers/discovery/answers/discover-answers.js";
import { openingOf, openingsOf } from "../../../../src/kernel-helpers/discovery/answers/openings.js";
import { vocabularyOf, wordsOf } from "../../../../src/kernel-helpers/discovery/answers/question-words.js";
import { testAnswers } from "../../../../src/kernel-helpers/discovery/answers/test-answers.js";
import { trainAnswers } from "../../../../src/kernel-helpers/discovery/answers/train-answers.js";
import { smallWorld } from "./small-world.js";

describe("testAnswers", () => {
  const { features, questions } = smallWorld();
  const train = questions.filter(({ split }) => split === "train");
  const held = questions.filter(({ split }) => split === "test");

  test("weights by opening multiply what shared weights can only add", async () => {
    const accuracy = async (imageWeights: "by opening" | "shared" | "none") => {
      const model = await trainAnswers(features, train, { imageWeights, leastPerOpening: 5 });
      const { byQuestionType } = testAnswers(model, features, held, { resamples: 50 });
      return Object.fromEntries(byQuestionType.map(({ kind, accuracy }) => [kind, accuracy.value]));
    };
    const [opening, shared, none] = [await accuracy("by opening"), await accuracy("shared"), await accuracy("none")];
    assert.deepEqual(opening, { what: 1, "is it": 1 });
    assert.equal(shared.what, 1);
    assert.ok(shared["is it"] < 0.9);
    assert.ok(none.what < 0.5);
  });

  test("photos dealt out anew are as good as none", async () => {
    const wrong = withShuffledImages(features, [train, held], 0);
    assert.deepEqual(wrong.files, features.files);
    assert.deepEqual([...wrong.data].sort(), [...features.data].sort());
    const model = await trainAnswers(wrong, train);
    assert.ok(testAnswers(model, wrong, held, { resamples: 50 }).accuracy.value < 0.65);
  });

  test("counts what cannot be right, what is not known, what was left out; intervals are over photos", async () => {
    const model = await trainAnswers(features, train, { imageWeights: "none" });
    const report = testAnswers(model, features, [
      { picture: { file: "1.png" }, question: "what colour is it?", answers: ["mauve", "mauve"] },
      { picture: { file: "1.png" }, question: "warum?", answer: "no", answerType: "yes/no" },
      { picture: { file: "2.png" }, question: "is it red?" },
      { picture: { file: "missing.png" }, question: "is it red?", answer: "no" },
    ]);
    assert.equal(report.questions.length, 2);
    assert.equal(report.photos, 1);
    assert.equal(report.unanswerable, 1);
    assert.equal(report.unknownWords, 1);
    assert.equal(report.noKnownWord, 1);
    assert.equal(report.withoutAnswers, 1);
    assert.equal(report.withoutFeatures, 1);
    assert.equal(report.accuracy.low, report.accuracy.high, "one photo: no spread between photos");
    const [{ answer }] = model.predict(["is it red?"]);
    const alone = testAnswers(model, features, [
      { picture: { file: "1.png" }, question: "is it red?", answers: [answer] },
    ]);
    assert.equal(alone.accuracy.value, 1, "one person's answer is everybody's");
    assert.throws(() => testAnswers(model, features, []), /none of 0 questions can be judged/);
  });
});

describe("openings", () => {
  const asked = ["is it red", "is it blue", "is it red", "what colour is it", "what colour is it now", "why"].map(
    wordsOf,
  );
  const openings = openingsOf(asked, 2, 6);

  test("are beginnings that enough questions share, the shortest of those that share the same ones", () => {
    assert.deepEqual(openings, [
      { words: "", parent: -1, questions: 6 },
      { words: "is", parent: 0, questions: 3 },
      { words: "is it red", parent: 1, questions: 2 },
      { words: "what", parent: 0, questions: 2 },
    ]);
  });

  test("a question has the longest that fits, by whole words", () => {
    const of = (question: string) => openings[openingOf(openings, wordsOf(question))].words;
    assert.equal(of("Is it red or not?"), "is it red");
    assert.equal(of("Is it reddish?"), "is");
    assert.equal(of("island?"), "");
    assert.equal(of(""), "");
  });
});

test("words are lower case, keep apostrophes, and know other alphabets", () => {
  assert.deepEqual(wordsOf("What’s the  café's No. 7-Eleven?"), ["what's", "the", "café's", "no", "7", "eleven"]);
  assert.deepEqual(wordsOf("Что это?"), ["что", "это"]);
  assert.deepEqual(vocabularyOf([["b", "b", "a"], ["a"], ["c"]], 1), ["a", "b", "c"]);
});
