import assert from "node:assert/strict";
import { test } from "node:test";
import { boxArea, intersectionOf, iou, pointInBox } from "../../../src/kernel-helpers/boxes/box-geometry.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";

const unit = { x: 0, y: 0, width: 2, height: 2 };

test("IoU by both conventions, by hand", () => {
  const shifted = { ...unit, x: 1 };
  assert.equal(iou(unit, shifted), 2 / 6);
  assert.equal(iou(unit, shifted, { convention: "pixel+1" }), 6 / 12);
  assert.equal(iou(unit, { ...unit, x: 2 }), 0);
  assert.equal(iou(unit, { ...unit, x: 2 }, { convention: "pixel+1" }), 3 / 15);
  // Corners (0, 0), (2, 2) and (0, 1), (4, 2), all inside: 9 and 10 pixels, of which they share 6.
  const lower = { x: 0, y: 1, width: 4, height: 1 };
  assert.equal(iou(unit, lower, { convention: "pixel+1" }), 6 / 13);
  assert.equal(iou(lower, unit, { convention: "pixel+1" }), 6 / 13);
  assert.equal(iou({ ...unit, width: 0 }, { ...unit, width: 0 }), 0);
});

test("IoU of random boxes is that of counted pixels, symmetric, and 1 with itself", () => {
  const random = seededRandom(5);
  const whole = (below: number) => Math.floor(random() * below);
  for (let i = 0; i < 200; i++) {
    const [a, b] = [0, 1].map(() => ({ x: whole(9), y: whole(9), width: 1 + whole(9), height: 1 + whole(9) }));
    let [both, either] = [0, 0];
    for (let y = 0; y < 20; y++) {
      for (let x = 0; x < 20; x++) {
        const [inA, inB] = [pointInBox({ x, y }, a), pointInBox({ x, y }, b)];
        if (inA && inB) both++;
        if (inA || inB) either++;
      }
    }
    assert.equal(iou(a, b), both / either);
    assert.equal(iou(b, a), iou(a, b));
    assert.equal(iou(a, a, { convention: "pixel+1" }), 1);
    const shared = intersectionOf(a, b);
    assert.equal(shared ? boxArea(shared) : 0, both);
  }
});

test("boxes are half-open", () => {
  assert.ok(pointInBox({ x: 0, y: 0 }, unit));
  assert.ok(!pointInBox({ x: 2, y: 0 }, unit));
  assert.ok(!pointInBox({ x: 0, y: 2 }, unit));
});

test("another convention is refused", () => {
  assert.throws(() => iou(unit, unit, { convention: "voc" as "continuous" }), /invalid convention: "voc"/);
});
