import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { placeIn, wordReader } from "../../../../src/kernel-helpers/discovery/phrases/caption-words.js";

const words = (caption: string, options = {}) =>
  wordReader(options)
    .runsOf(caption)
    .map((run) => run.map(({ word }) => word).join(" "));

describe("words of captions", () => {
  test("runs end at punctuation and conjunctions, not at articles, hyphens or apostrophes", () => {
    assert.deepEqual(words("A cat, on THE mat; and a dog's t-shirt (red)."), ["cat", "on mat", "dog's t shirt", "red"]);
    assert.deepEqual(words("  "), []);
    assert.deepEqual(words("¡Caf\u0065\u0301 con leche!"), ["caf\u00e9 con leche"]);
  });

  test("each word knows where it stands in the caption", () => {
    const caption = "There is a Boat on the lake.";
    const [run] = wordReader().runsOf(caption);
    assert.deepEqual(
      run.map(({ start, end }) => caption.slice(start, end)),
      ["There", "is", "Boat", "on", "lake"],
    );
    assert.equal(placeIn(run, ["boat", "on", "lake"]), 2);
    assert.equal(placeIn(run, ["boat", "lake"]), -1);
  });

  test("plurals in -s are singulars where that is asked for; words that only look like plurals stay", () => {
    const caption = "Two teddy bears, dresses; boxes. Cities (ponies) and glass buses: tennis";
    const singular = ["two teddy bear", "dress", "box", "city", "pony", "glass buse", "tennis"];
    assert.deepEqual(words(caption, { plurals: true }), singular);
    assert.deepEqual(words("bears does", {}), ["bears does"]);
    assert.deepEqual(words("does this has", { plurals: true }), ["does this has"]);
  });

  test("another language brings its own lists, and its own way to tell words apart", () => {
    const german = { locale: "de", articles: ["der", "die", "das", "ein", "eine", "dem"], breaks: ["und"] };
    assert.deepEqual(words("Ein Boot auf dem See und eine Katze", german), ["boot auf see", "katze"]);
    assert.throws(() => wordReader({ locale: "not a tag" }), /invalid locale: "not a tag"/);
  });
});
