import assert from "node:assert/strict";
import { test } from "node:test";
import { rowKey } from "../../../src/kernel-helpers/features/cache/feature-cache.js";
import { EXTRACT_OPTIONS, extractOptionsIn } from "../../../src/kernel-helpers/features/extract-features.js";
import { planOf } from "../../../src/kernel-helpers/features/plan.js";
import { TEN_CROPS } from "../../../src/kernel-helpers/features/ten-crops.js";

const region = { x: 1, y: 2, width: 3, height: 4 };
const pictures = [{ file: "a.jpg", region }, "b.jpg", { file: "c.jpg", flip: true }];

test("one view a picture is one row each, in the order given", async () => {
  const { jobs, rows } = await planOf(pictures, {});
  assert.equal(rows, 3);
  assert.equal(jobs[0].picture, pictures[0]);
  assert.deepEqual(jobs[1].picture, { file: "b.jpg" });
  assert.deepEqual(
    jobs.map(({ index, crops, rows }) => [index, crops, rows.map(({ row, views, crop }) => [row, views, crop])]),
    [0, 1, 2].map((i) => [i, "one", [[i, [0], undefined]]]),
  );
  assert.ok(!("crop" in jobs[0].rows[0]));
  assert.deepEqual(
    jobs.map(({ rows: [{ keyOf }] }) => keyOf("content")),
    [rowKey("content", { region }), rowKey("content", {}), rowKey("content", { flip: true })],
  );
});

test("ten crops are one row of all of them, or ten rows of one each", async () => {
  const mean = await planOf(pictures, { crops: "ten" });
  assert.equal(mean.rows, 3);
  assert.deepEqual(
    mean.jobs.flatMap(({ rows }) => rows.map(({ row, views, crop }) => [row, views, crop])),
    [0, 1, 2].map((row) => [row, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], "ten"]),
  );
  assert.equal(mean.jobs[0].rows[0].keyOf("x"), rowKey("x", { region, crop: "ten" }));
  const apart = await planOf(pictures, { crops: "ten", cropRows: "apart" });
  assert.equal(apart.rows, 30);
  assert.deepEqual(
    apart.jobs.flatMap(({ rows }) => rows.map(({ row, views, crop }) => [row, views, crop])),
    Array.from({ length: 30 }, (_, row) => [row, [row % 10], TEN_CROPS[row % 10]]),
  );
  assert.equal(apart.jobs[2].rows[4].keyOf("x"), rowKey("x", { flip: true, crop: TEN_CROPS[4] }));
});

test("other choices are refused", async () => {
  await assert.rejects(
    planOf(pictures, { cropRows: "each" as "mean" }),
    /invalid cropRows: "each" \(expected mean or apart/,
  );
  await assert.rejects(planOf(pictures, { crops: "five" as "ten" }), /invalid crops: "five" \(expected one or ten/);
});

test("of wider options those of extractFeatures are taken, each", () => {
  const wide = Object.fromEntries([...EXTRACT_OPTIONS, "other"].map((name, i) => [name, i])) as object;
  assert.deepEqual(extractOptionsIn(wide), Object.fromEntries(EXTRACT_OPTIONS.map((name, i) => [name, i])));
  assert.deepEqual([...EXTRACT_OPTIONS].sort(), [
    ...["batchSize", "cache", "cropRows", "crops", "layer", "maxMemory", "maxPixels"],
    ...["onProgress", "pooling", "signal", "view"],
  ]);
});
