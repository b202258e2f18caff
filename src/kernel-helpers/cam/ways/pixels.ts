// Steps that ways over pixels share.
import type { HeatMap } from "../heat-map.js";
import type { Looking, Way } from "./way.js";

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

/**
 * The way of a map that is the largest gradient of each pixel's colours.
 *
 * @param relu what each ReLU lets pass on the way back, in place of its gradient
 */
export function largestGradient(relu?: "guided" | "deconvolution"): Way["map"] {
  return async (looking) => {
    const gradient = await looking.network.inputGradients(looking.input, 1, relu);
    return pixelMap(looking, overColours(gradient, largestOf));
  };
}

const WHOLE = { min: 0, max: 1 };

/** max_c |v_c| */
export function largestOf(red: number, green: number, blue: number): number {
  return Math.max(Math.abs(red), Math.abs(green), Math.abs(blue));
}

/** Σ_c v_c */
export function sumOf(red: number, green: number, blue: number): number {
  return red + green + blue;
}

/** Writes each colour of a photo times a mask, whose values count from the least as shares of the range to the greatest. */
export function seeThrough(input: Float32Array, mask: Float32Array, to: Float32Array, { min, max } = WHOLE): void {
  const area = mask.length;
  const span = max - min;
  if (!(span > 0)) return void to.fill(0);
  for (let p = 0; p < area; p++) {
    const share = Math.fround((mask[p] - min) / span);
    to[p] = input[p] * share;
    to[area + p] = input[area + p] * share;
    to[2 * area + p] = input[2 * area + p] * share;
  }
}
