import assert from "node:assert/strict";
import { test } from "node:test";
import { passedBy } from "../../../../src/kernel-helpers/boxes/protocols/passed-by.js";
import { rangeOf } from "../../../../src/kernel-helpers/cam/normalise.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

test("the tests that each value passes are as many as asking one by one gives, also next to a cut", () => {
  const random = seededRandom("passed by");
  for (let i = 0; i < 200; i++) {
    const cuts = Array.from({ length: 1 + Math.floor(random() * 20) }, () => Math.fround(2 * random() - 1)).sort(
      (a, b) => a - b,
    );
    const near = cuts.flatMap((cut) => [cut, cut + Math.abs(cut) * 2 ** -24, cut - Math.abs(cut) * 2 ** -24]);
    const data = Float32Array.from([...near, 0, -0, ...cuts.map(() => 2 * random() - 1)]);
    const strict = i % 2 === 0;
    const passes = (t: number, value: number) => value > cuts[t] || (!strict && value === cuts[t]);
    assert.deepEqual(
      [...passedBy({ data, ...rangeOf(data) }, cuts.length, passes)],
      Array.from(data, (value) => cuts.filter((_, t) => passes(t, value)).length),
    );
  }
  assert.deepEqual([...passedBy({ data: Float32Array.of(0, 0), min: 0, max: 0 }, 3, () => false)], [0, 0]);
});
