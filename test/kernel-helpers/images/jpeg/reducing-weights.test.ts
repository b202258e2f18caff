import assert from "node:assert/strict";
import { test } from "node:test";
import { reducingWeights, WEIGHT_SUM } from "../../../../src/kernel-helpers/images/jpeg/reducing-weights.js";

/** Of each result its weights, by pixels of the axis. */
function weightsOf(size: number, resized: number, first = 0, count = resized, step = 1): Map<number, number>[] {
  const { start, length, taps, table } = reducingWeights(size, resized, first, count, step);
  assert.ok(start >= 0 && start + length <= size);
  assert.equal(taps % step, 0);
  assert.equal(table.length, count * (1 + taps));
  return Array.from({ length: count }, (_, i) => {
    const [low, ...weights] = table.subarray(i * (1 + taps), (i + 1) * (1 + taps));
    return new Map(weights.map((weight, k) => [start + low + k, weight] as const).filter(([, weight]) => weight !== 0));
  });
}

test("weights of a result sum up to one and have its centre for theirs, away from the ends", () => {
  const axes = { 375: 224, 640: 200, 99: 98, 31: 8 };
  for (const [size, resized] of Object.entries(axes).map(([size, resized]) => [Number(size), resized])) {
    for (const [i, weights] of weightsOf(size, resized).entries()) {
      const all = [...weights];
      assert.equal(
        all.reduce((sum, [, weight]) => sum + weight, 0),
        WEIGHT_SUM,
      );
      assert.ok(all.every(([pixel, weight]) => pixel >= 0 && pixel < size && weight > 0));
      const centre = all.reduce((sum, [pixel, weight]) => sum + (pixel + 0.5) * weight, 0) / WEIGHT_SUM;
      const wanted = ((i + 0.5) * size) / resized;
      const scale = size / resized;
      const isInside = wanted > scale + 0.5 && wanted < size - scale - 0.5;
      // A triangle that falls on a grid has its centre there but for a little.
      assert.ok(
        Math.abs(centre - wanted) < (isInside ? 0.15 : scale),
        `${size} → ${resized}, ${i}: ${centre}, ${wanted}`,
      );
    }
  }
});

test("halved: a triangle of four pixels; at the ends the outermost repeats", () => {
  const eighths = weightsOf(8, 4).map((weights) =>
    [...weights].map(([pixel, weight]) => [pixel, (8 * weight) / WEIGHT_SUM]),
  );
  assert.deepEqual(eighths[1], [
    [1, 1],
    [2, 3],
    [3, 3],
    [4, 1],
  ]);
  assert.deepEqual(eighths[0], [
    [0, 4],
    [1, 3],
    [2, 1],
  ]);
  assert.deepEqual(eighths[3], [
    [5, 1],
    [6, 3],
    [7, 4],
  ]);
});

test("as many as before: each the pixel itself", () => {
  weightsOf(9, 9, 2, 4, 8).forEach((weights, i) => assert.deepEqual([...weights], [[2 + i, WEIGHT_SUM]]));
});

test("a part of the results has the very weights that it has among all", () => {
  const all = weightsOf(100, 37);
  assert.deepEqual(weightsOf(100, 37, 11, 9, 8), all.slice(11, 20));
});
