import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  mirroredPlacement,
  placementOf,
  toImage,
  toInput,
} from "../../../../src/kernel-helpers/images/input/placement.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { oracles, preprocessing } from "../pictures.js";

describe("placementOf", () => {
  test("sizes and cuts as torchvision's Resize and CenterCrop", () => {
    for (const { image, shorterSide, crop, resized, left, top } of oracles.centreCrops) {
      const settings = preprocessing({ width: crop, height: crop, fit: "centre-crop", resize: { shorterSide } });
      const placement = placementOf(settings, image[0], image[1]);
      const found = [placement.scaleX * image[0], placement.scaleY * image[1], placement.offsetX, placement.offsetY];
      const expected = [...resized, 0 - left, 0 - top];
      found.forEach((value, i) =>
        assert.ok(Math.abs(value - expected[i]) < 1e-9, `${image.join("×")} ${found.join()}`),
      );
    }
  });

  test("of a region shows that region, edges rounded to whole pixels and clamped", () => {
    const settings = preprocessing({ width: 50, height: 20, fit: "squash" });
    const placement = placementOf(settings, 300, 200, { x: 99.6, y: 150.2, width: 50.1, height: 400 });
    assert.deepEqual(placement.region, { x: 100, y: 150, width: 50, height: 50 });
    assert.deepEqual(toInput(placement, placement.region), { x: 0, y: 0, width: 50, height: 20 });
    const sliver = placementOf(settings, 300, 200, { x: 299.4, y: 0.1, width: 0.2, height: 0.2 });
    assert.deepEqual(sliver.region, { x: 299, y: 0, width: 1, height: 1 });
  });
});

describe("toInput and toImage", () => {
  test("undo each other, for any size, fit, region and mirroring", () => {
    const random = seededRandom(5);
    const upTo = (limit: number) => 1 + Math.floor(random() * limit);
    for (let round = 0; round < 300; round++) {
      const fit = (["squash", "cover", "contain"] as const)[round % 3];
      const [width, height] = [upTo(900), upTo(700)];
      const region = round % 2 ? { x: random() * width, y: random() * height, width: width / 3, height: 9 } : undefined;
      const straight = placementOf(preprocessing({ width: upTo(300), height: upTo(200), fit }), width, height, region);
      const placement = round % 5 ? straight : mirroredPlacement(straight);
      const box = { x: random() * 100 - 20, y: random() * 100, width: random() * 300, height: random() * 50 };
      const back = toImage(placement, toInput(placement, box));
      for (const key of ["x", "y", "width", "height"] as const) assert.ok(Math.abs(back[key] - box[key]) < 1e-6);
    }
  });

  test("clamp to what there is", () => {
    const contain = placementOf(preprocessing({ width: 100, height: 100, fit: "contain" }), 200, 100);
    const all = { x: 0, y: 0, width: 100, height: 100 };
    assert.deepEqual(toImage(contain, all), { x: 0, y: -50, width: 200, height: 200 });
    assert.deepEqual(toImage(contain, all, { clamp: true }), { x: 0, y: 0, width: 200, height: 100 });
    const cover = placementOf(preprocessing({ width: 50, height: 100, fit: "cover" }), 200, 100);
    const whole = { x: 0, y: 0, width: 200, height: 100 };
    assert.deepEqual(toInput(cover, whole), { x: -75, y: 0, width: 200, height: 100 });
    assert.deepEqual(toInput(cover, whole, { clamp: true }), { x: 0, y: 0, width: 50, height: 100 });
    const region = { x: 10, y: 20, width: 30, height: 40 };
    const part = placementOf(preprocessing({ width: 60, height: 40, fit: "contain" }), 200, 100, region);
    assert.deepEqual(toImage(part, { x: 0, y: 0, width: 60, height: 40 }, { clamp: true }), region);
  });

  test("mirroring maps left to right", () => {
    const straight = placementOf(preprocessing({ width: 100, height: 50, fit: "squash" }), 200, 100);
    const left = { x: 0, y: 0, width: 20, height: 100 };
    assert.deepEqual(toInput(mirroredPlacement(straight), left), { x: 90, y: 0, width: 10, height: 50 });
  });
});
