import assert from "node:assert/strict";
import { test } from "node:test";
import { Agreement } from "../../../../src/kernel-helpers/discovery/units/agreement.js";
import { conceptMasks } from "../../../../src/kernel-helpers/discovery/units/concept-masks.js";
import { preprocessing } from "../../images/pictures.js";

const grid = { width: 4, height: 4 };

test("the margin that shows no photo counts for neither unit nor concept nor all that was seen", () => {
  // A photo of 8 × 4 in the middle two rows of the input; the thing is its left half: 2 × 2 points of the grid.
  const photo = {
    file: "",
    id: "",
    width: 8,
    height: 4,
    objects: [{ name: "thing", box: { x: 0, y: 0, width: 4, height: 4 } }],
  };
  const contained = preprocessing({ width: 8, height: 8, fit: "contain" });
  const masks = conceptMasks(photo, contained, grid, new Map([["thing", 0]]));
  const agreement = new Agreement([0.5, 0.5], 1, 1, grid);
  // The first unit is on everywhere, the margin included; the second in the upper left quarter, half of it margin.
  const everywhere = new Array<number>(16).fill(1);
  const corner = everywhere.map((_, i) => (i % 4 < 2 && i < 8 ? 1 : 0));
  const maps = { channels: 2, width: 4, height: 4, data: Float32Array.from([...everywhere, ...corner]) };
  const turned = conceptMasks(
    { ...photo, objects: [{ name: "thing", box: { x: 4, y: 0, width: 4, height: 4 } }] },
    contained,
    grid,
    new Map([["thing", 0]]),
  );
  agreement.add(maps, [masks, turned]);
  assert.equal(agreement.areaOf(0), 4 / 8);
  assert.deepEqual(agreement.conceptsOf(0, ["thing"]), [{ name: "thing", iou: 4 / 8, precision: 4 / 8, recall: 1 }]);
  assert.deepEqual(agreement.conceptsOf(1, ["thing"]), [{ name: "thing", iou: 2 / 4, precision: 1, recall: 2 / 4 }]);
  assert.deepEqual([agreement.controlOf(0), agreement.controlOf(1)], [[4 / 8], [0]]);
});

test("every unit is held against every concept; one that is above its threshold nowhere covers nothing", () => {
  const seen = new Uint8Array(16).fill(1);
  const maskOf = (...points: number[]) => Uint8Array.from(seen, (_, p) => (points.includes(p) ? 1 : 0));
  const names = ["left", "top", "corner"];
  const masks = new Map([
    [0, maskOf(0, 4, 8, 12)],
    [1, maskOf(0, 1, 2, 3)],
    [2, maskOf(15)],
  ]);
  const maps = [
    [0, 1, 2, 3], // the top
    [0, 4, 8, 12, 15], // the left, and the corner
    [], // nothing
  ].map((points) => Array.from(maskOf(...points)));
  const other = { seen, masks: new Map([[2, maskOf(0, 1)]]) };
  const agreement = new Agreement([0.5, 0.5, 0.5], 3, 1, grid);
  for (let i = 0; i < 2; i++) {
    agreement.add({ channels: 3, width: 4, height: 4, data: Float32Array.from(maps.flat()) }, [{ seen, masks }, other]);
  }
  const iou = (unit: number) => agreement.conceptsOf(unit, names).map((concept) => concept.iou);
  assert.deepEqual(iou(0), [1 / 7, 1, 0]);
  assert.deepEqual(iou(1), [4 / 5, 1 / 8, 1 / 5]);
  assert.deepEqual(iou(2), [0, 0, 0]);
  assert.deepEqual(agreement.conceptsOf(2, names)[0], { name: "left", iou: 0, precision: 0, recall: 0 });
  assert.deepEqual(
    [0, 1, 2].map((concept) => agreement.areaOf(concept)),
    [4 / 16, 4 / 16, 1 / 16],
  );
  // With the other picture's third mask the top shares two points, the left one: of 4 + 1 and of 5 + 1 in all.
  assert.deepEqual(
    [0, 1, 2].map((unit) => agreement.controlOf(unit)),
    [[2 / 3], [1 / 5], [0]],
  );
});

test("what is exactly at the threshold is not above it; without anything seen shares are 0", () => {
  const seen = new Uint8Array(16).fill(1);
  const masks = new Map([[0, seen]]);
  const agreement = new Agreement([1, 2], 1, 2, grid);
  assert.equal(agreement.areaOf(0), 0);
  const other = { seen, masks: new Map([[0, Uint8Array.from(seen, (_, p) => Number(p < 4))]]) };
  const data = Float32Array.from({ length: 32 }, (_, i) => (i % 16 < 8 ? 1 : 2));
  agreement.add({ channels: 2, width: 4, height: 4, data }, [{ seen, masks }, other, { seen, masks: new Map() }]);
  assert.deepEqual(agreement.conceptsOf(0, ["all"]), [{ name: "all", iou: 0.5, precision: 1, recall: 0.5 }]);
  assert.deepEqual(agreement.conceptsOf(1, ["all"]), [{ name: "all", iou: 0, precision: 0, recall: 0 }]);
  assert.equal(agreement.areaOf(0), 1);
  assert.deepEqual(
    [agreement.controlOf(0), agreement.controlOf(1)],
    [
      [0, 0],
      [0, 0],
    ],
  );
});
