import type { HeatMap } from "../cam/heat-map.js";
import { rangeOf } from "../cam/normalise.js";
import { checkHeatMap } from "../cam/upsample.js";
import type { Box } from "../images/box.js";
import { check } from "../support/check.js";
import { invalid } from "../support/errors.js";
import { placeOnGrid } from "./box-grid.js";
import { type BoxGridOptions, checkedGrid, maximumOf } from "./box-of.js";
import { paperRule } from "./paper-rule.js";
import { sweepBoxes } from "./protocols/threshold-sweep.js";

/**
 * The box of the paper's rule at each of several thresholds, as `boxOf` gives it, for the price of a few: the map is
 * stretched onto its grid once, and its pixels are gone through once, in the order of their values.
 *
 * @param thresholds shares of the maximum, each 0 ≤ t < 1, rising
 * @returns the maximum on the grid, 0 for a map that has no box; one box a threshold, undefined where there is none
 * @throws CamlabError as `boxOf` does, and for thresholds that do not rise
 * @example
 * boxes.boxesByThreshold(cam(seen, "goldfish"), [0.1, 0.2, 0.3]).boxes[1]; // as boxOf(cam(seen, "goldfish")).box
 */
export function boxesByThreshold(
  map: HeatMap,
  thresholds: readonly number[],
  options: BoxGridOptions = {},
): { readonly max: number; readonly boxes: readonly (Box | undefined)[] } {
  check.known(options, ["grid", "upsampling"], "boxesByThreshold");
  thresholds.forEach((threshold, i) => {
    paperRule.check({ threshold });
    if (i > 0 && !(threshold > thresholds[i - 1])) throw invalid("thresholds", thresholds, "shares that rise");
  });
  checkHeatMap(map);
  const { grid, upsampling } = checkedGrid(map, options);
  const none = { max: 0, boxes: thresholds.map(() => undefined) };
  if (Number.isNaN(rangeOf(map.data).max)) return none;
  const placed = placeOnGrid(map, grid, upsampling);
  const { data, width, height } = placed;
  const max = maximumOf(data);
  if (!(max > 0)) return none;
  const levels = Float64Array.from(thresholds, (threshold) => threshold * max);
  const above = Uint16Array.from(data, (value) => levelsBelow(value, levels));
  const swept = sweepBoxes(above, width, height, levels.length, { area: "pixels" });
  const boxes = thresholds.map((_, i) => {
    const largest = swept.largest(i);
    return largest && placed.toOriginal(largest);
  });
  return { max, boxes };
}

/** How many of the levels, which rise, a value is above; none for NaN. */
function levelsBelow(value: number, levels: Float64Array): number {
  let [from, to] = [0, levels.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (value > levels[middle]) from = middle + 1;
    else to = middle;
  }
  return from;
}
