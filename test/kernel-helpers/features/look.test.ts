import assert from "node:assert/strict";
import { test } from "node:test";
import { nearDuplicates } from "../../../src/kernel-helpers/features/look/near-duplicates.js";
import { outliers } from "../../../src/kernel-helpers/features/look/outliers.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";

const [ROWS, COLUMNS] = [900, 16];

/** Rows around ten centres; 40 copies that differ by a hair, and three rows of nothing else's kind. */
function table() {
  const random = seededRandom("look");
  const centres = Array.from({ length: 10 }, () => Float32Array.from({ length: COLUMNS }, () => random() ** 3));
  const data = new Float32Array(ROWS * COLUMNS);
  for (let row = 0; row < ROWS; row++) {
    for (let k = 0; k < COLUMNS; k++) {
      const copied = data[(row - 400) * COLUMNS + k] * (1 + 0.001 * random());
      const strange = k === row - 700 ? 5 : -random();
      const usual = centres[row % 10][k] + 0.4 * random();
      data[row * COLUMNS + k] = row >= 400 && row < 440 ? copied : row >= 700 && row < 703 ? strange : usual;
    }
  }
  return { rows: ROWS, columns: COLUMNS, data };
}

const cosine = ({ data }: { data: Float32Array }, a: number, b: number) => {
  const [one, other] = [a, b].map((row) => data.subarray(row * COLUMNS, (row + 1) * COLUMNS));
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, k) => sum + value * y[k], 0);
  return dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other));
};

test("near duplicates are those of all pairs; in cells nearly all of them, and no others", async () => {
  const features = table();
  const expected = [];
  for (let a = 0; a < ROWS; a++)
    for (let b = a + 1; b < ROWS; b++) if (cosine(features, a, b) >= 0.9999) expected.push([a, b]);
  const { groups, pairs, isExact } = await nearDuplicates(features, { similarity: 0.9999 });
  assert.equal(isExact, true);
  assert.equal(pairs, expected.length);
  assert.ok(expected.length >= 40);
  assert.deepEqual(
    groups.flat().sort((a, b) => a - b),
    [...new Set(expected.flat())].sort((a, b) => a - b),
  );
  const cells = await nearDuplicates(features, { similarity: 0.9999, exactUpTo: 100 });
  assert.equal(cells.isExact, false);
  assert.ok(cells.pairs >= 0.9 * pairs && cells.pairs <= pairs);
});

test("thousands of copies of one picture are one group, and all their pairs are counted", async () => {
  const rows = 6000;
  const features = { rows, columns: 2, data: new Float32Array(2 * rows).fill(1) };
  const { groups, pairs } = await nearDuplicates(features);
  assert.deepEqual(
    groups.map((group) => group.length),
    [rows],
  );
  assert.equal(pairs, (rows * (rows - 1)) / 2);
});

test("in cells a pair counts once, however many cells hold it", async () => {
  const rows = 300;
  const features = { rows, columns: 2, data: new Float32Array(2 * rows).fill(1) };
  const { pairs, groups } = await nearDuplicates(features, { exactUpTo: 10 });
  assert.equal(groups.length, 1);
  assert.equal(pairs, (rows * (rows - 1)) / 2);
});

test("outliers are the rows of nobody's kind, exactly and in cells", async () => {
  const features = table();
  for (const exactUpTo of [50_000, 100]) {
    const { rows, isExact } = await outliers(features, { count: 3, neighbours: 4, exactUpTo });
    assert.equal(isExact, exactUpTo > 100);
    assert.deepEqual(rows.map(({ row }) => row).sort(), [700, 701, 702]);
    if (!isExact) continue;
    const [{ row, similarity }] = rows;
    const others = Array.from({ length: ROWS }, (_, i) => i).filter((i) => i !== row);
    const nearest = others.map((i) => cosine(features, row, i)).sort((a, b) => b - a);
    assert.ok(Math.abs(similarity - nearest.slice(0, 4).reduce((a, b) => a + b, 0) / 4) < 1e-5);
  }
});
