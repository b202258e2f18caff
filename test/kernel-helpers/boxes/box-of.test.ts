import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { boxOf, boxesOf } from "../../../src/kernel-helpers/boxes/box-of.js";
import { boxesByThreshold } from "../../../src/kernel-helpers/boxes/boxes-by-threshold.js";
import type { HeatMap } from "../../../src/kernel-helpers/cam/heat-map.js";
import type { Box } from "../../../src/kernel-helpers/images/box.js";
import { mirroredPlacement, placementOf } from "../../../src/kernel-helpers/images/input/placement.js";
import type { Placement, Preprocessing } from "../../../src/kernel-helpers/images/input/preprocessing.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";

type Corners = [x: number, y: number, width: number, height: number];

interface Case {
  width: number;
  height: number;
  data: number[];
  paper: Corners;
  paperHalf: Corners;
  authors: Corners[];
}

const cases = JSON.parse(readFileSync(new URL("../../fixtures/boxes/boxes.json", import.meta.url), "utf8")) as Case[];

/** The whole photo squashed onto the grid, one photo pixel to one grid pixel unless scaled. */
function squashed(inputWidth: number, inputHeight: number, scaleX = 1, scaleY = 1): Placement {
  const [imageWidth, imageHeight] = [inputWidth / scaleX, inputHeight / scaleY];
  return { scaleX, scaleY, offsetX: 0, offsetY: 0, imageWidth, imageHeight, inputWidth, inputHeight };
}

function mapOf({ width, height, data }: Case): HeatMap {
  return { width, height, data: Float32Array.from(data), placement: squashed(width * 16, height * 16) };
}

function corners({ x, y, width, height }: Box): Corners {
  return [x, y, width, height];
}

function close(box: Box | undefined, expected: Corners, tolerance = 1e-9): void {
  assert.ok(box);
  const wrong = corners(box).some((value, i) => !(Math.abs(value - expected[i]) <= tolerance));
  assert.ok(!wrong, `${corners(box).join(" ")} is not ${expected.join(" ")}`);
}

test("the paper's rule gives SciPy's largest component on 60 maps, at 20 % and at 50 %", () => {
  for (const one of cases) {
    close(boxOf(mapOf(one)).box, one.paper);
    close(boxOf(mapOf(one), { threshold: 0.5 }).box, one.paperHalf);
  }
});

test("the authors' rule gives all of OpenCV's boxes in order on 60 maps; loose and tight are the first two", () => {
  for (const one of cases) {
    const boxes = boxesOf(mapOf(one), { rule: "authors" }).map(({ box }) => corners(box));
    assert.deepEqual(boxes, one.authors);
    close(boxOf(mapOf(one), { rule: "authors" }).box, one.authors[0]);
    const tight = boxOf(mapOf(one), { rule: "authors", which: "tight" });
    if (one.authors.length > 1) close(tight.box, one.authors[1]);
  }
});

/** A 4×2 map, hot in one pixel: column 2, row 0. */
const spot = { width: 4, height: 2, data: Float32Array.of(0, 0, 1, 0, 0, 0, 0, 0) };

test("a percentile is what the threshold is a share of: one very hot place no longer decides", () => {
  const data = Float32Array.of(100, 10, 10, 9, 4, 3, 2, 1, 0, NaN);
  const map = { width: 10, height: 1, data };
  assert.equal(boxOf(map, { threshold: 0.5 }).box?.width, 1);
  // Of the nine numbers that were seen the quantile 0.75 is 10, the median 4.
  assert.equal(boxOf(map, { threshold: 0.5, percentile: 0.75 }).box?.width, 4);
  assert.equal(boxOf(map, { threshold: 0.5, percentile: 0.5 }).box?.width, 6);
  assert.deepEqual(boxOf(map, { percentile: 1 }), boxOf(map));
  assert.throws(() => boxOf(map, { percentile: 0 }), /percentile/);
  assert.throws(() => boxOf(map, { percentile: 1.1 }), /percentile/);
});

