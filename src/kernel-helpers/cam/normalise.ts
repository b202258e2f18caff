import { invalid } from "../support/errors.js";
import { check } from "../support/check.js";
import type { HeatMap } from "./heat-map.js";

/** How a map is brought to a common range. */
export type Normalisation = "max" | "minmax";

/**
 * Brings a map to a common range, as a new map.
 *
 * - `max`: divided by its maximum. The highest place becomes 1, zero stays zero and negative values stay negative
 *   (below −1, where evidence against outweighs the strongest evidence for). A map without a positive value has no
 *   evidence for its class: all zeros.
 * - `minmax`: (v − min) / (max − min), so 0…1; where zero was is lost. A constant map becomes all zeros.
 *
 * A place that was not seen is NaN: it stays NaN, and has no part in the range of the others. Infinite values leave no
 * range to speak of: every place that was seen becomes zero.
 *
 * @throws CamlabError for another name
 * @example
 * normalise(upsample(map), "minmax");
 */
export function normalise(map: HeatMap, how: Normalisation): HeatMap {
  check.oneOf("normalisation", how, ["max", "minmax"]);
  if (typeof map !== "object" || map === null || !ArrayBuffer.isView(map.data)) {
    throw invalid("map", map, "a heat map { width, height, data }, as cam gives it");
  }
  const { min, max } = rangeOf(map.data);
  const low = how === "max" ? 0 : min;
  const span = max - low;
  const hasRange = span > 0 && Number.isFinite(span);
  const data = new Float32Array(map.data.length);
  for (let p = 0; p < data.length; p++) {
    const value = map.data[p];
    data[p] = hasRange ? (value - low) / span : Number.isNaN(value) ? NaN : 0;
  }
  return { ...map, data };
}

/**
 * The smallest and largest value among the places that were seen, those that are not NaN; both NaN when no place was
 * seen, or a value is infinite.
 *
 * @example
 * rangeOf(Float32Array.of(3, NaN, -1)); // { min: -1, max: 3 }
 */
export function rangeOf(data: Float32Array): { min: number; max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (let p = 0; p < data.length; p++) {
    const value = data[p];
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min > -Infinity && max < Infinity && min <= max ? { min, max } : { min: NaN, max: NaN };
}

/** In words, why `rangeOf` gives NaN. */
export function whyNoRange(data: Float32Array): string {
  return data.every(Number.isNaN) ? "no place of it was seen" : "it holds an infinite value";
}
