import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { PackedTranspose } from "../../../../../../src/kernel-helpers/graph/head/path/wasm/packed-transpose.js";
import { seededRandom } from "../../../../../../src/kernel-helpers/support/random.js";

const random = seededRandom("packed");
/** About normal, so that a few are much larger than most. */
const numbers = (length: number) =>
  Float32Array.from({ length }, () => 2 * (random() + random() + random() + random()) - 4);
const largest = (values: ArrayLike<number>) => Array.from(values).reduce((most, v) => Math.max(most, Math.abs(v)), 0);

function timesVector(data: Float32Array, rows: number, x: Float32Array): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) =>
    x.reduce((sum, value, k) => sum + value * data[row * x.length + k], 0),
  );
}

function transposedTimes(data: Float32Array, inputs: number, g: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: inputs }, (_, k) =>
    Array.from(g).reduce((sum, value, row) => sum + value * data[row * inputs + k], 0),
  );
}

/** Rows, inputs, and the share of rows that have a part. */
const SIZES = ["1 1 1", "3 31 1", "200 64 1", "301 400 0.5", "700 129 0.1", "1000 33 0.004"];

describe("the transpose of a matrix of 16 bits", () => {
  for (const [rows, inputs, share] of SIZES.map((sizes) => sizes.split(" ").map(Number))) {
    test(`${rows} × ${inputs}, of which ${share} have a part, against plain sums`, () => {
      const data = numbers(rows * inputs);
      const packed = new PackedTranspose(data, rows, inputs);
      const [a, b, u] = [numbers(rows), numbers(rows), numbers(inputs)];
      for (let row = 0; row < rows; row++) if (row >= share * rows) b[(row * 7919) % rows] = 0;
      b[rows - 1] = 1;
      const g = a.map((value, row) => value * b[row]);
      const wanted = transposedTimes(data, inputs, g);
      const product = timesVector(data, rows, u);
      const found = packed.multiply(a, b, u, product).slice();
      const size = largest(wanted);
      found.forEach((value, k) => assert.ok(Math.abs(value - wanted[k]) < 6e-5 * size, `${k}: ${value}, ${wanted[k]}`));
      const along = found.reduce((sum, value, k) => sum + value * u[k], 0);
      const exact = g.reduce((sum, value, row) => sum + value * product[row], 0);
      assert.ok(
        Math.abs(along - exact) < 1e-6 * size * u.length ** 0.5 * largest(u),
        "along the direction it is exact",
      );
      const alone = packed.multiply(g, undefined, u, product);
      found.forEach((value, k) => assert.ok(Math.abs(value - alone[k]) < 1e-6 * size, "without a second factor"));
    });
  }

  test("sizes of a row's numbers far from each other do not disturb each other", () => {
    const [rows, inputs] = [64, 96];
    const data = numbers(rows * inputs).map((value, i) => (i % inputs < 32 ? value : value * 1e-6));
    const u = new Float32Array(inputs);
    const g = numbers(rows);
    const found = new PackedTranspose(data, rows, inputs).multiply(g, undefined, u, new Float64Array(rows));
    const wanted = transposedTimes(data, inputs, g);
    const size = largest(wanted.subarray(32));
    for (let k = 32; k < inputs; k++) assert.ok(Math.abs(found[k] - wanted[k]) < 6e-5 * size);
  });

  test("rows of zeros, numbers next to nothing, and no g at all", () => {
    const [rows, inputs] = [5, 40];
    const data = Float32Array.from({ length: rows * inputs }, (_, i) =>
      i < 2 * inputs ? 0 : i < 3 * inputs ? 1e-40 : 1,
    );
    const packed = new PackedTranspose(data, rows, inputs);
    const [u, product] = [new Float32Array(inputs).fill(1), timesVector(data, rows, new Float32Array(inputs).fill(1))];
    const some = packed.multiply(Float32Array.of(1, 2, 3, 4, 5), undefined, u, product);
    some.forEach((value) => assert.ok(Math.abs(value - 9) < 1e-5));
    assert.deepEqual([...packed.multiply(new Float32Array(rows), undefined, u, product)], Array(inputs).fill(0));
  });
});