test("without a placement, a box is in the map's own pixels, and strictly above the threshold", () => {
  assert.deepEqual(boxOf(spot).box, { x: 2, y: 0, width: 1, height: 1 });
  const plateau = { width: 4, height: 1, data: Float32Array.of(5, 1, 1.0001, 0) };
  assert.deepEqual(boxOf(plateau).box, { x: 0, y: 0, width: 1, height: 1 });
  assert.deepEqual(
    boxesOf(plateau).map(({ box }) => box.x),
    [0, 2],
  );
  assert.deepEqual(boxesOf(plateau, { components: "all" }), boxesOf(plateau));
  assert.deepEqual(boxesOf(plateau, { components: "largest" }), boxesOf(plateau).slice(0, 1));
});

test("pixels that touch at a corner are one component; the larger one wins, then the first in reading order", () => {
  const diagonal = { width: 5, height: 2, data: Float32Array.of(1, 0, 0, 9, 0, 0, 1, 0, 0, 0) };
  assert.deepEqual(boxOf(diagonal, { threshold: 0 }).box, { x: 0, y: 0, width: 2, height: 2 });
  const equal = { width: 5, height: 1, data: Float32Array.of(1, 1, 0, 9, 9) };
  assert.deepEqual(boxOf(equal, { threshold: 0 }).box, { x: 0, y: 0, width: 2, height: 1 });
});

test("boxes come back through squash, cover-crop and contain to the photo's pixels exactly", () => {
  const onMap = (placement: Placement) => boxOf({ ...spot, placement }, { grid: "map" });
  // Squash 1000×300 to 200×100: a map pixel is 50×50 input pixels, 250×150 of the photo.
  close(onMap(squashed(200, 100, 0.2, 1 / 3)).box, [500, 0, 250, 150]);
  // Cover 400×100 by 200×100: scale 1, 100 columns cut off at each side.
  const cover = { ...squashed(200, 100), imageWidth: 400, imageHeight: 100, offsetX: -100 };
  close(onMap(cover).box, [200, 0, 50, 50]);
  // Contain 300×100 in 200×100: scale 2/3, rows 16.7 to 83.3 hold the photo; the box loses the margin above.
  const contain: Placement = {
    ...{ scaleX: 2 / 3, scaleY: 2 / 3, offsetX: 0, offsetY: 100 / 6 },
    ...{ imageWidth: 300, imageHeight: 100, inputWidth: 200, inputHeight: 100 },
  };
  close(onMap(contain).box, [150, 0, 75, 50]);
});

test("the edges of the photo come back as whole pixels, without rounding noise", () => {
  const map = { width: 1, height: 1, data: Float32Array.of(1) };
  for (let height = 300; height < 400; height++) {
    const placement = squashed(224, 224, 224 / 500, 224 / height);
    const whole = { ...placement, imageWidth: 500, imageHeight: height };
    assert.deepEqual(boxOf({ ...map, placement: whole }).box, { x: 0, y: 0, width: 500, height });
  }
});

test("a margin takes no part: what is hot there gives no box and hides none", () => {
  // The photo lies on input rows 4 to 8 of 12; the map's hottest row is above it.
  const placement: Placement = {
    ...{ scaleX: 0.5, scaleY: 0.5, offsetX: 0, offsetY: 4 },
    ...{ imageWidth: 16, imageHeight: 8, inputWidth: 8, inputHeight: 12 },
  };
  const data = new Float32Array(8 * 12);
  data.fill(100, 0, 8);
  data[6 * 8 + 3] = 1;
  const found = boxOf({ width: 8, height: 12, data, placement });
  assert.deepEqual(found.box, { x: 6, y: 4, width: 2, height: 2 });
  assert.deepEqual(found.onGrid, { x: 3, y: 6, width: 1, height: 1 });
  data[6 * 8 + 3] = 0;
  assert.equal(boxOf({ width: 8, height: 12, data, placement }).box, undefined);
});

