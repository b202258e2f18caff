import assert from "node:assert/strict";
import { test } from "node:test";
import { paceOf } from "../../../src/kernel-helpers/support/progress.js";

test("paceOf gives items a second and the seconds left, and neither before the first item", () => {
  assert.deepEqual(paceOf({ label: "", done: 50, total: 150, elapsed: 5000 }), { perSecond: 10, secondsLeft: 10 });
  assert.deepEqual(paceOf({ label: "", done: 50, elapsed: 5000 }), { perSecond: 10 });
  assert.deepEqual(paceOf({ label: "", done: 0, total: 5, elapsed: 0 }), { perSecond: 0 });
});
