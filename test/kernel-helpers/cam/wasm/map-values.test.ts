import assert from "node:assert/strict";
import { test } from "node:test";
import { MODULES } from "../../../../scripts/build-wasm.js";
import { blendRows, cutsReached } from "../../../../src/kernel-helpers/cam/wasm/map-values.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { assertBuilt } from "../../wasm-built.js";

test("the committed WebAssembly is what its source compiles to", () => assertBuilt(MODULES.values));

test("blended rows are plain sums, rounded once, to the bit, with their range", () => {
  const random = seededRandom("blend");
  for (const taps of [2, 4] as const) {
    for (const [width, height, count] of [
      [1, 1, 1],
      [5, 7, 3],
      [8, 20, 14],
      [33, 3, 7],
    ]) {
      const rows = Float64Array.from({ length: width * count }, () => 2 * random() - 1);
      const index = Int32Array.from({ length: taps * height }, () => Math.floor(count * random()));
      const weight = Float64Array.from({ length: taps * height }, () => 2 * random() - 1);
      const wanted = Float32Array.from({ length: width * height }, (_, p) => {
        const [x, y] = [p % width, Math.floor(p / width)];
        let sum = weight[taps * y] * rows[index[taps * y] * width + x];
        for (let t = taps * y + 1; t < taps * (y + 1); t++) sum += weight[t] * rows[index[t] * width + x];
        return sum;
      });
      const { data, min, max } = blendRows(rows, width, taps, { index, weight });
      assert.deepEqual([...data], [...wanted]);
      assert.deepEqual([min, max], [Math.min(...wanted), Math.max(...wanted)]);
      const cuts = wanted.slice().sort().slice(1);
      assert.deepEqual(
        [...cutsReached(data, cuts)],
        Array.from(wanted, (value) => cuts.filter((cut) => cut <= value).length),
        "of values where they lie",
      );
    }
  }
});

test("an infinite value leaves no range", () => {
  const taps = { index: Int32Array.of(0, 0), weight: Float64Array.of(0.5, 0.5) };
  for (const one of [Infinity, -Infinity]) {
    const { min, max } = blendRows(Float64Array.of(1, one, 2, 3, 4), 5, 2, taps);
    assert.deepEqual([min, max], [NaN, NaN]);
  }
  const { min, max } = blendRows(Float64Array.of(1, NaN, 2, 3, 4), 5, 2, taps);
  assert.deepEqual([min, max], [1, 4], "of the values that are numbers");
});

test("the cuts that each value reaches, of values from anywhere, small ones after large ones", () => {
  for (const length of [70_000, 3]) {
    const data = Float32Array.from({ length }, (_, p) => (p * 7919) % 11);
    assert.deepEqual(
      [...cutsReached(data, Float32Array.of(3, 7.5, 11)).subarray(0, 50)],
      [...data.subarray(0, 50)].map((value) => Number(value >= 3) + Number(value >= 7.5)),
    );
  }
});
