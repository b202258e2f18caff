// What is done to a picture before the network is asked again, each step against its definition written out.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { averageDrop } from "../../../../src/kernel-helpers/cam/faithfulness/perturbing/average-drop.js";
import { averageIncrease } from "../../../../src/kernel-helpers/cam/faithfulness/perturbing/average-increase.js";
import { blurred } from "../../../../src/kernel-helpers/cam/faithfulness/perturbing/blurred.js";
import { fillCoarsely } from "../../../../src/kernel-helpers/cam/faithfulness/perturbing/coarse-guess.js";
import { areaBelow } from "../../../../src/kernel-helpers/cam/faithfulness/perturbing/curve.js";
import { insertion } from "../../../../src/kernel-helpers/cam/faithfulness/perturbing/insertion.js";
import { imputed } from "../../../../src/kernel-helpers/cam/faithfulness/perturbing/noisy-imputation.js";
import { descendingOrder } from "../../../../src/kernel-helpers/cam/faithfulness/perturbing/order.js";
import { road } from "../../../../src/kernel-helpers/cam/faithfulness/perturbing/road.js";
import { softmax } from "../../../../src/kernel-helpers/networks/softmax.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { assertNear } from "../assert-near.js";
import { judgedCase, mapNumber, PICTURE, scoresOf, SIDE, wave } from "./judged-case.js";

const AREA = SIDE * SIDE;
const size = { width: SIDE, height: SIDE };
const near = (found: ArrayLike<number>, expected: ArrayLike<number>, within = 1e-6) =>
  assertNear(found, expected, within);
/** Of which Gaussian noise is 0. */
const noChance = () => 0;

describe("a coarse guess at missing pixels", () => {
  test("is the mean of what is known in the smallest square around, one level after the other", () => {
    // 5 × 3 pixels, of which −1 are missing. Squares of two: [1, 3, −, −] [−, 4, −, −] [6, −] / [−, −] [−, −] [9].
    const known = [
      [1, 3, -1, 4, 6],
      [-1, -1, -1, -1, -1],
      [-1, -1, -1, -1, 9],
    ].flat();
    const missing = Uint8Array.from(known, (value) => Number(value === -1));
    const plane = Float32Array.from(known, (value) => (value === -1 ? 100 : value));
    fillCoarsely(plane, { width: 5, height: 3 }, missing);
    // Of the lower squares the first two know nothing: the square of four says (2 + 4) / 2 = 3.
    assert.deepEqual(
      [...plane],
      [
        [1, 3, 4, 4, 6],
        [2, 2, 4, 4, 6],
        [3, 3, 3, 3, 9],
      ].flat(),
    );
  });

  test("of nothing known is 0, of nothing missing what there is", () => {
    const plane = Float32Array.of(7, 7, 7);
    fillCoarsely(plane, { width: 1, height: 3 }, Uint8Array.of(0, 0, 0));
    assert.deepEqual([...plane], [7, 7, 7]);
    fillCoarsely(plane, { width: 1, height: 3 }, Uint8Array.of(1, 1, 1));
    assert.deepEqual([...plane], [0, 0, 0]);
  });

  test("of one known pixel is that pixel, wherever it lies", () => {
    for (const at of [0, 6, 41, 76]) {
      const missing = new Uint8Array(7 * 11).fill(1);
      missing[at] = 0;
      const plane = new Float32Array(7 * 11).fill(-3);
      plane[at] = 5;
      fillCoarsely(plane, { width: 7, height: 11 }, missing);
      assert.deepEqual(new Set(plane), new Set([5]));
    }
  });
});

describe("imputation without noise", () => {
  test("leaves each missing pixel as the weighted mean of its neighbours in the picture, in each colour", () => {
    const [width, height] = [9, 6];
    const area = width * height;
    const random = seededRandom("holes");
    for (const share of [0.1, 0.6, 0.97]) {
      const input = wave(3 * area, 0.37);
      const missing = Uint8Array.from({ length: area }, () => Number(random() < share));
      missing[5] = 0;
      missing[0] = missing[area - 1] = missing[width - 1] = missing[width] = 1;
      const filled = imputed(input, { width, height }, missing, noChance);
      for (let i = 0; i < input.length; i++) {
        const [x, y, c] = [i % width, Math.floor(i / width) % height, Math.floor(i / area)];
        if (missing[i % area] === 0) {
          assert.equal(filled[i], input[i]);
          continue;
        }
        let [sum, weights] = [0, 0];
        for (const dx of [-1, 0, 1]) {
          for (const dy of [-1, 0, 1]) {
            const isIn = x + dx >= 0 && x + dx < width && y + dy >= 0 && y + dy < height;
            const weight = (dx === 0 && dy === 0) || !isIn ? 0 : dx === 0 || dy === 0 ? 2 : 1;
            if (weight > 0) sum += weight * filled[c * area + (y + dy) * width + x + dx];
            weights += weight;
          }
        }
        assert.ok(Math.abs(filled[i] - sum / weights) < 2e-3, `${share} ${x} ${y} ${c}`);
      }
    }
  });

  test("of a plane that rises evenly goes on rising evenly; nothing known is 0", () => {
    const [width, height] = [16, 16];
    const rising = Float32Array.from({ length: 3 * 256 }, (_, i) => (i % width) + 2 * Math.floor((i % 256) / width));
    const hole = Uint8Array.from({ length: 256 }, (_, p) => {
      const [x, y] = [p % width, Math.floor(p / width)];
      return Number(x > 3 && x < 12 && y > 3 && y < 12);
    });
    near(imputed(rising, { width, height }, hole, noChance), rising, 5e-3);
    const all = new Uint8Array(256).fill(1);
    assert.deepEqual(imputed(rising, { width, height }, all, noChance), new Float32Array(3 * 256));
  });

  test("does not change what it is given, nor a picture of which nothing is missing", () => {
    const input = wave(3 * AREA, 0.2);
    const before = input.slice();
    imputed(input, size, new Uint8Array(AREA).fill(1), seededRandom(1));
    assert.deepEqual(input, before);
    assert.deepEqual(imputed(input, size, new Uint8Array(AREA), seededRandom(1)), before);
  });
});

