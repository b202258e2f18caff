import assert from "node:assert/strict";
import { test } from "node:test";
import { MODULES } from "../../../../../../scripts/build-wasm.js";
import { Products } from "../../../../../../src/kernel-helpers/graph/head/path/wasm/products.js";
import { assertBuilt } from "../../../../wasm-built.js";
import { seededRandom } from "../../../../../../src/kernel-helpers/support/random.js";

test("the committed WebAssembly is what its source compiles to", () => assertBuilt(MODULES.products));

const random = seededRandom("products");
const numbers = (length: number) => Float64Array.from({ length }, () => 2 * random() - 1);
const apart = (found: ArrayLike<number>, wanted: ArrayLike<number>) => {
  assert.equal(found.length, wanted.length);
  const size = Array.from(wanted).reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return Array.from(found).reduce((most, value, i) => Math.max(most, Math.abs(value - wanted[i])), 0) / size;
};
/** Forwards: of several vectors, and of a single one. */
const near = (count: number) => (count > 1 ? 1e-11 : 1e-6);

for (const [rows, inputs, count] of [
  [1, 1, 1],
  [2, 3, 1],
  [7, 5, 3],
  [12, 8, 2],
  [33, 130, 5],
  [301, 400, 40],
] as const) {
  test(`${rows} × ${inputs} with ${count} vectors, against plain sums`, () => {
    const data = Float32Array.from(numbers(rows * inputs));
    const products = new Products(data, rows, inputs);
    const [x, g] = [numbers(count * inputs), numbers(count * rows)];
    g.fill(0, 0, Math.floor(rows / 2));
    const forwards = new Float64Array(count * rows);
    const back = new Float64Array(count * inputs);
    for (let v = 0; v < count; v++)
      for (let row = 0; row < rows; row++)
        for (let k = 0; k < inputs; k++) {
          forwards[v * rows + row] += data[row * inputs + k] * x[v * inputs + k];
          back[v * inputs + k] += data[row * inputs + k] * g[v * rows + row];
        }
    assert.ok(apart(products.multiply(x, count), forwards) < near(count));
    assert.ok(apart(products.multiplyTransposed(g, count), back) < near(2));
    assert.ok(apart(products.multiply(x.subarray(0, inputs), 1), forwards.subarray(0, rows)) < near(1));
  });
}
