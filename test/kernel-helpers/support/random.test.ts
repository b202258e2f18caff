import assert from "node:assert/strict";
import { test } from "node:test";
import { seededRandom, shuffled } from "../../../src/kernel-helpers/support/random.js";

const draw = (seed: number | string, count: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: count }, random);
};

test("same seed, same sequence; another seed, another one", () => {
  assert.deepEqual(draw(7, 100), draw(7, 100));
  assert.notDeepEqual(draw(7, 5), draw(8, 5));
  assert.notDeepEqual(draw("a", 5), draw("b", 5));
});

test("numbers are spread evenly over [0, 1), for neighbouring seeds too", () => {
  const bins = new Array<number>(10).fill(0);
  for (let seed = 0; seed < 2000; seed++) {
    for (const value of draw(seed, 5)) {
      assert.ok(value >= 0 && value < 1);
      bins[Math.floor(value * 10)] += 1;
    }
  }
  // 10,000 draws: 1,000 a bin, standard deviation 30.
  for (const count of bins) assert.ok(Math.abs(count - 1000) < 150, String(bins));
});

test("shuffled keeps every item and leaves its input alone", () => {
  const items = Array.from({ length: 50 }, (_, i) => i);
  const result = shuffled(items, seededRandom(1));
  assert.deepEqual(
    [...result].sort((a, b) => a - b),
    items,
  );
  assert.notDeepEqual(result, items);
  assert.equal(items[0], 0);
});
