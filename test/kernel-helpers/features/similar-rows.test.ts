import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { nearDuplicates } from "../../../src/kernel-helpers/features/look/near-duplicates.js";
import { outliers } from "../../../src/kernel-helpers/features/look/outliers.js";
import { similarRows } from "../../../src/kernel-helpers/features/look/similar-rows.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";

/** Unit vectors of the plane, by their angles in degrees, of any length. */
function atAngles(...degrees: number[]) {
  const data = degrees.flatMap((angle, i) => [
    (i + 1) * Math.cos((angle * Math.PI) / 180),
    (i + 1) * Math.sin((angle * Math.PI) / 180),
  ]);
  return { rows: degrees.length, columns: 2, data: Float32Array.from(data) };
}
const cosine = (degrees: number) => Math.cos((degrees * Math.PI) / 180);
const near = (found: number, expected: number) => assert.ok(Math.abs(found - expected) < 1e-5, `${found} ${expected}`);

/** All pairs that are visited, each with its similarity; a pair twice is an error. */
async function visited(matrix: ReturnType<typeof atAngles>, seed: number, most: number) {
  const pairs = new Map<string, number>();
  const isExact = await similarRows(matrix, seed, most, (rows, others, similarities) => {
    assert.equal(similarities.length, rows.length * others.length);
    for (let i = 0; i < rows.length; i++) {
      for (let j = 0; j < others.length; j++) {
        const value = similarities[i * others.length + j];
        if (Number.isNaN(value)) continue;
        const key = `${rows[i]} ${others[j]}`;
        assert.ok(!pairs.has(key), `${key} twice`);
        pairs.set(key, value);
      }
    }
  });
  return { isExact, pairs };
}

describe("which rows are compared", () => {
  const [ROWS, COLUMNS] = [70, 3];
  const random = seededRandom("similar rows");
  const matrix = {
    rows: ROWS,
    columns: COLUMNS,
    data: Float32Array.from({ length: ROWS * COLUMNS }, () => random() * 2 - 1),
  };
  const unit = Array.from({ length: ROWS }, (_, row) => {
    const own = [...matrix.data.subarray(row * COLUMNS, (row + 1) * COLUMNS)];
    return own.map((value) => value / Math.hypot(...own));
  });
  const similarity = (a: number, b: number) => unit[a].reduce((sum, value, k) => sum + value * unit[b][k], 0);

  test("as far as all pairs are wanted, each once and in both orders", async () => {
    const { isExact, pairs } = await visited(matrix, 0, ROWS);
    assert.deepEqual([isExact, pairs.size], [true, ROWS * ROWS]);
    for (const [key, value] of pairs) {
      const [a, b] = key.split(" ").map(Number);
      near(value, similarity(a, b));
    }
  });

  test("beyond that those that share one of their two cells: the nearest of √n rows drawn by chance", async () => {
    for (const seed of [0, 3]) {
      const draw = seededRandom(`cells ${seed}`);
      const centres = new Set<number>();
      while (centres.size < 9) centres.add(Math.floor(draw() * ROWS));
      const cellsOf = unit.map((_, row) =>
        [...centres]
          .map((centre, cell) => ({ cell, value: similarity(row, centre) }))
          .sort((a, b) => b.value - a.value)
          .slice(0, 2)
          .map(({ cell }) => cell),
      );
      const { isExact, pairs } = await visited(matrix, seed, ROWS - 1);
      assert.equal(isExact, false);
      for (let a = 0; a < ROWS; a++) {
        for (let b = 0; b < ROWS; b++) {
          const isShared = cellsOf[a].some((cell) => cellsOf[b].includes(cell));
          assert.equal(pairs.has(`${a} ${b}`), isShared, `${a} and ${b}`);
          if (isShared) near(pairs.get(`${a} ${b}`)!, similarity(a, b));
        }
      }
    }
  });

  test("one row of a table of one has itself", async () => {
    const { pairs } = await visited(atAngles(20), 0, 0);
    assert.deepEqual([...pairs.keys()], ["0 0"]);
  });
});

describe("near duplicates", () => {
  test("hang together by pairs; larger groups come first, then those of earlier rows", async () => {
    const { groups, pairs, isExact } = await nearDuplicates(atAngles(0, 90, 10, 180, 20, 95, 185, 300));
    assert.deepEqual(
      [groups, pairs, isExact],
      [
        [
          [0, 2, 4],
          [1, 5],
          [3, 6],
        ],
        4,
        true,
      ],
    );
  });

  test("are those whose cosine is 0.98 or more unless it is said", async () => {
    const found = async (degrees: number, similarity?: number) =>
      (await nearDuplicates(atAngles(0, degrees), { similarity })).pairs;
    assert.deepEqual([await found(11.4), await found(11.6)], [1, 0]);
    assert.deepEqual([await found(60.1, 0.5), await found(59.9, 0.5)], [0, 1]);
    assert.deepEqual((await nearDuplicates(atAngles(0, 180))).groups, []);
    for (const similarity of [0, 1.01])
      await assert.rejects(nearDuplicates(atAngles(0), { similarity }), /invalid simi/);
    await assert.rejects(nearDuplicates(atAngles(0), { like: 1 } as object), /nearDuplicates has no option "like"/);
  });

  test("of a chain whose ends differ are one group, whichever pair is seen first", async () => {
    const { groups, pairs } = await nearDuplicates(atAngles(30, 0, 10, 20), { similarity: 0.98 });
    assert.deepEqual([groups, pairs], [[[0, 1, 2, 3]], 3]);
  });
});

describe("outliers", () => {
  test("are the rows whose nearest neighbours are farthest; of equal ones the first", async () => {
    const { rows, isExact } = await outliers(atAngles(0, 0, 10, 90), { neighbours: 2 });
    assert.equal(isExact, true);
    assert.deepEqual(
      rows.map(({ row }) => row),
      [3, 2, 0, 1],
    );
    const expected = [(cosine(80) + cosine(90)) / 2, cosine(10), (1 + cosine(10)) / 2, (1 + cosine(10)) / 2];
    rows.forEach(({ similarity }, i) => near(similarity, expected[i]));
  });

  test("are 20, by five neighbours, unless it is said; fewer rows have fewer neighbours, one row none", async () => {
    const fan = atAngles(...Array.from({ length: 25 }, (_, i) => 3 * i));
    const found = await outliers(fan);
    assert.equal(found.rows.length, 20);
    assert.deepEqual([found.rows[0].row, found.rows[1].row].sort(), [0, 24]);
    near(found.rows[0].similarity, [3, 6, 9, 12, 15].reduce((sum, angle) => sum + cosine(angle), 0) / 5);
    near((await outliers(atAngles(0, 60, 90), { count: 1 })).rows[0].similarity, (cosine(60) + cosine(90)) / 2);
    assert.deepEqual((await outliers(atAngles(0))).rows, [{ row: 0, similarity: -1 }]);
    near((await outliers(atAngles(0, 180), { count: 1 })).rows[0].similarity, -1);
    for (const wrong of [{ count: 0 }, { neighbours: 0 }]) await assert.rejects(outliers(fan, wrong), /invalid/);
    await assert.rejects(outliers(fan, { most: 1 } as object), /outliers has no option "most"/);
  });
});
