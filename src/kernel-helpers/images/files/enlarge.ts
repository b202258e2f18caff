// Bilinear enlargement with half-pixel centres. libvips shifts what it enlarges by half a pixel, so sharp only reduces
// here, and the few pixels of a network's input that must be made larger are computed by these loops.

import { linearTaps, type LinearTaps } from "../../support/linear-taps.js";

/** How one axis is brought from `size` pixels to the `count` pixels from `first` on of `resized`. */
export interface AxisPlan {
  /** What sharp reduces the axis to; the size itself when it is to be enlarged. */
  readonly reduced: number;
  /** The pixels of the reduced axis that are needed. */
  readonly start: number;
  readonly length: number;
  /** For an enlarged axis: where each result lies among those pixels, in pixel indices; absent otherwise. */
  readonly positions?: Float64Array;
}

export function planAxis(size: number, resized: number, first: number, count: number): AxisPlan {
  if (resized <= size) return { reduced: resized, start: first, length: count };
  const at = (i: number) => Math.min(Math.max(((first + i + 0.5) * size) / resized - 0.5, 0), size - 1);
  const start = Math.floor(at(0));
  const length = Math.min(Math.floor(at(count - 1)) + 1, size - 1) - start + 1;
  return { reduced: size, start, length, positions: Float64Array.from({ length: count }, (_, i) => at(i) - start) };
}

/** RGB pixels of `x.length × y.length`, enlarged along each axis that has positions. */
export function enlarge(pixels: Uint8Array, x: AxisPlan, y: AxisPlan): Uint8Array {
  if (!x.positions && !y.positions) return pixels;
  const across = tapsOf(x);
  const down = tapsOf(y);
  const width = across.low.length;
  const height = down.low.length;
  const line = x.length * 3;
  const result = new Uint8Array(width * height * 3);
  const blended = new Float64Array(line);
  let to = 0;
  for (let row = 0; row < height; row++) {
    const upper = down.low[row] * line;
    const lower = down.high[row] * line;
    const weight = down.share[row];
    for (let i = 0; i < line; i++) blended[i] = pixels[upper + i] + (pixels[lower + i] - pixels[upper + i]) * weight;
    for (let column = 0; column < width; column++) {
      const left = across.low[column] * 3;
      const right = across.high[column] * 3;
      const share = across.share[column];
      for (let channel = 0; channel < 3; channel++) {
        result[to++] = blended[left + channel] + (blended[right + channel] - blended[left + channel]) * share + 0.5;
      }
    }
  }
  return result;
}

function tapsOf({ length, positions }: AxisPlan): LinearTaps {
  return linearTaps(positions ?? Float64Array.from({ length }, (_, i) => i), length);
}
