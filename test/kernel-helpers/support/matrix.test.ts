import assert from "node:assert/strict";
import { test } from "node:test";
import { checkMatrix, matrixOf, rowOf, selectRows } from "../../../src/kernel-helpers/support/matrix.js";

test("rows go in and come out, in any order", () => {
  const matrix = matrixOf([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  assert.deepEqual([...rowOf(matrix, 1)], [3, 4]);
  assert.deepEqual([...selectRows(matrix, [2, 0, 2]).data], [5, 6, 1, 2, 5, 6]);
  assert.throws(() => matrixOf([[1], [1, 2]]), /row 1 has 2 values, but row 0 has 1/);
});

test("a matrix that cannot be used is refused, naming the place", () => {
  const bad = matrixOf([
    [1, 2],
    [3, Infinity],
  ]);
  assert.throws(() => checkMatrix("features", bad), /features hold Infinity at row 1, column 1/);
  const extremes = [3.4e38, -3.4e38, 1e-45, -0, 1.17549435e-38];
  for (const wrong of [NaN, -NaN, Infinity, -Infinity]) {
    for (let place = 0; place < 5; place++) {
      const data = Float32Array.from(extremes);
      assert.doesNotThrow(() => checkMatrix("features", { rows: 5, columns: 1, data }));
      data[place] = wrong;
      const where = new RegExp(`features hold -?(NaN|Infinity) at row ${place}, column 0`);
      assert.throws(() => checkMatrix("features", { rows: 5, columns: 1, data }), where);
    }
  }
  assert.throws(() => checkMatrix("features", { ...bad, columns: 3 }), /invalid features.data.length: 4.*= 6/);
  assert.throws(() => checkMatrix("features", { ...bad, rows: 0 }), /invalid features.rows: 0/);
});
