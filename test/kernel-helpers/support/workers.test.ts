import assert from "node:assert/strict";
import { test } from "node:test";
import { openWorkers } from "../../../src/kernel-helpers/support/workers.js";

const echo = new URL("../../fixtures/support/echo-worker", import.meta.url);

test("results come in the order of the tasks, from as many threads as were asked for", async () => {
  const pool = openWorkers<number, { value: number; thread: number }>(echo, { add: 100 }, 3);
  try {
    const seen: number[] = [];
    const results = await pool.run([30, 1, 20, 2, 10], { onResult: (_, index) => seen.push(index) });
    assert.deepEqual(
      results.map(({ value }) => value),
      [130, 101, 120, 102, 110],
    );
    assert.deepEqual(seen.sort(), [0, 1, 2, 3, 4]);
    assert.ok(results.every(({ thread }) => thread >= 0 && thread < 3));
    assert.equal((await pool.run([5]))[0].value, 105);
    await assert.rejects(pool.run([1], { signal: AbortSignal.abort() }), /abort/i);
  } finally {
    await pool.close();
  }
});

test("what a task throws is what run rejects with", async () => {
  const pool = openWorkers<number, unknown>(echo, { add: 0 }, 1);
  try {
    await assert.rejects(pool.run([-1]), /negative task/);
  } finally {
    await pool.close();
  }
});
