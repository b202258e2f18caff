import assert from "node:assert/strict";
import { test } from "node:test";
import { heuristicGuesses } from "../../../../src/kernel-helpers/boxes/protocols/heuristic-guesses.js";
import type { HeatMap } from "../../../../src/kernel-helpers/cam/heat-map.js";

/** A map of one row, a pixel a value. */
function rowOf(...values: number[]): HeatMap {
  return { width: values.length, height: 1, data: Float32Array.from(values) };
}

const PEAK = rowOf(0, 3, 9, 3, 0);
const rules = { loose: { threshold: 0.2 }, tight: { threshold: 0.5 } } as const;

test("a tight and a loose box of each of the first two classes, the loose one of the third", () => {
  const predicted = [7, 3, 5, 1].map((index) => ({ index, map: PEAK }));
  const guesses = heuristicGuesses(predicted, rules);
  assert.deepEqual(
    guesses.map(({ index, box }) => [index, box?.x, box?.width]),
    [
      [7, 2, 1],
      [7, 1, 3],
      [3, 2, 1],
      [3, 1, 3],
      [5, 1, 3],
    ],
  );
});

test("a map without a box gives no guess", () => {
  const none = { index: 7, map: rowOf(0, 0) };
  assert.deepEqual(heuristicGuesses([none], rules), []);
  assert.deepEqual(
    heuristicGuesses([none, { index: 3, map: PEAK }], rules).map(({ index }) => index),
    [3, 3],
  );
});

test("the authors' boxes are the usual ones", () => {
  const side = 64;
  const data = Float32Array.from({ length: side * side }, (_, p) => {
    const [x, y] = [p % side, Math.floor(p / side)];
    const inside = (low: number, high: number) => x >= low && x < high && y >= low && y < high;
    return inside(24, 36) ? 1 : inside(4, 54) ? 0.2 : 0;
  });
  const map: HeatMap = { width: side, height: side, data };
  const [tight, loose] = heuristicGuesses([{ index: 0, map }]);
  // The deepest pixel lies 25 and 6 from the background: 255 · 1 / 25 rounds to 10 and is dropped, 255 · 1 / 6 is kept.
  assert.deepEqual(loose.box, { x: 5, y: 5, width: 48, height: 48 });
  assert.deepEqual(tight.box, { x: 24, y: 24, width: 12, height: 12 });
});
