import assert from "node:assert/strict";
import { test } from "node:test";
import { activityPointing } from "../../../../src/kernel-helpers/discovery/activities/activity-pointing.js";

const one = { radius: 3, onTool: true, onPerson: false, personShare: 0.2, pictureShare: 0.05 };

test("shares and how many times chance, by hand", () => {
  const found = activityPointing("riding", [
    one,
    { ...one, onTool: false, onPerson: true, personShare: 0.4 },
    { ...one, pictureShare: 0.15 },
    { ...one, onTool: false, personShare: 0 },
  ]);
  assert.deepEqual([found.activity, found.pictures], ["riding", 4]);
  assert.deepEqual([found.onTool.value, found.onPerson], [0.5, 0.25]);
  assert.ok(Math.abs(found.personShare - 0.2) < 1e-12 && Math.abs(found.pictureShare - 0.075) < 1e-12);
  assert.ok(Math.abs(found.timesPerson.value - 2.5) < 1e-12);
  assert.ok(Math.abs(found.timesPicture.value - 0.5 / 0.075) < 1e-9);
  assert.ok(found.timesPerson.low < 2.5 && found.timesPerson.high > 2.5);
});

test("pictures that are all alike leave no doubt; nothing near is infinitely better than chance, or no better", () => {
  const alike = activityPointing("all", [one, one, one]);
  assert.deepEqual([alike.timesPerson.low, alike.timesPerson.high], [alike.timesPerson.value, alike.timesPerson.value]);
  assert.ok(Math.abs(alike.timesPerson.value - 5) < 1e-12);
  assert.equal(activityPointing("all", [{ ...one, personShare: 0 }]).timesPerson.value, Infinity);
  assert.equal(activityPointing("all", [{ ...one, onTool: false, personShare: 0 }]).timesPerson.value, 1);
  assert.equal(activityPointing("all", [{ ...one, onTool: false }]).timesPerson.value, 0);
  assert.throws(() => activityPointing("all", []), /invalid pointings.*at least one picture/);
});
