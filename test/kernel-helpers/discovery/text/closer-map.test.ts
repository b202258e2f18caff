import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { joinedMap, meanMap, partsOf } from "../../../../src/kernel-helpers/discovery/text/closer-map.js";
import { placementOf } from "../../../../src/kernel-helpers/images/input/placement.js";
import type { Preprocessing } from "../../../../src/kernel-helpers/images/input/preprocessing.js";

const base = { width: 8, height: 8, channelOrder: "RGB", mean: [0, 0, 0], std: [1, 1, 1] } as const;
const squash: Preprocessing = { ...base, fit: "squash" };
const cover: Preprocessing = { ...base, fit: "cover" };

describe("partsOf", () => {
  test("whole pixels, row by row, that cover what was seen once", () => {
    assert.deepEqual(partsOf(placementOf(squash, 33, 20), 2), [
      { x: 0, y: 0, width: 17, height: 10 },
      { x: 17, y: 0, width: 16, height: 10 },
      { x: 0, y: 10, width: 17, height: 10 },
      { x: 17, y: 10, width: 16, height: 10 },
    ]);
    const inside = partsOf(placementOf(squash, 100, 100, { x: 10, y: 30, width: 30, height: 12 }), 3);
    assert.deepEqual(
      inside.map(({ x, y }) => [x, y]),
      [30, 34, 38].flatMap((y) => [10, 20, 30].map((x) => [x, y])),
    );
  });

  test("what a fit cuts off is in no part", () => {
    const parts = partsOf(placementOf(cover, 40, 20), 2);
    assert.equal(Math.min(...parts.map(({ x }) => x)), 10);
    assert.equal(Math.max(...parts.map(({ x, width }) => x + width)), 30);
  });

  test("a view with fewer pixels than parts has a part a pixel", () => {
    assert.equal(partsOf(placementOf(squash, 1, 2), 3).length, 2);
  });
});

describe("joinedMap", () => {
  /** A map of a region whose values are those of a function of the photograph, at the middle of each place. */
  const mapOf = (
    region: { x: number; y: number; width: number; height: number },
    of: (x: number, y: number) => number,
  ) => ({
    width: 4,
    height: 4,
    label: "text",
    placement: placementOf(squash, 64, 48, region),
    data: Float32Array.from({ length: 16 }, (_, i) =>
      of(region.x + (((i % 4) + 0.5) * region.width) / 4, region.y + ((Math.floor(i / 4) + 0.5) * region.height) / 4),
    ),
  });

  test("each place is that of its part, exactly where parts are halves", () => {
    const placement = placementOf(squash, 64, 48);
    const of = (x: number, y: number) => (x > 32 ? 100 : 0) + x * x + 3 * y;
    const joined = joinedMap(
      placement,
      2,
      partsOf(placement, 2).map((region) => mapOf(region, of)),
    );
    assert.deepEqual([joined.width, joined.height, joined.label, joined.placement], [8, 8, "text", placement]);
    joined.data.forEach((value, i) => assert.equal(value, of(((i % 8) + 0.5) * 8, (Math.floor(i / 8) + 0.5) * 6)));
  });

  test("between the places of unequal parts it is read bilinearly", () => {
    const placement = placementOf(squash, 64, 48, { x: 3, y: 5, width: 33, height: 21 });
    const of = (x: number, y: number) => 2 * x - y;
    const joined = joinedMap(
      placement,
      2,
      partsOf(placement, 2).map((region) => mapOf(region, of)),
    );
    const [x, y] = [3 + (1.5 * 33) / 8, 5 + (2.5 * 21) / 8];
    assert.ok(Math.abs(joined.data[2 * 8 + 1] - of(x, y)) < 1e-4);
  });

  test("no parts, and parts that lie nowhere, are refused", () => {
    const placement = placementOf(squash, 64, 48);
    assert.throws(() => joinedMap(placement, 2, []), /invalid parts: 0/);
    const { placement: _, ...nowhere } = mapOf({ x: 0, y: 0, width: 32, height: 24 }, () => 1);
    assert.throws(() => joinedMap(placement, 2, [nowhere]), /invalid part: .*without a placement/);
  });
});

describe("meanMap", () => {
  test("the mean of maps, on the places of the finest; one is itself", () => {
    const placement = placementOf(squash, 64, 48);
    const mapOf = (side: number, of: (x: number) => number) => ({
      ...{ width: side, height: side, placement },
      data: Float32Array.from({ length: side * side }, (_, i) => of(((i % side) + 0.5) / side)),
    });
    const [coarse, fine] = [mapOf(4, () => 3), mapOf(8, (x) => x)];
    const mean = meanMap([coarse, fine]);
    assert.deepEqual([mean.width, mean.height, mean.placement], [8, 8, placement]);
    mean.data.forEach((value, i) => assert.ok(Math.abs(value - (3 + ((i % 8) + 0.5) / 8) / 2) < 1e-6));
    assert.equal(meanMap([fine]), fine);
  });
});
