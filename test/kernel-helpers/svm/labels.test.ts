import assert from "node:assert/strict";
import { test as it } from "node:test";
import { encodeLabels } from "../../../src/kernel-helpers/svm/labels.js";

it("classes come in order: numbers by value, then names; two are one problem, for the latter unless told", () => {
  const labels = encodeLabels(["b", 10, "a", 9, 10], {});
  assert.deepEqual(labels.classes, ["9", "10", "a", "b"]);
  assert.deepEqual(labels.problems, labels.classes);
  assert.deepEqual([...(labels.codes ?? [])], [3, 1, 2, 0, 1]);
  const binary = encodeLabels(["yes", "no", "yes"], {});
  assert.deepEqual(binary.classes, ["no", "yes"]);
  assert.deepEqual(binary.problems, ["yes"]);
  const turned = encodeLabels(["yes", "no", "yes"], { positive: "no" });
  assert.deepEqual(turned.classes, ["yes", "no"]);
  assert.deepEqual([...(turned.codes ?? [])], [0, 1, 0]);
  assert.deepEqual(
    [0, 1, 2].map((row) => turned.isPositive(0, row)),
    [false, true, false],
  );
  assert.deepEqual(encodeLabels(Int32Array.of(5, 2, 5), {}).classes, ["2", "5"]);
});

it("given classes keep their order, and each must have rows", () => {
  assert.deepEqual(encodeLabels(["b", "a", "c"], { classes: ["c", "a", "b"] }).classes, ["c", "a", "b"]);
  assert.throws(() => encodeLabels(["a", "b"], { classes: ["a", "b", "c"] }), /class "c" has no rows/);
  assert.throws(() => encodeLabels(["a", "a"], { classes: ["a", "b"] }), /class "b" has no rows/);
  assert.throws(() => encodeLabels(["b", "b"], { classes: ["a", "b"] }), /class "a" has no rows/);
  assert.throws(() => encodeLabels(["a", "b"], { classes: ["a", "b", "a"] }), /invalid classes.*each class once/);
  assert.throws(() => encodeLabels(["a", "x"], { classes: ["a", "b"] }), /row 1 has the label "x"/);
});

it("labels that pose no question are refused with a reason", () => {
  assert.throws(() => encodeLabels(["a", "a", "a"], {}), /all 3 rows have the label "a".*at least two classes/);
  assert.throws(() => encodeLabels([], {}), /invalid labels/);
  assert.throws(() => encodeLabels(["a", NaN], {}), /invalid label of row 1: NaN/);
  assert.throws(() => encodeLabels([["a"], "b"] as never, {}), /lists for all/);
  assert.throws(() => encodeLabels([["a"], ["a", "b"]], {}), /every row has the label "a"/);
  assert.throws(() => encodeLabels([[], []], {}), /no row has a label/);
  assert.throws(() => encodeLabels(["a", "b"], { positive: "c" }), /invalid positive: "c"/);
  assert.throws(() => encodeLabels(["a", "b", "c"], { positive: "c" }), /invalid positive: "c".*two classes/);
});
