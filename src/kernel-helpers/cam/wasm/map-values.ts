import { GrowingInstance } from "../../support/wasm/growing-instance.js";
import { rangeOf } from "../normalise.js";

/** What map-values.as exports. Addresses are byte offsets into the memory. */
interface Exports {
  blend(rows: number, width: number, taps: number, ...addresses: number[]): void;
  reached(data: number, count: number, cuts: number, levels: number): void;
}

const instance = new GrowingInstance<Exports>(new URL("./map-values.wasm", import.meta.url));

/** Of which rows each row of a result is made, and with what weights. */
interface RowTaps {
  readonly index: Int32Array;
  readonly weight: Float64Array;
}

/** A stretched map and the range of its values, as `rangeOf` gives it. */
export interface BlendedRows {
  /** In memory that the next map takes. */
  readonly data: Float32Array;
  readonly min: number;
  readonly max: number;
}

/** Cuts for which there is room behind a map's values. */
const CUTS = 2 ** 14;

/** Where a map's parts begin: its values lie at 0. */
function placesOf(values: number) {
  const levels = aligned(4 * (values + 1));
  const cuts = aligned(levels + 2 * values);
  return { levels, cuts, end: aligned(cuts + 4 * (CUTS + 2)) };
}

function aligned(bytes: number): number {
  return 16 * Math.ceil(bytes / 16);
}

/**
 * Rows that are weighted sums of rows.
 *
 * @param rows each of `width` values
 * @param taps of how many rows each row of the result is made: 2 or 4
 */
export function blendRows(rows: Float64Array, width: number, taps: 2 | 4, { index, weight }: RowTaps): BlendedRows {
  const height = index.length / taps;
  const from = placesOf(width * height).end;
  const indices = aligned(from + 8 * (rows.length + 1));
  const weights = aligned(indices + index.byteLength);
  const range = aligned(weights + weight.byteLength);
  const { memory, exports } = instance.withRoom(range + 8);
  new Float64Array(memory.buffer, from, rows.length).set(rows);
  new Int32Array(memory.buffer, indices, index.length).set(index);
  new Float64Array(memory.buffer, weights, weight.length).set(weight);
  exports.blend(from, width, taps, indices, weights, height, 0, range);
  const data = new Float32Array(memory.buffer, 0, width * height);
  const [min, max] = new Float32Array(memory.buffer, range, 2);
  return { data, ...(Number.isFinite(min) && Number.isFinite(max) ? { min, max } : rangeOf(data)) };
}

/**
 * Of each value how many cuts it reaches, in memory that the next map takes. Values that `blendRows` gave last are taken
 * where they are.
 *
 * @param data without NaN
 * @param cuts 32-bit numbers that rise, at most 16,384
 * @example
 * cutsReached(Float32Array.of(0.1, 0.7), Float32Array.of(0.5)); // 0, 1
 */
export function cutsReached(data: Float32Array, cuts: Float32Array): Uint16Array {
  const { levels, cuts: fenced, end } = placesOf(data.length);
  const isThere = instance.holds(data) && data.byteOffset === 0;
  const { memory, exports } = instance.withRoom(isThere ? 0 : end);
  if (!isThere) new Float32Array(memory.buffer, 0, data.length).set(data);
  new Float32Array(memory.buffer, fenced, cuts.length + 2).set([-Infinity, ...cuts, Infinity]);
  exports.reached(0, data.length, fenced, levels);
  return new Uint16Array(memory.buffer, levels, data.length);
}
