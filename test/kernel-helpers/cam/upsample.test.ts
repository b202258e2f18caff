import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Upsampling } from "../../../src/kernel-helpers/cam/resample.js";
import { upsample } from "../../../src/kernel-helpers/cam/upsample.js";

interface Case {
  width: number;
  height: number;
  data: number[];
  method: Upsampling;
  to: { width: number; height: number };
  torch: number[];
  opencv: number[];
}

const cases = JSON.parse(readFileSync(new URL("../../fixtures/cam/upsampled.json", import.meta.url), "utf8")) as Case[];

for (const { width, height, data, method, to, torch, opencv } of cases) {
  test(`${method} ${width}×${height} → ${to.width}×${to.height} as PyTorch and OpenCV`, () => {
    const result = upsample({ width, height, data: Float32Array.from(data) }, { ...to, method });
    assert.equal(result.width, to.width);
    assert.equal(result.height, to.height);
    for (const peer of [torch, opencv]) {
      assert.equal(result.data.length, peer.length);
      peer.forEach((value, p) =>
        assert.ok(Math.abs(value - result.data[p]) <= 1e-5, `${p}: ${result.data[p]} ${value}`),
      );
    }
  });
}

test("the size is the network's input unless given; label and placement travel along", () => {
  const placement = {
    ...{ scaleX: 2, scaleY: 1, offsetX: 0, offsetY: 0 },
    ...{ imageWidth: 3, imageHeight: 4, inputWidth: 6, inputHeight: 4 },
  };
  const { data, ...rest } = upsample({ width: 2, height: 1, data: Float32Array.of(0, 1), label: "dog", placement });
  assert.deepEqual(rest, { width: 6, height: 4, label: "dog", placement });
  assert.deepEqual(
    [...data.slice(0, 6)].map((v) => v.toFixed(3)),
    "0.000 0.000 0.333 0.667 1.000 1.000".split(" "),
  );
});

test("impossible sizes, methods and maps are refused", () => {
  const map = { width: 2, height: 1, data: Float32Array.of(0, 1) };
  assert.throws(() => upsample(map), /say the width to upsample to: this map has no placement on a photo/);
  assert.throws(() => upsample(map, { width: 0, height: 3 }), /invalid width: 0 \(expected a whole number from 1\)/);
  assert.throws(() => upsample(map, { width: 3, height: 2.5 }), /invalid height: 2.5/);
  assert.throws(() => upsample(map, { width: 3, height: 3, method: "area" as "bilinear" }), /invalid method: "area"/);
  assert.throws(
    () => upsample({ ...map, height: 2 }, { width: 3, height: 3 }),
    /a map of 2×2 should hold 4 numbers, not 2/,
  );
});

for (const method of ["bilinear", "bicubic"] as const) {
  test(`${method}: a place that was not seen takes its own pixels and disturbs no other`, () => {
    // A constant with holes: what was seen stays the constant, whatever weights are left; the holes stay holes.
    const [width, height, times] = [5, 4, 8];
    const data = new Float32Array(width * height).fill(3);
    const holes = [0, 7, 8, 19];
    for (const hole of holes) data[hole] = NaN;
    const large = upsample({ width, height, data }, { width: width * times, height: height * times, method });
    large.data.forEach((value, p) => {
      const [x, y] = [p % (width * times), Math.floor(p / (width * times))];
      const cell = Math.floor(y / times) * width + Math.floor(x / times);
      if (holes.includes(cell)) assert.ok(Number.isNaN(value), `${x} ${y}`);
      else assert.ok(Math.abs(value - 3) < 1e-5, `${x} ${y}: ${value}`);
    });
  });

  test(`${method}: far from what was not seen nothing changes`, () => {
    const [width, height] = [9, 3];
    const data = Float32Array.from({ length: width * height }, (_, p) => Math.sin(p));
    const to = { width: width * 4, height: height * 4, method };
    const whole = upsample({ width, height, data }, to).data;
    const torn = data.slice();
    for (let y = 0; y < height; y++) torn[y * width + 8] = NaN;
    const rest = upsample({ width, height, data: torn }, to).data;
    // Columns up to the middle of the third cell from the hole are made from none of its cells.
    for (let y = 0; y < to.height; y++) {
      for (let x = 0; x < 6 * 4 + 2; x++) {
        assert.ok(Math.abs(whole[y * to.width + x] - rest[y * to.width + x]) < 1e-6, `${x} ${y}`);
      }
    }
  });
}

test("a map without places is none", () => {
  const to = { width: 2, height: 2 };
  for (const [width, height] of [
    [0, 3],
    [3, 0],
    [0, 0],
    [-1, -1],
  ]) {
    const data = new Float32Array(Math.max(0, width * height));
    assert.throws(() => upsample({ width, height, data }, to), /a map of .* should hold/, `${width}×${height}`);
  }
  for (const wrong of [null, 3, { width: 1, height: 1 }, { width: 1, height: 1, data: [1] }]) {
    assert.throws(() => upsample(wrong as never, to), /invalid map/);
  }
});