test("a mirrored photo's box is mirrored back, and a region's box stays in the region, on every grid", () => {
  const preprocessing: Preprocessing = {
    ...{ width: 80, height: 40, fit: "contain", channelOrder: "RGB" },
    ...{ mean: [0, 0, 0], std: [1, 1, 1] },
  };
  const data = new Float32Array(32);
  data[1 * 8 + 1] = 1; // input columns 10 to 20, rows 10 to 20
  for (const grid of ["map", "input", "image"] as const) {
    const whole = placementOf(preprocessing, 160, 80);
    const of = (placement: Placement) => boxOf({ width: 8, height: 4, data, placement }, { grid, threshold: 0.6 }).box;
    const [there, back] = [of(whole), of(mirroredPlacement(whole))];
    assert.ok(there && back);
    close(back, [160 - there.x - there.width, there.y, there.width, there.height]);
    if (grid === "map") close(there, [20, 20, 20, 20]);
    // A tall region fills input columns 35 to 45 alone. The map is highest there too, though not as high as elsewhere.
    const tall = placementOf(preprocessing, 160, 80, { x: 100, y: 0, width: 20, height: 80 });
    const low = data.map((value, p) => (p % 8 === 3 || p % 8 === 4 ? 0.5 : value));
    close(boxOf({ width: 8, height: 4, data: low, placement: tall }, { grid }).box, [100, 0, 20, 80]);
  }
});

test("the photo's own grid gives whole photo pixels, and only those that the network saw", () => {
  const { box, onGrid } = boxOf({ ...spot, placement: squashed(8, 4, 0.25, 0.5) }, { grid: "image", threshold: 0.9 });
  assert.deepEqual(box, onGrid);
  // By hand: a map pixel is 8 columns and 4 rows of the photo. Column centre 19.5 lies 0.5/8 from the hot pixel's
  // centre at 20, so 0.94 there, and 0.81 one further out; row 2 is at 1 − 0.5/4.
  close(box, [19, 0, 2, 2]);
  // Cover: photo columns 3 to 5 of 9 are seen, so nothing else can be in a box.
  const cover: Placement = {
    ...{ scaleX: 1, scaleY: 1, offsetX: -3, offsetY: 0 },
    ...{ imageWidth: 9, imageHeight: 2, inputWidth: 3, inputHeight: 2 },
  };
  const all = { width: 1, height: 1, data: Float32Array.of(1), placement: cover };
  close(boxOf(all, { grid: "image" }).box, [3, 0, 3, 2]);
});

test("maps without a box say why", () => {
  const reasonOf = (...data: number[]) => {
    const found = boxOf({ width: data.length, height: 1, data: Float32Array.from(data) });
    assert.equal(found.box, undefined);
    return "reason" in found ? found.reason : undefined;
  };
  assert.equal(reasonOf(0, 0), "the map has no positive value");
  assert.equal(reasonOf(-1, -2), "the map has no positive value");
  assert.equal(reasonOf(NaN, NaN), "the map has no box: no place of it was seen");
  assert.equal(reasonOf(1, Infinity), "the map has no box: it holds an infinite value");
  assert.equal(reasonOf(-1, NaN), "the map has no positive value");
  assert.deepEqual(boxesOf({ width: 1, height: 1, data: Float32Array.of(-1) }), []);
});

test("a constant positive map is one box, the whole photo, by either rule's reading", () => {
  const map = { width: 2, height: 2, data: new Float32Array(4).fill(3), placement: squashed(64, 32) };
  close(boxOf(map).box, [0, 0, 64, 32]);
  close(boxOf(map, { rule: "authors" }).box, [0, 0, 59, 27]);
});

test("places that were not seen have no part in a box, by either rule and on every grid", () => {
  const [width, height] = [8, 8];
  const data = new Float32Array(width * height).fill(NaN);
  for (let y = 2; y < 7; y++) for (let x = 1; x < 6; x++) data[y * width + x] = x >= 3 && y >= 3 ? 1 : 0.01;
  const map = { width, height, data, placement: squashed(256, 256) };
  for (const grid of ["map", "input", "image"] as const) {
    const { box } = boxOf(map, { grid, threshold: 0.6 });
    assert.ok(box);
    // Cells 3…5 by 3…6 are hot. What is not seen at their right and below ends there; at the left the slope does.
    assert.equal(box.x + box.width, 6 * 32);
    assert.equal(box.y + box.height, 7 * 32);
    assert.ok(Math.abs(box.x - 3 * 32) <= 4 && Math.abs(box.y - 3 * 32) <= 4, JSON.stringify(box));
  }
  const { box } = boxOf(map, { rule: "authors" });
  assert.ok(box && box.x >= 2 * 32 && box.y >= 2 * 32 && box.x + box.width <= 6 * 32 && box.y + box.height <= 7 * 32);
  const whole = { ...map, data: data.map((value) => (Number.isNaN(value) ? 0 : value)) };
  assert.deepEqual(boxOf(map, { grid: "map" }).box, boxOf(whole, { grid: "map" }).box);
});

