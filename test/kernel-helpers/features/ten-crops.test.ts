import assert from "node:assert/strict";
import { test } from "node:test";
import { cutTenCrops, TEN_CROPS, tenCropFrame } from "../../../src/kernel-helpers/features/ten-crops.js";
import { pooled } from "../../../src/kernel-helpers/features/pooling.js";
import { draw, preprocessing } from "../images/pictures.js";

test("the frame of the ten crops is 256 for an input of 224, or the network's own intermediate size", () => {
  const size = (settings: Parameters<typeof preprocessing>[0]) => {
    const { width, height, fit } = tenCropFrame(preprocessing(settings));
    return [width, height, fit];
  };
  assert.deepEqual(size({ width: 224, height: 224, fit: "squash" }), [256, 256, "squash"]);
  assert.deepEqual(size({ width: 224, height: 224, fit: "cover" }), [256, 256, "cover"]);
  const centre = { width: 224, height: 224, fit: "centre-crop" } as const;
  assert.deepEqual(size({ ...centre, resize: { shorterSide: 232 } }), [232, 232, "cover"]);
  assert.deepEqual(size({ ...centre, resize: { shorterSide: 224 } }), [256, 256, "cover"]);
  assert.deepEqual(size({ ...centre, resize: { width: 300, height: 256 } }), [300, 256, "squash"]);
});

test("the crops have names that files of features keep: places, then the same mirrored", () => {
  const places = ["top left", "top right", "bottom left", "bottom right", "centre"];
  assert.deepEqual([...TEN_CROPS], [...places, ...places.map((place) => `${place}, mirrored`)]);
});

test("each crop shows its place of the frame, and its mirror image the same place mirrored", () => {
  const frame = draw(8, 6, (x, y) => [x, y, 0]);
  const crops = cutTenCrops(frame, { width: 4, height: 4 });
  assert.equal(crops.length, TEN_CROPS.length);
  const corner = (crop: Uint8Array) => [crop[0], crop[1]];
  assert.deepEqual(crops.slice(0, 5).map(corner), [
    [0, 0],
    [4, 0],
    [0, 2],
    [4, 2],
    [2, 1],
  ]);
  crops.slice(0, 5).forEach((crop, i) => {
    for (let p = 0; p < 16; p++) {
      const mirrored = (p & ~3) + 3 - (p & 3);
      assert.deepEqual(crops[i + 5].subarray(3 * p, 3 * p + 3), crop.subarray(3 * mirrored, 3 * mirrored + 3));
    }
  });
});

test("pooling: means and maxima of each map; NaN is not lost", () => {
  const maps = Float32Array.of(1, 2, 3, -4, -2, -6, 0, NaN, 5);
  assert.deepEqual(Array.from(pooled(maps, 3, "average")), [2, -4, NaN]);
  assert.deepEqual(Array.from(pooled(maps, 3, "max")), [3, -2, NaN]);
  assert.deepEqual(Array.from(pooled(Float32Array.of(NaN, 1, 2, NaN, 7, 7), 3, "max")), [NaN, NaN, 7]);
  assert.deepEqual(Array.from(pooled(Float32Array.of(-0.5, 8), 2, "max")), [-0.5, 8]);
  assert.throws(() => pooled(new Float32Array(0), 2, "average"), /0 values are not 2 maps/);
  assert.throws(() => pooled(maps, 2, "max"), /9 values are not 2 maps/);
});
