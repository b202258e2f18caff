import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { hasPoint } from "../../../../src/kernel-helpers/cam/faithfulness/truth/inside.js";
import { pointing } from "../../../../src/kernel-helpers/cam/faithfulness/truth/pointing.js";
import { relevanceMass } from "../../../../src/kernel-helpers/cam/faithfulness/truth/relevance-mass.js";
import { relevanceRank } from "../../../../src/kernel-helpers/cam/faithfulness/truth/relevance-rank.js";
import { giniIndex } from "../../../../src/kernel-helpers/cam/faithfulness/sparseness.js";
import { rankCorrelation } from "../../../../src/kernel-helpers/cam/faithfulness/rank-correlation.js";
import { judgedCase, SIDE } from "./judged-case.js";

describe("whether a pixel lies in a box", () => {
  const box = { x: 1.5, y: 2.5, width: 2, height: 1 };
  const inside = (x: number, y: number, boxes = [box]) => hasPoint(boxes, y * 5 + x, 5);

  test("is decided by its centre: the left and upper edges belong to a box, the right and lower ones do not", () => {
    const found = Array.from({ length: 25 }, (_, p) => p).filter((p) => inside(p % 5, Math.floor(p / 5)));
    assert.deepEqual(found, [11, 12]);
    const off = { x: 1.51, y: 2.51, width: 2, height: 1 };
    assert.deepEqual([inside(1, 2, [off]), inside(2, 2, [off])], [false, false]);
    assert.deepEqual([inside(2, 3, [off]), inside(3, 3, [off]), inside(4, 3, [off])], [true, true, false]);
  });

  test("any box will do, and none is none", () => {
    const other = { x: 4, y: 0, width: 1, height: 1 };
    assert.deepEqual(
      [inside(4, 0, [box, other]), inside(1, 2, [box, other]), inside(4, 1, [box, other])],
      [true, true, false],
    );
    assert.equal(hasPoint([], 0, 5), false);
  });
});

describe("measures of where a thing is", () => {
  const data = new Float32Array(SIDE * SIDE);
  data[0] = 3;
  data[1] = 2;
  data[SIDE] = 1;
  data[SIDE + 1] = -8;
  const judged = (x: number, y: number, width: number, height: number) =>
    judgedCase(data, { boxes: [{ x, y, width, height }] });

  test("heat in the box is a share of what is positive", () => {
    assert.equal(relevanceMass.value(judged(0, 0, 1, 1)), 3 / 6);
    assert.equal(relevanceMass.value(judged(1, 0, 1, 2)), 2 / 6);
    assert.equal(relevanceMass.value(judged(0, 0, SIDE, SIDE)), 1);
    assert.equal(relevanceMass.value(judged(0, 1, 2, 1)), 1 / 6);
  });

  test("the hottest in the box are as many as the box has pixels, in the picture", () => {
    assert.equal(relevanceRank.value(judged(0, 0, 2, 1)), 1);
    assert.equal(relevanceRank.value(judged(0, 0, 1, 2)), 1 / 2);
    assert.equal(relevanceRank.value(judged(1, 0, 1, 1)), 0);
    assert.equal(relevanceRank.value(judged(-5, -5, 3 * SIDE, 3 * SIDE)), 1);
  });

  test("pointing asks for the hottest pixel alone", () => {
    assert.equal(pointing.value(judged(0, 0, 1, 1)), 1);
    assert.equal(pointing.value(judged(1, 0, 5, 5)), 0);
    assert.equal(pointing.value(judgedCase(data)), 0);
  });
});

test("the Gini index: 0 of what is alike, 1 − 1/n of a single place, whatever the signs and the order", () => {
  assert.equal(giniIndex(Float32Array.of(2, -2, 2)), 0);
  assert.equal(giniIndex(Float32Array.of(0, -7, 0, 0, 0)), 0.8);
  // (−3 · 1 − 1 · 2 + 1 · 3 + 3 · 4) / (4 · 10)
  assert.equal(giniIndex(Float32Array.of(4, -1, -3, 2)), 0.25);
  assert.ok(Number.isNaN(giniIndex(new Float32Array(4))));
});

test("rank correlation by hand: ties share the mean of their ranks", () => {
  assert.equal(rankCorrelation(Float32Array.of(1, 2, 3), Float32Array.of(10, 20, 15)), 0.5);
  // Ranks 1.5, 1.5, 3, 4 and 4, 3, 2, 1 around 2.5: (−1.5 + −0.5 − 0.25 − 2.25) / √(4.5 · 5)
  const found = rankCorrelation(Float32Array.of(-1, -1, 0, 8), Float32Array.of(9, 5, 4, -3));
  assert.ok(Math.abs(found - -4.5 / Math.sqrt(22.5)) < 1e-12, String(found));
  assert.equal(rankCorrelation(Float32Array.of(10, 9, 100), Float32Array.of(2, 1, 3)), 1);
  assert.throws(() => rankCorrelation(new Float32Array(2), new Float32Array(3)), {
    name: "RangeError",
    message: "2 values cannot be compared with 3",
  });
});
