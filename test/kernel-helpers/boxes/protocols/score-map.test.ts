import assert from "node:assert/strict";
import { test } from "node:test";
import { conventionsOf } from "../../../../src/kernel-helpers/boxes/protocols/conventions.js";
import {
  comparedBox,
  comparedTruth,
  type ScoreMap,
  scoreMap,
  shareOf,
  thresholdsBelow,
} from "../../../../src/kernel-helpers/boxes/protocols/score-map.js";
import { normalise, rangeOf } from "../../../../src/kernel-helpers/cam/normalise.js";
import { upsample } from "../../../../src/kernel-helpers/cam/upsample.js";
import { placementOf } from "../../../../src/kernel-helpers/images/input/placement.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { preprocessing } from "../../images/pictures.js";

const random = seededRandom("score maps");
const sharesOf = (scores: ScoreMap) => ({
  ...{ width: scores.width, height: scores.height },
  data: scores.data.map((value) => shareOf(scores, value)),
});
const whole = (limit: number) => Math.floor(random() * limit);

test("a map comes to the grid or to the input's size, normalised before or after it is stretched", () => {
  const placement = placementOf(preprocessing({ width: 20, height: 12, fit: "squash" }), 50, 40);
  const map = { width: 4, height: 3, data: Float32Array.from({ length: 12 }, () => 3 * random() - 1), placement };
  for (const upsampling of ["bilinear", "bicubic"] as const) {
    for (const normalisation of ["max", "minmax"] as const) {
      for (const [grid, width, height] of [
        [9, 9, 9],
        ["input", 20, 12],
      ] as const) {
        const of = (normalised: "before-upsampling" | "after-upsampling") =>
          sharesOf(scoreMap(map, conventionsOf("wsol2020", { upsampling, normalisation, normalised, grid })));
        const large = upsample(map, { width, height, method: upsampling });
        assert.deepEqual(of("after-upsampling"), { width, height, data: normalise(large, normalisation).data });
        const small = normalise(map, normalisation);
        const { data } = upsample(small, { width, height, method: upsampling });
        assert.deepEqual(of("before-upsampling"), { width, height, data });
      }
    }
  }
  const torn = { ...map, data: map.data.map((value, i) => (i === 5 ? NaN : value)) };
  assert.deepEqual(scoreMap(torn, conventionsOf("wsol2020", { grid: 5 })).data, new Float32Array(25));
  const { placement: _, ...lost } = map;
  assert.throws(() => scoreMap(lost, conventionsOf("cvpr2016")), /no placement on a photo: say the size of the grid/);
});

test("above how many thresholds each pixel lies: counted one by one, exact or as bytes, with the equal ones or without", () => {
  for (let i = 0; i < 200; i++) {
    const [width, height] = [1 + whole(6), 1 + whole(6)];
    const data = Float32Array.from({ length: width * height }, () => whole(9) / 8 - (i % 4 === 0 ? 0.25 : 0));
    const thresholds = Float64Array.from(i % 2 ? [0, 0.125, 0.5, 0.75, 1] : [0.1, 0.33, 0.9]);
    for (const comparison of ["strict", "inclusive"] as const) {
      const count = (of: (value: number) => number, cut: (threshold: number, max: number) => number) => {
        const values = Array.from(data, of);
        const max = Math.max(...values);
        return values.map(
          (value) =>
            thresholds.filter((t) => value > cut(t, max) || (comparison === "inclusive" && value === cut(t, max)))
              .length,
        );
      };
      const found = (levels: "exact" | "8-bit") => [
        ...thresholdsBelow(
          { width, height, data, ...rangeOf(data), low: 0, span: 1 },
          thresholds,
          conventionsOf("wsol2020", { levels, comparison }),
        ),
      ];
      assert.deepEqual(
        found("exact"),
        count(
          (value) => value,
          (t, max) => t * max,
        ),
      );
      const byte = (value: number) => Math.max(0, Math.floor(Math.fround(Math.fround(value) * 255)));
      assert.deepEqual(
        found("8-bit"),
        count(byte, (t, max) => Math.floor(t * max)),
      );
    }
  }
});

