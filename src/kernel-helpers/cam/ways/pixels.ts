// Steps that ways over pixels share.
import type { HeatMap } from "../heat-map.js";
import type { Looking } from "./way.js";

/** A map of the size of the network's input. */
export function pixelMap({ size, seen }: Looking, data: Float32Array): HeatMap {
  return { ...size, data, placement: seen.placement };
}

/** One number a pixel from the three of its colours. */
export function overColours(
  values: Float32Array,
  join: (red: number, green: number, blue: number) => number,
): Float32Array {
  const area = values.length / 3;
  return Float32Array.from({ length: area }, (_, p) => join(values[p], values[area + p], values[2 * area + p]));
}

/** max_c |v_c| */
export function largestOf(red: number, green: number, blue: number): number {
  return Math.max(Math.abs(red), Math.abs(green), Math.abs(blue));
}

/** Σ_c v_c */
export function sumOf(red: number, green: number, blue: number): number {
  return red + green + blue;
}
