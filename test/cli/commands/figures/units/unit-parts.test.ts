import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { samePlaces, unitPlaces } from "../../../../../src/cli/commands/figures/units/unit-parts.js";

/** Three units on four places: the second is where the first is, the third elsewhere. */
const photo = {
  ...{ channels: 3, width: 2, height: 2 },
  data: Float32Array.from([...[4, 1, 0, 0], ...[8, 2, 0, 0], ...[0, 0, 1, 4]]),
};

describe("where units of a class are on", () => {
  test("the share of places where a unit is on, and of these the share that speaks for the class", () => {
    const classMap = Float64Array.from([8, 2, -1, -4]);
    assert.deepEqual(unitPlaces({ values: [4, 1, 0, 0], threshold: 0.5 }, classMap), { area: 0.5, within: 1 });
    assert.deepEqual(unitPlaces({ values: [4, 1, 1, 4], threshold: 0.5 }, classMap), { area: 1, within: 0.5 });
    assert.deepEqual(unitPlaces({ values: [0, 0, 0, 0], threshold: 0.5 }, classMap), { area: 0, within: 0 });
  });

  test("units on the same places correlate, others do not, whatever a photograph's mean", () => {
    assert.ok(Math.abs(samePlaces([photo], 0, 1) - 1) < 1e-6);
    assert.ok(samePlaces([photo], 0, 2) < 0);
    const flat = { ...photo, data: new Float32Array(12).fill(9) };
    assert.equal(samePlaces([flat], 0, 1), 0);
    assert.ok(Math.abs(samePlaces([photo, flat], 0, 1) - 1) < 1e-6);
  });
});
