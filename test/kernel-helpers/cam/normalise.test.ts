import assert from "node:assert/strict";
import { test } from "node:test";
import { normalise, rangeOf } from "../../../src/kernel-helpers/cam/normalise.js";

function normalised(how: "max" | "minmax", ...values: number[]): number[] {
  return [...normalise({ width: values.length, height: 1, data: Float32Array.from(values) }, how).data];
}

test("max divides by the maximum and keeps signs", () => {
  assert.deepEqual(normalised("max", 2, 0, -8, 4), [0.5, 0, -2, 1]);
});

test("minmax brings the range to 0…1", () => {
  assert.deepEqual(normalised("minmax", 2, 0, -4, 4), [0.75, 0.5, 0, 1]);
});

test("a map without a positive value becomes zeros by max; a constant one by minmax", () => {
  assert.deepEqual(normalised("max", -3, -1, -2), [0, 0, 0]);
  assert.deepEqual(normalised("max", 0, 0), [0, 0]);
  assert.deepEqual(normalised("max", 5, 5), [1, 1]);
  assert.deepEqual(normalised("minmax", 5, 5), [0, 0]);
  assert.deepEqual(normalised("minmax", -3, -1, -2), [0, 1, 0.5]);
});

test("a place that was not seen stays so, and has no part in the range of the others", () => {
  assert.deepEqual(normalised("max", NaN, 2, -1, 4), [NaN, 0.5, -0.25, 1]);
  assert.deepEqual(normalised("minmax", 2, NaN, -4, 4), [0.75, NaN, 0, 1]);
  assert.deepEqual(normalised("max", -1, NaN, -3), [0, NaN, 0]);
  assert.deepEqual(normalised("minmax", NaN, 5), [NaN, 0]);
  for (const how of ["max", "minmax"] as const) assert.deepEqual(normalised(how, NaN, NaN), [NaN, NaN]);
});

test("an infinite value leaves no range: zeros, where something was seen", () => {
  for (const how of ["max", "minmax"] as const) {
    for (const bad of [Infinity, -Infinity]) assert.deepEqual(normalised(how, 1, bad, NaN), [0, 0, NaN]);
  }
});

test("the range is that of the places that were seen; there may be none", () => {
  assert.deepEqual(rangeOf(Float32Array.of(NaN, 3, -1, NaN)), { min: -1, max: 3 });
  assert.deepEqual(rangeOf(Float32Array.of(NaN, 7)), { min: 7, max: 7 });
  for (const none of [[], [NaN], [1, Infinity], [1, -Infinity]]) {
    assert.deepEqual(rangeOf(Float32Array.from(none)), { min: NaN, max: NaN });
  }
});

test("the smallest and the largest numbers do not overflow", () => {
  const huge = 3e38;
  assert.deepEqual(normalised("minmax", -huge, huge, 0), [0, 1, 0.5]);
  assert.ok(normalised("max", 1e-45, -huge, 0).every((value) => !Number.isNaN(value)));
});

test("the map given is left alone, and another name is refused", () => {
  const map = { width: 1, height: 2, data: Float32Array.of(1, 2), label: "cat" };
  assert.equal(normalise(map, "max").label, "cat");
  assert.deepEqual([...map.data], [1, 2]);
  assert.throws(
    () => normalise(map, "softmax" as "max"),
    /invalid normalisation: "softmax" \(expected max or minmax\)/,
  );
});

test("what is no map is refused", () => {
  for (const wrong of [null, 3, "map", {}, { width: 1, height: 1, data: [1] }]) {
    assert.throws(() => normalise(wrong as never, "max"), /invalid map: .*a heat map \{ width, height, data \}/);
  }
});
