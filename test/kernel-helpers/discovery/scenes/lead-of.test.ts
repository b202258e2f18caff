import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { HeatMap } from "../../../../src/kernel-helpers/cam/heat-map.js";
import { leadOf } from "../../../../src/kernel-helpers/discovery/scenes/lead-of.js";

const map = (...values: number[]): HeatMap => ({ width: values.length, height: 1, data: Float32Array.from(values) });

describe("by how much places speak more for a scene than for others", () => {
  const kitchen = { scene: "kitchen", map: map(1, 2, -1, 4), bias: 0.5 };
  const garden = { scene: "garden", map: map(0, 3, -2, 0), bias: 0 };
  const street = { scene: "street", map: map(2, 0, 0, 6), bias: -1 };

  test("by hand: map and bias, less the largest of the others", () => {
    const all = [garden, kitchen, street];
    assert.deepEqual(Array.from(leadOf("kitchen", all)!.data), [0.5, -0.5, 0.5, -0.5]);
    assert.deepEqual(Array.from(leadOf("garden", all)!.data), [-1.5, 0.5, -1.5, -5]);
  });

  test("a scene without others, and one that is not there, have none", () => {
    assert.equal(leadOf("kitchen", [kitchen]), undefined);
    assert.equal(leadOf("beach", [kitchen, garden]), undefined);
  });
});
