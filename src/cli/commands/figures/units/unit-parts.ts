import type { FeatureMaps } from "../../../../kernel-helpers/networks/seen.js";

/** A unit's map, and from which value on it counts as on. */
interface Region {
  readonly values: ArrayLike<number>;
  readonly threshold: number;
}

/** Where a unit is on, and whether that speaks for a class: shares, from 0 to 1. */
export interface UnitPlaces {
  /** Of all places, those where the unit is on: near 1 it looks for no part. */
  readonly area: number;
  /** Of the places where the unit is on, those that speak for the class more than the mean of all places. */
  readonly within: number;
}

/** Places of a photograph where a unit is on, which is above its threshold, held against the map of a class. */
export function unitPlaces(unit: Region, classMap: Float64Array): UnitPlaces {
  const cells = classMap.length;
  const usual = classMap.reduce((sum, value) => sum + value, 0) / cells;
  let [on, speaks] = [0, 0];
  classMap.forEach((value, cell) => {
    if (!(unit.values[cell] > unit.threshold)) return;
    on++;
    if (value > usual) speaks++;
  });
  return { area: on / cells, within: on > 0 ? speaks / on : 0 };
}

/**
 * Whether two units lie on the same places of the same photographs: the correlation of their values over all cells, each
 * less its mean over the photograph.
 *
 * @returns from −1 to 1; 0 where one is the same everywhere
 */
export function samePlaces(photos: readonly FeatureMaps[], a: number, b: number): number {
  let [both, ofA, ofB] = [0, 0, 0];
  for (const { width, height, data } of photos) {
    const cells = width * height;
    const valuesOf = (unit: number) => data.subarray(unit * cells, (unit + 1) * cells);
    const [first, second] = [valuesOf(a), valuesOf(b)];
    const meanOf = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / cells;
    const [meanA, meanB] = [meanOf(first), meanOf(second)];
    for (let cell = 0; cell < cells; cell++) {
      const [x, y] = [first[cell] - meanA, second[cell] - meanB];
      both += x * y;
      ofA += x * x;
      ofB += y * y;
    }
  }
  const scale = Math.sqrt(ofA * ofB);
  return scale > 0 ? both / scale : 0;
}
