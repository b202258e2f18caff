import assert from "node:assert/strict";
import { test } from "node:test";
import { linearTaps } from "../../../src/kernel-helpers/support/linear-taps.js";

test("places between, at and beyond the samples", () => {
  const { low, high, share } = linearTaps([-3, -0.25, 0, 0.75, 1, 1.5, 2, 9], 3);
  assert.deepEqual([...low], [0, 0, 0, 0, 1, 1, 2, 2]);
  assert.deepEqual([...high], [1, 1, 1, 1, 2, 2, 2, 2]);
  assert.deepEqual([...share], [0, 0, 0, 0.75, 0, 0.5, 0, 0]);
  const one = linearTaps([-1, 0, 4], 1);
  assert.deepEqual(
    [[...one.low], [...one.high], [...one.share]],
    [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ],
  );
});

test("what is read with them is the line between the samples", () => {
  const samples = [5, -1, 2, 2, 8];
  const places = Array.from({ length: 41 }, (_, i) => i / 10);
  const { low, high, share } = linearTaps(places, samples.length);
  places.forEach((place, i) => {
    const left = Math.min(Math.floor(place), 3);
    const expected = samples[left] * (left + 1 - place) + samples[left + 1] * (place - left);
    const found = samples[low[i]] + (samples[high[i]] - samples[low[i]]) * share[i];
    assert.ok(Math.abs(found - expected) < 1e-12, String(place));
  });
});
