import assert from "node:assert/strict";
import { test } from "node:test";
import { textScores } from "../../../../src/kernel-helpers/discovery/text/text-scores.js";
import type { TextView } from "../../../../src/kernel-helpers/discovery/text/text-view.js";

const agreement = {
  textShare: 0.1,
  nearShare: 0.25,
  boxShare: 0.2,
  hit: true,
  pixelPrecision: 0.5,
  wordsUnderBox: 0.8,
  boxesShare: 0.25,
  wordsUnderBoxes: 0.9,
  wordsFound: 0.5,
};
const view = (file: string, label: string, score: number, more?: Partial<typeof agreement>) =>
  ({ file, label, score, ...(more && { agreement: { ...agreement, ...more } }) }) as unknown as TextView;

const views = [
  view("a.jpg", "text", 3, {}),
  view("b.jpg", "other", 2),
  view("c.jpg", "text", 1, {
    hit: false,
    nearShare: 0.75,
    pixelPrecision: 0.2,
    wordsUnderBox: 0.4,
    boxShare: 0.4,
    boxesShare: 0.75,
    wordsFound: 1,
  }),
  view("d.jpg", "text", 0.5),
];

test("figures and chance are means over the pictures that were measured, by hand", () => {
  const scores = textScores(views);
  assert.deepEqual([scores.images, scores.withText, scores.measured], [4, 3, 2]);
  // Ranked: text, other, text, text.
  assert.ok(Math.abs(scores.averagePrecision.value - (1 + 2 / 3 + 3 / 4) / 3) < 1e-12);
  const { pointing, pixelPrecision, wordsUnderBox } = scores;
  assert.deepEqual([pointing!.figure.value, pointing!.chance, pointing!.times.value], [0.5, 0.5, 1]);
  assert.ok(Math.abs(pixelPrecision!.figure.value - 0.35) < 1e-12 && Math.abs(pixelPrecision!.chance - 0.1) < 1e-12);
  assert.ok(Math.abs(pixelPrecision!.times.value - 3.5) < 1e-9);
  assert.ok(Math.abs(wordsUnderBox!.figure.value - 0.6) < 1e-12 && Math.abs(wordsUnderBox!.chance - 0.3) < 1e-12);
  assert.ok(Math.abs(wordsUnderBox!.times.value - 2) < 1e-9);
  const { wordsUnderBoxes, wordsFound } = scores;
  assert.deepEqual([wordsUnderBoxes!.figure.value, wordsUnderBoxes!.chance], [0.9, 0.5]);
  assert.deepEqual([wordsFound!.figure.value, wordsFound!.chance, wordsFound!.times.value], [0.75, 0.5, 1.5]);
  // Of two photographs three quarters of the samples draw the one or the other twice, or both.
  assert.deepEqual([pointing!.figure.low, pointing!.figure.high], [0, 1]);
});

test("photographs are drawn, not their crops: crops of one photograph are drawn together", () => {
  const crops = textScores(views.map((each) => ({ ...each, file: "one.jpg" })));
  for (const interval of [crops.averagePrecision, crops.pointing!.figure, crops.wordsUnderBox!.times]) {
    assert.deepEqual([interval.low, interval.high], [interval.value, interval.value]);
  }
  const apart = textScores(views, 1);
  assert.ok(apart.averagePrecision.low < apart.averagePrecision.high);
  assert.deepEqual(textScores(views, 1), apart);
});

test("where no words were seen there is a ranking only", () => {
  const scores = textScores([views[1], views[3]]);
  assert.equal(scores.measured, 0);
  assert.deepEqual([scores.pointing, scores.pixelPrecision, scores.wordsUnderBox], [undefined, undefined, undefined]);
  assert.equal(scores.averagePrecision.value, 0.5);
});