test("true and found boxes are compared on the photo as they are, or on the grid in whole pixels", () => {
  for (let i = 0; i < 100; i++) {
    const [imageWidth, imageHeight, grid] = [20 + whole(80), 20 + whole(80), 10 + whole(30)];
    const input = preprocessing({ width: 16 + whole(20), height: 16 + whole(20), fit: "squash" });
    const placement = placementOf(input, imageWidth, imageHeight);
    const map = { width: 4, height: 4, placement };
    const box = { x: whole(15), y: whole(15), width: 1 + whole(60), height: 1 + whole(60) };
    const onGrid = conventionsOf("wsol2020", { grid });
    const [found] = comparedTruth([box], map, onGrid);
    const across = (at: number) => Math.trunc((Math.min(imageWidth, at) * grid) / imageWidth + 1e-9);
    const down = (at: number) => Math.trunc((Math.min(imageHeight, at) * grid) / imageHeight + 1e-9);
    const expected = { x: across(box.x), y: down(box.y) };
    assert.deepEqual(found, {
      ...expected,
      width: across(box.x + box.width) - expected.x,
      height: down(box.y + box.height) - expected.y,
    });
    assert.deepEqual(comparedTruth([box], map, conventionsOf("wsol2020", { grid, compared: "photo" })), [box]);
    assert.deepEqual(comparedTruth([box], { width: 4, height: 4 }, onGrid), [box]);

    const cells = { x: whole(grid), y: whole(grid), width: 0, height: 0 };
    Object.assign(cells, { width: 1 + whole(grid - cells.x), height: 1 + whole(grid - cells.y) });
    const kept = comparedBox(cells, map, onGrid);
    assert.deepEqual(kept, {
      ...{ x: cells.x, y: cells.y },
      width: Math.min(cells.width, grid - 1 - cells.x),
      height: Math.min(cells.height, grid - 1 - cells.y),
    });
    const onPhoto = comparedBox(cells, map, conventionsOf("wsol2020", { grid, compared: "photo" }));
    for (const [value, cell, size] of [
      [onPhoto.x, cells.x, imageWidth],
      [onPhoto.y, cells.y, imageHeight],
      [onPhoto.width, cells.width, imageWidth],
      [onPhoto.height, cells.height, imageHeight],
    ]) {
      assert.ok(Math.abs(value - (cell * size) / grid) < 1e-6);
    }
    assert.deepEqual(
      comparedBox(cells, { width: 4, height: 4 }, conventionsOf("wsol2020", { grid, compared: "photo" })),
      cells,
    );
  }
});

test("corners that fall on a line of the grid are on it, whatever the photo's and the input's size", () => {
  for (const width of [154, 120, 200, 375]) {
    const placement = placementOf(preprocessing({ width: 168, height: 168, fit: "squash" }), width, 100);
    for (let x = 0; x < width; x++) {
      const truth = [{ x, y: 0, width: width - x, height: 100 }];
      const [found] = comparedTruth(truth, { width: 4, height: 4, placement }, conventionsOf("wsol2020"));
      const left = (x * 224 - ((x * 224) % width)) / width;
      assert.deepEqual(found, { x: left, y: 0, width: 224 - left, height: 224 });
    }
  }
});

test("conventions that there are not, and grids of no or too many pixels, are refused", () => {
  assert.deepEqual(conventionsOf("wsol2020", { grid: 1, iou: undefined }).iou, "pixel+1");
  assert.equal(conventionsOf("cvpr2016", { grid: 4096 }).grid, 4096);
  for (const grid of [0, 4097, 1.5, NaN, "whole"])
    assert.throws(() => conventionsOf("cvpr2016", { grid: grid as 1 }), /invalid grid/);
  for (const name of ["upsampling", "normalisation", "normalised", "levels", "comparison", "area", "iou", "compared"]) {
    assert.throws(() => conventionsOf("wsol2020", { [name]: "other" }), new RegExp(`invalid ${name}: "other"`));
  }
  assert.throws(() => conventionsOf("wsol2020", { levels2: 1 } as object), /levels2/);
  assert.throws(() => conventionsOf("other" as "wsol2020"), /invalid protocol/);
});
