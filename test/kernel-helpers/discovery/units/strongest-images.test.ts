import assert from "node:assert/strict";
import { test } from "node:test";
import { StrongestImages } from "../../../../src/kernel-helpers/discovery/units/strongest-images.js";
import { placementOf } from "../../../../src/kernel-helpers/images/input/placement.js";
import type { Seen } from "../../../../src/kernel-helpers/networks/seen.js";
import { preprocessing } from "../../images/pictures.js";

const placement = placementOf(preprocessing({ width: 6, height: 4, fit: "squash" }), 60, 20);

function seen(file: string, ...maps: number[][]): Seen {
  const featureMaps = { channels: maps.length, width: 3, height: 2, data: Float32Array.from(maps.flat()) };
  return { featureMaps, photo: { file, width: 60, height: 20 }, placement } as unknown as Seen;
}

test("keeps the strongest, of equals the earlier, with cell, map and what the cell can see", () => {
  const axis = (step: number, size: number) => ({ step, first: -1, size });
  const strongest = new StrongestImages({ top: 2, quantile: 0.25, images: 4, field: { x: axis(2, 4), y: axis(2, 3) } });
  const quiet = [-1, -1, -1, -1, -1, -1];
  strongest.add(seen("a", [0, 1, 2, 0, 0, 0], quiet), "A");
  strongest.add(seen("b", [0, 0, 0, 0, 5, 0], quiet), "B");
  strongest.add(seen("c", [2, 0, 0, 0, 0, 0], quiet), "C");
  strongest.add(seen("d", [3, 0, 3, 0, 0, 1], [-1, -1, -1, -1, -1, 0.5]), "D");
  const [first, second] = strongest.result();
  assert.deepEqual(
    first.images.map(({ id, file, peak, cell }) => [id, file, peak, cell.column, cell.row]),
    [
      ["B", "b", 5, 1, 1],
      ["D", "d", 3, 0, 0],
    ],
  );
  // Cell (1, 1) sees columns 1 to 5 and rows 1 to 4 of 6 × 4; the photo is ten times as wide and five times as high.
  assert.deepEqual(first.images[0].field, { x: 10, y: 5, width: 40, height: 15 });
  assert.deepEqual([...first.images[1].map.values], [3, 0, 3, 0, 0, 1]);
  assert.deepEqual([first.images[0].width, first.images[0].height], [60, 20]);
  // Of 24 cells 6 may be above the threshold: 5, 3, 3, 2, 2, 1, and then 1.
  assert.deepEqual([first.threshold, first.active], [1, 7 / 24]);
  assert.deepEqual(
    second.images.map(({ id, peak }) => [id, peak]),
    [
      ["D", 0.5],
      ["A", -1],
    ],
  );
  assert.deepEqual([second.threshold, second.active], [-1, 1 / 24]);
});

test("without a field nothing is said of what a cell sees", () => {
  const strongest = new StrongestImages({ top: 5, quantile: 0.01, images: 1 });
  strongest.add(seen("a", [1, 2, 3, 4, 5, 6]), "A");
  const [{ images, threshold }] = strongest.result();
  assert.deepEqual([images.length, images[0].field, threshold], [1, undefined, 6]);
});

test("of equal peaks that comes first which has it in more places, then the higher mean; a threshold leaves some above", () => {
  const strongest = new StrongestImages({ top: 3, quantile: 0.1, images: 4 });
  strongest.add(seen("a", [6, 0, 0, 0, 0, 0]), "A");
  strongest.add(seen("b", [6, 6, 0, 0, 0, 0]), "B");
  strongest.add(seen("c", [6, 0, 5, 0, 0, 0]), "C");
  strongest.add(seen("d", [5, 5, 5, 5, 5, 5]), "D");
  const [{ images, threshold }] = strongest.result();
  assert.deepEqual(
    images.map(({ id }) => id),
    ["B", "C", "A"],
  );
  // Two of 24 places may be above, but four are at the limit.
  assert.ok(threshold < 6 && threshold > 5.99, String(threshold));
});
