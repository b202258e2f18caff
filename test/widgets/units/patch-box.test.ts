import assert from "node:assert/strict";
import { test } from "node:test";
import { placementOf } from "../../../src/kernel-helpers/images/input/placement.js";
import { patchBox } from "../../../src/widgets/units/patch-box.js";
import { preprocessing } from "../../kernel-helpers/images/pictures.js";

const photo = { width: 200, height: 100 };
const placement = placementOf(preprocessing({ width: 80, height: 40, fit: "squash" }), 200, 100);

/** A map of 8 × 4 cells of 25 pixels: 0 but where it is said. */
function mapOf(cells: Readonly<Record<number, number>>) {
  const data = new Float32Array(32);
  for (const [at, value] of Object.entries(cells)) data[Number(at)] = value;
  return { width: 8, height: 4, data, placement };
}

test("a square around the area at the peak, within the photo; another area has no part in it", () => {
  const near = (map: ReturnType<typeof mapOf>) => patchBox(map, 5, photo);
  // The peak's cell has its middle at 162, 37; an area of another peak lies at the left.
  const box = near(mapOf({ 14: 10, 8: 9 }));
  assert.equal(box.width, box.height);
  assert.ok(Math.abs(box.x + box.width / 2 - 162.5) < 2 && Math.abs(box.y + box.height / 2 - 37.5) < 2);
  assert.ok(box.width >= 30 && box.width < 60, String(box.width));
  const corner = near(mapOf({ 31: 10 }));
  assert.ok(corner.x + corner.width <= 200 && corner.y + corner.height <= 100);
  assert.ok(corner.x + corner.width > 199 && corner.y + corner.height > 99);
});

test("an area longer than the photo is high is cut around its peak", () => {
  const box = patchBox(mapOf({ 16: 9, 17: 9, 18: 9, 19: 9, 20: 9, 21: 9, 22: 10 }), 5, photo);
  assert.deepEqual([box.width, box.height, box.y], [100, 100, 0]);
  assert.ok(Math.abs(box.x - 100) < 1e-9, String(box.x));
});
