import assert from "node:assert/strict";
import { test } from "node:test";
import { labelsOf } from "../../../src/kernel-helpers/images/picture.js";

test("a picture's labels, else its one label, else none: no label is one that is empty", () => {
  assert.deepEqual(labelsOf({ label: "cat" }), ["cat"]);
  assert.deepEqual(labelsOf({ label: "bird", labels: ["dog", "bird"] }), ["dog", "bird"]);
  assert.throws(() => labelsOf({ label: "cat", labels: ["dog", "bird"] }), /give one of the two/);
  assert.deepEqual(labelsOf({ labels: [] }), []);
  assert.deepEqual(labelsOf({ label: "" }), [""]);
  assert.deepEqual(labelsOf({}), []);
});