test("out of focus: a Gaussian of 5 / 224 of the longer side, cut after one deviation, borders repeated", () => {
  for (const [width, height] of [
    [31, 20],
    [12, 120],
    [3, 2],
  ]) {
    const area = width * height;
    const input = wave(3 * area, 0.11);
    const sigma = (5 / 224) * Math.max(width, height);
    const reach = Math.max(1, Math.round(sigma));
    const bell = (d: number) => Math.exp(-(d * d) / (2 * sigma * sigma));
    const expected = input.map((_, i) => {
      const [x, y, c] = [i % width, Math.floor(i / width) % height, Math.floor(i / area)];
      let [sum, weights] = [0, 0];
      for (let dy = -reach; dy <= reach; dy++) {
        for (let dx = -reach; dx <= reach; dx++) {
          const [column, row] = [Math.min(width - 1, Math.max(0, x + dx)), Math.min(height - 1, Math.max(0, y + dy))];
          sum += bell(dx) * bell(dy) * input[c * area + row * width + column];
          weights += bell(dx) * bell(dy);
        }
      }
      return sum / weights;
    });
    near(blurred(input, { width, height }), expected);
  }
});

test("the order is by value, equal ones by chance drawn in the order of the pixels", () => {
  assert.deepEqual([...descendingOrder(Float32Array.of(1, 3, 2, -4), seededRandom(0))], [1, 2, 0, 3]);
  const draws = [0.9, 0.1, 0.5];
  let drawn = 0;
  assert.deepEqual([...descendingOrder(Float32Array.of(7, 7, 7), () => draws[drawn++])], [1, 2, 0]);
});

test("the area below a curve over 0 to 1, by trapezoids", () => {
  assert.equal(areaBelow(Float64Array.of(1, 0)), 0.5);
  assert.equal(areaBelow(Float64Array.of(2, 4, 0, 0)), (3 + 2 + 0) / 3);
});

describe("measures that change the picture", () => {
  const map = mapNumber(1);
  const index = 2;
  const order = [...map.keys()].sort((a, b) => map[b] - map[a]);
  const probability = (input: Float32Array) => softmax(scoresOf(input))[index];

  test("ROAD: half of what the coldest pixels' loss leaves over the hottest's, at 20, 50 and 80 %", async () => {
    const judged = judgedCase(map, { index, seed: "road case" });
    const without = (pixels: readonly number[], share: number) => {
      const missing = new Uint8Array(AREA);
      for (const p of pixels.slice(0, Math.round(share * AREA))) missing[p] = 1;
      return probability(imputed(PICTURE, size, missing, judged.random("road")));
    };
    const gains = [0.2, 0.5, 0.8].map((share) => (without([...order].reverse(), share) - without(order, share)) / 2);
    near([await road.value(judged)], [(gains[0] + gains[1] + gains[2]) / 3], 1e-6);
  });

  test("insertion: from a picture out of focus to the sharp one in 28 steps, hottest pixels first", async () => {
    const current = blurred(PICTURE, size);
    const curve = [probability(current)];
    for (let step = 1; step <= 28; step++) {
      for (const p of order.slice(Math.round(((step - 1) * AREA) / 28), Math.round((step * AREA) / 28))) {
        for (const c of [0, 1, 2]) current[c * AREA + p] = PICTURE[c * AREA + p];
      }
      curve.push(probability(current));
    }
    const area = curve.slice(1).reduce((sum, value, i) => sum + (value + curve[i]) / 2, 0) / 28;
    near([await insertion.value(judgedCase(map, { index }))], [area]);
  });

  test("through a map that nowhere speaks for the class nothing is seen; its scale does not matter", async () => {
    const blank = probability(new Float32Array(3 * AREA));
    const before = probability(PICTURE);
    for (const dark of [new Float32Array(AREA), new Float32Array(AREA).fill(-2)]) {
      const judged = judgedCase(dark, { index });
      near([await averageDrop.value(judged)], [Math.max(0, before - blank) / before]);
      assert.equal(await averageIncrease.value(judged), Number(blank > before));
    }
    const dropOf = async (factor: number) =>
      averageDrop.value(
        judgedCase(
          map.map((value) => value * factor),
          { index },
        ),
      );
    const plain = await dropOf(1);
    for (const factor of [0.01, 40]) near([await dropOf(factor)], [plain]);
  });

  test("a class that is as probable through the map has lost nothing and gained nothing", async () => {
    const judged = judgedCase(new Float32Array(AREA).fill(3), { index });
    near([await averageDrop.value(judged)], [0]);
    assert.equal(await averageIncrease.value(judged), 0);
  });
});
