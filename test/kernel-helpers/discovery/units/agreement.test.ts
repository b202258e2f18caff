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
