import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { HeatMap } from "../../../../src/kernel-helpers/cam/heat-map.js";
import { hotRegion, overlapOf } from "../../../../src/kernel-helpers/discovery/scenes/hot-region.js";
import { placementOf } from "../../../../src/kernel-helpers/images/input/placement.js";
import { preprocessing } from "../../images/pictures.js";

interface Options {
  readonly fit: "squash" | "contain" | "cover";
  readonly photo: readonly [number, number];
}

/** A map of 4 × 2 values on a photo, by default one of the same size as the input. */
function mapOn(values: number[], options: Partial<Options> = {}): HeatMap {
  const { fit = "squash", photo = [4, 2] } = options;
  const placement = placementOf(preprocessing({ width: 4, height: 2, fit }), ...photo);
  return { width: 4, height: 2, data: Float32Array.from(values), placement };
}

const object = (x: number, y: number, width: number, height: number) => ({
  name: "thing",
  box: { x, y, width, height },
});

describe("the hot region", () => {
  const values = [10, 5, 4, 0, -3, 0, 4.1, 1];

  test("by hand: what is above the share of the maximum, nothing that only reaches it", () => {
    const region = hotRegion(mapOn(values), 0.4);
    assert.deepEqual(Array.from(region.hot), [1, 1, 0, 0, 0, 0, 1, 0]);
    assert.equal(region.share, 3 / 8);
    assert.deepEqual(overlapOf(object(0, 0, 4, 2), region), { seen: 8, hot: 3 });
    assert.deepEqual(overlapOf(object(1, 0, 2, 2), region), { seen: 4, hot: 2 });
    assert.deepEqual(overlapOf(object(3, 0, 9, 9), region), { seen: 2, hot: 0 });
    const mask = { width: 4, height: 2, counts: [0, 1, 5, 1, 1] };
    assert.deepEqual(overlapOf({ ...object(0, 0, 4, 2), mask }, region), { seen: 2, hot: 1 });
  });

  test("with a lead, only where that is above 0; the maximum is that of the whole map", () => {
    const lead = mapOn([-1, 1, 1, 1, 1, 1, 0, 1]);
    assert.deepEqual(Array.from(hotRegion(mapOn(values), 0.4, lead).hot), [0, 1, 0, 0, 0, 0, 0, 0]);
  });

  test("a map that is nowhere positive is nowhere hot; places that were not seen have no part in the share", () => {
    assert.equal(hotRegion(mapOn([0, 0, 0, 0, -1, -1, -1, -1]), 0).share, 0);
    assert.equal(hotRegion(mapOn([NaN, 0, 0, 0, 1, 1, 1, 1]), 0).share, 4 / 7);
    assert.equal(hotRegion(mapOn(new Array<number>(8).fill(NaN)), 0).share, 0);
  });

  test("pixels count on the photo, as large as it is", () => {
    const region = hotRegion(mapOn(values, { photo: [40, 20] }), 0.4);
    assert.deepEqual(overlapOf(object(0, 0, 40, 20), region), { seen: 800, hot: 300 });
    assert.deepEqual(overlapOf(object(15, 0, 10, 10), region), { seen: 100, hot: 50 });
  });

  test("what was cut off counts as not seen; the margin of a contained photo takes no part", () => {
    // Cover: 4 × 4 on 4 × 2, the upper and the lower row are cut off.
    const cropped = hotRegion(mapOn(values, { fit: "cover", photo: [4, 4] }), 0.4);
    assert.deepEqual(overlapOf(object(0, 0, 1, 4), cropped), { seen: 2, hot: 1 });
    assert.deepEqual(overlapOf(object(0, 0, 4, 1), cropped), { seen: 0, hot: 0 });
    // Contain: 2 × 2 in the middle of 4 × 2; its maximum is 5, so 4 and 4.1 are above 0.4 of it.
    const contained = hotRegion(mapOn(values, { fit: "contain", photo: [2, 2] }), 0.4);
    assert.equal(contained.share, 3 / 4);
    assert.deepEqual(overlapOf(object(0, 0, 2, 2), contained), { seen: 4, hot: 3 });
  });

  test("refuses a mask of another size and a map that lies on no photo", () => {
    const mask = { width: 2, height: 2, counts: [0, 4] };
    assert.throws(
      () => overlapOf({ ...object(0, 0, 1, 1), mask }, hotRegion(mapOn(values), 0.4)),
      /the mask of "thing" is 2 × 2, its photo 4 × 2/,
    );
    assert.throws(() => hotRegion({ ...mapOn(values), placement: undefined }, 0.4), /needs a map with a placement/);
  });
});
