import assert from "node:assert/strict";
import { test } from "node:test";
import { enlarge, planAxis } from "../../../../src/kernel-helpers/images/files/enlarge.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

const random = seededRandom("enlarge");
const whole = (limit: number) => Math.floor(random() * limit);

test("any part of an enlarged picture is what bilinear interpolation with half-pixel centres gives of the whole", () => {
  for (let i = 0; i < 300; i++) {
    const size = [1 + whole(6), 1 + whole(6)];
    const resized = size.map((side) => (random() < 0.25 ? side : side + whole(20)));
    const first = resized.map((side) => whole(side));
    const count = resized.map((side, axis) => 1 + whole(side - first[axis]));
    const picture = Uint8Array.from({ length: size[0] * size[1] * 3 }, () => whole(256));
    const [x, y] = [0, 1].map((axis) => planAxis(size[axis], resized[axis], first[axis], count[axis]));
    assert.deepEqual([x.reduced, y.reduced], size);
    const needed = new Uint8Array(x.length * y.length * 3);
    for (let row = 0; row < y.length; row++) {
      const from = ((y.start + row) * size[0] + x.start) * 3;
      assert.ok(from + x.length * 3 <= picture.length && x.start + x.length <= size[0]);
      needed.set(picture.subarray(from, from + x.length * 3), row * x.length * 3);
    }
    const found = enlarge(needed, x, y);
    assert.equal(found.length, count[0] * count[1] * 3);
    const at = (column: number, row: number, channel: number) => {
      const [cx, cy] = [Math.min(size[0] - 1, Math.max(0, column)), Math.min(size[1] - 1, Math.max(0, row))];
      return picture[(cy * size[0] + cx) * 3 + channel];
    };
    found.forEach((value, k) => {
      const [channel, column, row] = [k % 3, Math.floor(k / 3) % count[0], Math.floor(k / 3 / count[0])];
      const px = ((first[0] + column + 0.5) * size[0]) / resized[0] - 0.5;
      const py = ((first[1] + row + 0.5) * size[1]) / resized[1] - 0.5;
      const [fx, fy] = [Math.floor(px), Math.floor(py)];
      const mixed = (r: number) => at(fx, r, channel) * (1 - (px - fx)) + at(fx + 1, r, channel) * (px - fx);
      const expected = mixed(fy) * (1 - (py - fy)) + mixed(fy + 1) * (py - fy);
      assert.ok(Math.abs(value - expected) <= 0.5 + 1e-6, `${value} ${expected}`);
    });
  }
});

test("an axis that is reduced or kept is left to the decoder: what was asked for, without positions", () => {
  assert.deepEqual(planAxis(10, 10, 3, 4), { reduced: 10, start: 3, length: 4 });
  assert.deepEqual(planAxis(10, 4, 1, 2), { reduced: 4, start: 1, length: 2 });
  const pixels = new Uint8Array(24);
  assert.equal(enlarge(pixels, planAxis(10, 4, 0, 4), planAxis(2, 2, 0, 2)), pixels, "without a copy");
  // No more pixels of the picture are asked for than its results lie between.
  const plan = planAxis(100, 1000, 500, 10);
  assert.deepEqual([plan.start, plan.length], [49, 3]);
});
