import assert from "node:assert/strict";
import { test } from "node:test";
import { editDistance, nearestNames } from "../../../src/kernel-helpers/support/nearest-names.js";

test("editDistance counts what is put in, left out and replaced", () => {
  assert.equal(editDistance("kitten", "sitting"), 3);
  assert.equal(editDistance("", "abc"), 3);
  assert.equal(editDistance("abc", "abc"), 0);
  assert.equal(editDistance("flaw", "lawn"), 2);
});

test("editDistance counts two letters in each other's place once", () => {
  assert.equal(editDistance("trian", "train"), 1);
  assert.equal(editDistance("widht", "width"), 1);
  assert.equal(editDistance("ab", "ba"), 1);
  assert.equal(editDistance("abc", "ca"), 3);
});

test("nearestNames gives what is at most a third away, nearest first, capitals or not", () => {
  assert.deepEqual(nearestNames("treshold", ["rule", "thresholds", "threshold"]), ["threshold", "thresholds"]);
  assert.deepEqual(nearestNames("batchsize", ["batchSize"]), ["batchSize"]);
  assert.deepEqual(nearestNames("colour", ["top"]), []);
});
