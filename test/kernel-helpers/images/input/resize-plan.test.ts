import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { grownRegion, resizePlan, wholeRegion } from "../../../../src/kernel-helpers/images/input/resize-plan.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { preprocessing } from "../pictures.js";

const random = seededRandom("regions");
const whole = (limit: number) => Math.floor(random() * limit);

describe("a region in whole pixels", () => {
  test("has the nearest edges that lie in the image, and at least one pixel", () => {
    assert.deepEqual(wholeRegion(9, 7), { x: 0, y: 0, width: 9, height: 7 });
    for (let i = 0; i < 3000; i++) {
      const [width, height] = [1 + whole(9), 1 + whole(9)];
      const thin = i % 3 === 0 ? 0.2 : 12;
      const box = { x: 14 * random() - 4, y: 14 * random() - 4, width: thin * random(), height: thin * random() };
      const [right, bottom] = [box.x + box.width, box.y + box.height];
      if (right <= 0 || bottom <= 0 || box.x >= width || box.y >= height) {
        assert.throws(() => wholeRegion(width, height, box), /invalid region: .*a box with area inside the image/);
        continue;
      }
      const found = wholeRegion(width, height, box);
      for (const [from, size, first, last, limit] of [
        [found.x, found.width, box.x, right, width],
        [found.y, found.height, box.y, bottom, height],
      ]) {
        assert.ok(Number.isInteger(from) && Number.isInteger(size) && from >= 0 && size >= 1 && from + size <= limit);
        const near = (edge: number) => Math.round(Math.min(limit, Math.max(0, edge)));
        if (near(first) < near(last)) assert.deepEqual([from, from + size], [near(first), near(last)]);
        else assert.deepEqual([from, size], [Math.min(near(first), limit - 1), 1]);
      }
    }
  });

  test("is refused where it has no area or touches the image at most", () => {
    const box = { x: 2, y: 3, width: 4, height: 2 };
    const refused = (change: object, name?: string) =>
      assert.throws(() => wholeRegion(9, 7, { ...box, ...change }, name), new RegExp(`invalid ${name ?? "region"}: `));
    for (const size of [0, -1, NaN, Infinity]) {
      refused({ width: size });
      refused({ height: size }, "box");
    }
    for (const change of [{ x: 9 }, { y: 7 }, { x: -4 }, { y: -2 }, { x: NaN }, { y: -Infinity }]) refused(change);
    assert.deepEqual(wholeRegion(9, 7, { ...box, x: 8.9 }), { x: 8, y: 3, width: 1, height: 2 });
    assert.deepEqual(wholeRegion(9, 7, { ...box, x: -3.9, y: -1.9 }), { x: 0, y: 0, width: 1, height: 1 });
  });
});

test("a region grows to the input's proportions by a share, around its middle, as far as the image reaches", () => {
  for (let i = 0; i < 500; i++) {
    const image = { width: 40 + whole(60), height: 40 + whole(60) };
    const input = { width: 1 + whole(64), height: 1 + whole(64) };
    const box = wholeRegion(image.width, image.height, {
      ...{ x: whole(image.width), y: whole(image.height) },
      ...{ width: 1 + whole(40), height: 1 + whole(40) },
    });
    assert.deepEqual(grownRegion(box, input, image, 0), box);
    for (const share of [0.3, 1]) {
      const found = grownRegion(box, input, image, share);
      const ratio = input.width / input.height / (box.width / box.height);
      const wanted = {
        width: box.width * Math.max(1, ratio) ** share,
        height: box.height * Math.max(1, 1 / ratio) ** share,
      };
      // Halves may be rounded either way.
      assert.ok(Math.abs(found.width - Math.min(image.width, wanted.width)) <= 0.5 + 1e-6);
      assert.ok(Math.abs(found.height - Math.min(image.height, wanted.height)) <= 0.5 + 1e-6);
      for (const [from, size, first, length, limit] of [
        [found.x, found.width, box.x, box.width, image.width],
        [found.y, found.height, box.y, box.height, image.height],
      ]) {
        assert.ok(from >= 0 && from + size <= limit && from <= first && from + size >= first + length);
        const isMiddle = Math.abs(from + size / 2 - (first + length / 2)) <= 0.5;
        assert.ok(isMiddle || from === 0 || from + size === limit, JSON.stringify({ box, found, input, image }));
      }
    }
  }
});

describe("a plan", () => {
  test("lays a whole image on the input as its fit says", () => {
    for (let i = 0; i < 400; i++) {
      const [width, height] = [1 + whole(50), 1 + whole(50)];
      const [W, H] = [1 + whole(30), 1 + whole(30)];
      const of = (fit: "squash" | "cover" | "contain") =>
        resizePlan(preprocessing({ width: W, height: H, fit }), width, height);
      const all = { x: 0, y: 0, width, height };
      const input = { width: W, height: H };
      assert.deepEqual(of("squash"), {
        ...{ region: all, input, resized: input, left: 0, top: 0 },
        crop: { x: 0, y: 0, ...input },
      });
      const half = (pixels: number) => {
        // Python's rounding: a half goes to the even neighbour.
        const floor = Math.floor(pixels / 2);
        return pixels % 2 === 0 ? pixels / 2 : floor % 2 === 0 ? floor : floor + 1;
      };
      const scale = Math.max(W / width, H / height);
      const cover = of("cover");
      assert.ok(
        Math.abs(cover.resized.width - width * scale) < 1 && Math.abs(cover.resized.height - height * scale) < 1,
      );
      assert.ok(cover.resized.width === W || cover.resized.height === H);
      assert.deepEqual(cover.crop, { x: half(cover.resized.width - W), y: half(cover.resized.height - H), ...input });
      assert.deepEqual([cover.left, cover.top], [0, 0]);
      const contain = of("contain");
      const less = Math.min(W / width, H / height);
      for (const [size, exact] of [
        [contain.resized.width, width * less],
        [contain.resized.height, height * less],
      ]) {
        assert.ok(Math.abs(size - Math.max(1, exact)) <= 0.5 + 1e-9);
      }
      assert.deepEqual(contain.crop, { x: 0, y: 0, ...contain.resized });
      assert.deepEqual(
        [contain.left, contain.top],
        [half(W - contain.resized.width), half(H - contain.resized.height)],
      );
    }
  });

  test("cuts the centre out of a size that is given by both sides or by the shorter one", () => {
    const of = (resize: { shorterSide: number } | { width: number; height: number }, width: number, height: number) =>
      resizePlan(preprocessing({ width: 4, height: 4, fit: "centre-crop", resize }), width, height);
    assert.deepEqual(of({ width: 9, height: 6 }, 50, 20), {
      region: { x: 0, y: 0, width: 50, height: 20 },
      input: { width: 4, height: 4 },
      resized: { width: 9, height: 6 },
      crop: { x: 2, y: 1, width: 4, height: 4 },
      left: 0,
      top: 0,
    });
    assert.deepEqual(of({ shorterSide: 8 }, 50, 20).resized, { width: 20, height: 8 });
    assert.deepEqual(of({ shorterSide: 8 }, 20, 50).resized, { width: 8, height: 20 });
    assert.deepEqual(of({ shorterSide: 8 }, 30, 19).resized, { width: 12, height: 8 });
    assert.deepEqual(of({ shorterSide: 8 }, 20, 20).resized, { width: 8, height: 8 });
    assert.throws(
      () => resizePlan(preprocessing({ width: 4, height: 4, fit: "centre-crop" }), 9, 9),
      /invalid preprocessing\.resize: undefined/,
    );
  });
});
