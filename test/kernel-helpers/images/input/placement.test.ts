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

describe("a region that is asked for", () => {
  const crops = [
    { fit: "cover" as const },
    { fit: "centre-crop" as const, resize: { shorterSide: 256 } },
    { fit: "centre-crop" as const, resize: { width: 300, height: 260 } },
  ];

  test("is seen whole, whatever the fit would cut off a whole image", () => {
    const random = seededRandom("regions");
    for (let round = 0; round < 300; round++) {
      const [width, height] = [20 + Math.floor(900 * random()), 20 + Math.floor(700 * random())];
      const [x, y] = [Math.floor(random() * (width - 9)), Math.floor(random() * (height - 9))];
      const region = { x, y, width: 1 + Math.floor(random() * (width - x)), height: 1 + Math.floor(random() * 9) };
      const input = { width: 224, height: 160 + Math.floor(64 * random()) };
      for (const regionFit of [undefined, "partly", "widen", "squash"] as const) {
        const placement = placementOf(
          preprocessing({ ...input, ...crops[round % 3], regionFit }),
          width,
          height,
          region,
        );
        const seen = toInput(placement, region);
        const all = toInput(placement, placement.region!);
        assert.deepEqual([all.x, all.y].map(Math.abs), [0, 0]);
        assert.ok(Math.abs(all.width - input.width) < 1e-9 && Math.abs(all.height - input.height) < 1e-9);
        assert.ok(seen.x > -1e-9 && seen.x + seen.width < input.width + 1e-9, JSON.stringify({ region, seen }));
        assert.ok(seen.y > -1e-9 && seen.y + seen.height < input.height + 1e-9, JSON.stringify({ region, seen }));
        if (regionFit === "squash") assert.deepEqual(placement.region, region);
      }
    }
  });

  test("keeps its proportions as far as the image reaches, in its middle where it can", () => {
    const settings = preprocessing({ width: 200, height: 100, fit: "cover", regionFit: "widen" });
    const looked = (x: number, y: number, width: number, height: number) =>
      placementOf(settings, 300, 200, { x, y, width, height }).region;
    assert.deepEqual(looked(100, 50, 40, 60), { x: 60, y: 50, width: 120, height: 60 });
    assert.deepEqual(looked(100, 50, 80, 10), { x: 100, y: 35, width: 80, height: 40 });
    assert.deepEqual(looked(10, 150, 40, 50), { x: 0, y: 150, width: 100, height: 50 }, "moved in at the left");
    assert.deepEqual(looked(200, 190, 100, 10), { x: 200, y: 150, width: 100, height: 50 }, "moved in at the bottom");
    assert.deepEqual(looked(120, 0, 30, 200), { x: 0, y: 0, width: 300, height: 200 }, "then stretched");
  });

  test("is grown a part of the way unless told otherwise, where the fit would cut it", () => {
    const region = { x: 400, y: 300, width: 160, height: 80 };
    const looked = (fit: "cover" | "squash" | "contain") =>
      placementOf(preprocessing({ width: 100, height: 100, fit }), 1000, 800, region).region;
    const { x, y, width, height } = looked("cover")!;
    assert.deepEqual([x, width], [400, 160]);
    assert.equal(height, Math.round(80 * 2 ** 0.3));
    assert.ok(Math.abs(y + height / 2 - 340) <= 0.5, "around its middle");
    assert.deepEqual(looked("squash"), region);
    assert.deepEqual(looked("contain"), region);
  });

  test("is fitted as a whole image would be where the preprocessing says card", () => {
    const region = { x: 100, y: 50, width: 100, height: 50 };
    const settings = preprocessing({ width: 100, height: 100, fit: "cover", regionFit: "card" });
    assert.deepEqual(toInput(placementOf(settings, 300, 200, region), region), {
      x: -50,
      y: 0,
      width: 200,
      height: 100,
    });
    const contain = preprocessing({ width: 100, height: 100, fit: "contain" });
    assert.deepEqual(toInput(placementOf(contain, 300, 200, region), region), { x: 0, y: 25, width: 100, height: 50 });
    const wide = placementOf({ ...contain, regionFit: "widen" }, 300, 200, region);
    assert.deepEqual(wide.region, { x: 100, y: 25, width: 100, height: 100 });
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
