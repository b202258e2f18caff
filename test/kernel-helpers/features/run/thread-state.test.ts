import assert from "node:assert/strict";
import { setTimeout as later } from "node:timers/promises";
import { test } from "node:test";
import {
  beginWork,
  endWork,
  forbidWork,
  startingState,
} from "../../../../src/kernel-helpers/features/run/thread-state.js";

/** Whether work begins within a moment. */
const begins = (state: Int32Array) => Promise.race([beginWork(state).then(() => true), later(20).then(() => false)]);

test("a thread works, rests and works again, until it is forbidden; that waits for whoever works", async () => {
  const state = startingState();
  assert.ok(state.buffer instanceof SharedArrayBuffer, "seen by all threads");
  endWork(state);
  assert.equal(await begins(state), true);
  endWork(state);
  forbidWork(state);
  assert.equal(await begins(state), false);
  // A thread that is being started counts as one that works.
  const [starting, idle] = [startingState(), startingState()];
  endWork(idle);
  assert.notDeepEqual(starting, idle);
  await beginWork(idle);
  assert.deepEqual(starting, idle);
  forbidWork(state);
  assert.equal(await begins(state), false, "once and for all");
});