test("an option of another rule, or of none, is refused when compiled and when run", () => {
  // @ts-expect-error the paper's rule has no second box
  const second = () => boxOf(spot, { which: "tight" });
  assert.throws(
    second,
    /the paper rule has no option "which" \(it has rule, threshold, percentile, grid, upsampling\)/,
  );
  // @ts-expect-error the authors' rule has thresholds of its own
  const level = () => boxOf(spot, { rule: "authors", threshold: 0.5 });
  assert.throws(level, /the authors rule has no option "threshold" \(it has rule, which, grid, upsampling\)/);
  // @ts-expect-error the authors' rule has thresholds of its own
  assert.throws(() => boxesOf(spot, { rule: "authors", threshold: 0.5 }), /has no option "threshold"/);
  // @ts-expect-error all boxes are all boxes
  assert.throws(() => boxesOf(spot, { rule: "authors", which: "tight" }), /boxesOf gives all boxes/);
  // @ts-expect-error there are all components, or the largest
  assert.throws(() => boxesOf(spot, { components: "some" }), /invalid components/);
  // @ts-expect-error the authors' rule has contours
  assert.throws(() => boxesOf(spot, { rule: "authors", components: "all" }), /has no option "components"/);
  // @ts-expect-error misspelt
  const misspelt = () => boxOf(spot, { treshold: 0.5 });
  assert.throws(misspelt, /the paper rule has no option "treshold", did you mean "threshold"\?/);
  assert.ok(boxOf(spot, { rule: "paper", threshold: undefined, grid: undefined }).box);
});

test("options outside their range are refused", () => {
  assert.throws(() => boxOf(spot, { threshold: 1.5 }), { message: "invalid threshold: 1.5 (expected 0 ≤ t < 1)" });
  assert.throws(() => boxOf(spot, { threshold: NaN }), /invalid threshold: NaN/);
  assert.throws(() => boxOf(spot, { threshold: -0.1 }), /invalid threshold: -0.1/);
  assert.throws(() => boxOf(spot, { rule: "other" as "paper" }), /invalid rule: "other" \(expected paper or authors\)/);
  assert.throws(() => boxOf(spot, { rule: "authors", which: "both" as "tight" }), /invalid which: "both"/);
  assert.throws(() => boxOf(spot, { grid: "cells" as "map" }), /invalid grid: "cells"/);
  assert.throws(() => boxOf(spot, { upsampling: "nearest" as "bilinear" }), /invalid upsampling: "nearest"/);
  assert.throws(() => boxOf(spot, { grid: "input" }), /the map has no placement on a photo, so it has no input grid/);
});

test("the boxes at many thresholds are those at each, whatever the map and its placement", () => {
  const random = seededRandom("many thresholds");
  const thresholds = Array.from({ length: 99 }, (_, i) => (i + 1) / 100);
  for (let round = 0; round < 12; round++) {
    const [width, height] = [1 + Math.floor(8 * random()), 1 + Math.floor(8 * random())];
    // Few values, so that there are ties and levels that no pixel passes.
    const data = Float32Array.from({ length: width * height }, () => Math.round(6 * random()) - (round % 3));
    const upright = squashed(width * 5, height * 3, 0.7, 1.3);
    const placement = round % 2 ? upright : { ...upright, scaleX: -upright.scaleX, offsetX: upright.inputWidth };
    const map = { width, height, data, ...(round % 4 < 3 && { placement }) };
    const upsampling = round % 5 === 0 ? ("bicubic" as const) : ("bilinear" as const);
    const { boxes } = boxesByThreshold(map, thresholds, { upsampling });
    thresholds.forEach((threshold, i) => {
      assert.deepEqual(boxes[i], boxOf(map, { threshold, upsampling }).box, `round ${round}, ${threshold}`);
    });
  }
  assert.deepEqual(boxesByThreshold({ width: 2, height: 1, data: Float32Array.of(-1, 0) }, [0, 0.5]), {
    max: 0,
    boxes: [undefined, undefined],
  });
  assert.throws(() => boxesByThreshold(mapOf(cases[0]), [0.2, 0.2]), /invalid thresholds/);
  assert.throws(() => boxesByThreshold(mapOf(cases[0]), [1]), /invalid threshold: 1 /);
});
