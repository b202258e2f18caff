import type { Emitter } from "../../graph/gradient/emitter.js";
import { resample, type AxisSampling } from "../resample.js";

/** Columns and rows. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Writes maps stretched to another size, as `upsample` does bilinearly. Along each axis that is a product with a matrix,
 * which needs no operator whose coordinates differ between runtimes and operator sets.
 *
 * @param maps `N × C × from.height × from.width`
 * @returns the name of a value of `N × C × to.height × to.width`
 */
export function stretched(emit: Emitter, maps: string, from: Size, to: Size): string {
  const down = emit.tensor([to.height, from.height], axisMatrix(from.height, to.height));
  const across = transposed(axisMatrix(from.width, to.width), to.width, from.width);
  return emit.matMul(emit.matMul(down, maps), emit.tensor([from.width, to.width], across));
}

/**
 * Writes maps over their maxima, as `normalise` does by `max`: the highest place is 1, negative values stay negative, and a
 * map without a positive value is all zeros.
 */
export function dividedByMaximum(emit: Emitter, maps: string): string {
  const largest = emit.node("GlobalMaxPool", [maps]);
  const positive = emit.number(emit.greater(largest, 0));
  const divisor = emit.add(emit.mul(largest, positive), emit.sub(1, positive));
  return emit.mul(emit.div(maps, divisor), positive);
}

/** How each of `to` samples of an axis is made of `from`: `to × from`. */
function axisMatrix(from: number, to: number): Float32Array {
  const unit = Float32Array.from({ length: from * from }, (_, p) => Number(p % (from + 1) === 0));
  const same: AxisSampling = { size: from, step: 1, start: 0 };
  return resample(unit, from, from, same, { size: to, step: from / to, start: 0 }, "bilinear");
}

function transposed(matrix: Float32Array, rows: number, columns: number): Float32Array {
  return matrix.map((_, p) => matrix[(p % rows) * columns + Math.floor(p / rows)]);
}
