import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { HeatMap } from "../../../../src/kernel-helpers/cam/heat-map.js";
import { graphCutBox } from "../../../../src/kernel-helpers/boxes/graph-cut/graph-cut-box.js";
import { graphCutMask } from "../../../../src/kernel-helpers/boxes/graph-cut/graph-cut-mask.js";
import { iou } from "../../../../src/kernel-helpers/boxes/box-geometry.js";
import { prepareImage } from "../../../../src/kernel-helpers/images/input/prepare-image.js";
import { squashed } from "../../images/squashed.js";

const SEEDS = { foreground: 0.95, background: 0.3 };
const fixture = JSON.parse(readFileSync("test/fixtures/boxes/grab-cut.json", "utf8")) as {
  width: number;
  height: number;
  cases: { picture: string; map: number[]; cut: string }[];
};

test("cuts out of drawn pictures what OpenCV's grabCut does from the same seeds", () => {
  const { width, height, cases } = fixture;
  for (const [i, { picture, map, cut }] of cases.entries()) {
    const pixels = new Uint8Array(Buffer.from(picture, "base64"));
    const mask = graphCutMask({ width, height, pixels, map: Float32Array.from(map) }, SEEDS);
    const bits = Buffer.from(cut, "base64");
    const theirs = Array.from(mask, (_, p) => (bits[p >> 3] >> (7 - (p & 7))) & 1);
    let [both, either] = [0, 0];
    theirs.forEach((one, p) => {
      both += one & mask[p];
      either += one | mask[p];
    });
    assert.ok(both / either > 0.9, `case ${i}: IoU ${both / either}`);
  }
});

/** A photo of a dark thing on a bright ground, and a vague map whose peak lies on the thing. */
async function photoOf(thing: { x: number; y: number; width: number; height: number }, width: number, height: number) {
  const data = new Uint8Array(3 * width * height);
  for (let p = 0; p < width * height; p++) {
    const [x, y] = [p % width, Math.floor(p / width)];
    const isIn = x >= thing.x && x < thing.x + thing.width && y >= thing.y && y < thing.y + thing.height;
    data.set(isIn ? [60 + (p % 7), 20, 20] : [200, 210 - (p % 11), 230], 3 * p);
  }
  const photo = await prepareImage({ width, height, data }, squashed(width, height));
  const [cx, cy] = [thing.x + thing.width / 2, thing.y + thing.height / 2];
  const heat = Float32Array.from({ length: 49 }, (_, i) => {
    const [x, y] = [((i % 7) + 0.5) * (width / 7), (Math.floor(i / 7) + 0.5) * (height / 7)];
    return Math.exp(-(((x - cx) / width) ** 2 + ((y - cy) / height) ** 2) * 8);
  });
  const map: HeatMap = { width: 7, height: 7, data: heat, placement: photo.placement };
  return { photo, map };
}

test("the box goes to the thing's border, where the map is vague", async () => {
  const thing = { x: 40, y: 30, width: 70, height: 60 };
  const { photo, map } = await photoOf(thing, 160, 140);
  const { box } = graphCutBox(map, photo);
  assert.ok(box && iou(box, thing) > 0.95, JSON.stringify(box));
});

test("on large inputs blocks of pixels are cut, and the box is still the photo's", async () => {
  const thing = { x: 100, y: 40, width: 120, height: 200 };
  const { photo, map } = await photoOf(thing, 333, 290);
  const { box, onGrid } = graphCutBox(map, photo);
  assert.ok(box && iou(box, thing) > 0.93, JSON.stringify(box));
  assert.deepEqual(box, onGrid, "squashed one to one");
});

test("a map that tells no place from another has no box, and says so", async () => {
  const { photo, map } = await photoOf({ x: 4, y: 4, width: 8, height: 8 }, 28, 28);
  const flat = graphCutBox({ ...map, data: new Float32Array(49).fill(1) }, photo);
  assert.equal(flat.box, undefined);
  assert.match(flat.box === undefined ? flat.reason : "", /no box|cut/);
});

test("refuses quantiles out of order, options that it has not, and another photo's map", async () => {
  const { photo, map } = await photoOf({ x: 4, y: 4, width: 8, height: 8 }, 28, 28);
  assert.throws(() => graphCutBox(map, photo, { foreground: 1 }), /invalid foreground: 1/);
  assert.throws(() => graphCutBox(map, photo, { foreground: 0.5, background: 0.6 }), /invalid background: 0.6/);
  assert.throws(() => graphCutBox(map, photo, { threshold: 0.2 } as object), /threshold/);
  assert.throws(() => graphCutBox({ ...map, placement: undefined }, photo), /not one of a photo on 28×28/);
});
