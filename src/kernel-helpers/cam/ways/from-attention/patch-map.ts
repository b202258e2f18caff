import type { HeatMap } from "../../heat-map.js";
import type { Seen } from "../../../networks/seen.js";
import type { Attention } from "../way.js";

/** A number a token as a map of the places that tokens stand for; the class token and its like are left out. */
export function patchMap({ placement }: Seen, { first, width, height }: Attention, values: Float64Array): HeatMap {
  return { width, height, data: Float32Array.from(values.subarray(first, first + width * height)), placement };
}
