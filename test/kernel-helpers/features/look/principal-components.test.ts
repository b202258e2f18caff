import assert from "node:assert/strict";
import { test } from "node:test";
import { principalComponents } from "../../../../src/kernel-helpers/features/look/principal-components.js";
import { matrixOf } from "../../../../src/kernel-helpers/support/matrix.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

test("finds the directions in which rows differ most, and says how much", () => {
  // In the plane spanned by (3, 4, 0) / 5 and (0, 0, 1), with variances of 8 and 2 a row, from the middle (1, 2, 3).
  const along = [-4, 4, 0, 0];
  const across = [0, 0, -2, 2];
  const rows = along.map((a, i) => [1 + 0.6 * a, 2 + 0.8 * a, 3 + across[i]]);
  const { coordinates, shares } = principalComponents(matrixOf(rows));
  assert.deepEqual([coordinates.rows, coordinates.columns], [4, 2]);
  along.forEach((a, i) => {
    assert.ok(Math.abs(coordinates.data[2 * i] - a) < 1e-5);
    assert.ok(Math.abs(coordinates.data[2 * i + 1] - across[i]) < 1e-5);
  });
  assert.ok(Math.abs(shares[0] - 0.8) < 1e-6 && Math.abs(shares[1] - 0.2) < 1e-6);
});

test("components are uncorrelated, ordered, and the same each time; all of them hold all variance", () => {
  const random = seededRandom(1);
  const rows = Array.from({ length: 40 }, () => Array.from({ length: 6 }, (_, k) => random() * (k + 1)));
  const { coordinates, shares } = principalComponents(matrixOf(rows), { count: 6 });
  const column = (k: number) => Array.from({ length: 40 }, (_, i) => coordinates.data[6 * i + k]);
  const product = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  for (let a = 0; a < 6; a++) {
    for (let b = 0; b < a; b++) {
      const [x, y] = [column(a), column(b)];
      assert.ok(Math.abs(product(x, y)) < 1e-3 * Math.sqrt(product(x, x) * product(y, y)), `${a} and ${b}`);
    }
  }
  assert.deepEqual(
    shares,
    [...shares].sort((a, b) => b - a),
  );
  assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-6);
  assert.deepEqual(principalComponents(matrixOf(rows), { count: 6 }).coordinates, coordinates);
});

test("rows that are all alike lie in one place; too few rows are refused", () => {
  const { coordinates, shares } = principalComponents(matrixOf([[1, 2], [1, 2], [1, 2]])); // prettier-ignore
  assert.deepEqual([...coordinates.data], [0, 0, 0, 0, 0, 0]);
  assert.deepEqual(shares, [0, 0]);
  assert.throws(() => principalComponents(matrixOf([[1, 2]])), /1 rows of 2 features have no 2 components/);
});
