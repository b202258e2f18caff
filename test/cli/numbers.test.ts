import assert from "node:assert/strict";
import { test } from "node:test";
import { estimateText, mapJson, sixDigits } from "../../src/cli/numbers.js";

test("shares with what they likely are in another sample", () => {
  assert.equal(estimateText({ value: 0.8834, low: 0.87, high: 1 }), "88.3 % (87.0 % to 100.0 %)");
});

test("maps in documents: six digits, and what they speak for where it is known", () => {
  const data = Float32Array.of(0.1, -1234567, 0, 1 / 3);
  assert.deepEqual(sixDigits(data), [0.1, -1234570, 0, 0.333333]);
  const placement = { x: 0, y: 0, width: 4, height: 4, region: { x: 0, y: 0, width: 4, height: 4 } };
  const map = { width: 2, height: 2, data };
  assert.deepEqual(mapJson({ ...map, label: "dog", placement: placement as never }), {
    label: "dog",
    width: 2,
    height: 2,
    data: [0.1, -1234570, 0, 0.333333],
  });
  assert.equal("label" in mapJson(map), false);
});
