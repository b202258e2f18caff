import { linearTaps } from "../support/linear-taps.js";
import { blendRows, type BlendedRows } from "./wasm/map-values.js";

/** How values between the samples of a map are found: from the 2 or the 4 nearest samples along each axis. */
export type Upsampling = (typeof UPSAMPLINGS)[number];

/** Every kind of upsampling. */
export const UPSAMPLINGS = ["bilinear", "bicubic"] as const;

/**
 * Where the samples of one axis are wanted: output sample i lies at source position (i + 0.5) · step + start, in source
 * pixels, where source sample j has its centre at j + 0.5.
 */
export interface AxisSampling {
  readonly size: number;
  readonly step: number;
  readonly start: number;
}

/**
 * Resamples a map along both axes, one after the other. Pixel centres are at half coordinates; beyond the border the
 * outermost samples repeat.
 *
 * A sample that is NaN was not seen: what lies nearest to it is NaN, and what lies near it is made from the samples that
 * were seen, their weights brought back to a sum of 1.
 *
 * @param data `width · height` values, row by row
 * @returns `columns.size · rows.size` values, row by row
 * @example
 * resample(data, 7, 7, { size: 224, step: 1 / 32, start: 0 }, { size: 224, step: 1 / 32, start: 0 }, "bilinear");
 */
export function resample(
  data: Float32Array,
  width: number,
  height: number,
  columns: AxisSampling,
  rows: AxisSampling,
  method: Upsampling,
): Float32Array {
  if (!data.some(Number.isNaN)) return resampleSeen(data, width, height, columns, rows, method).data.slice();
  const taps = method === "bicubic" ? 4 : 2;
  const stretched = new Float64Array(columns.size * height);
  const result = new Float32Array(columns.size * rows.size);
  stretchSeenRows(data, width, height, tapsOf(columns, width, method), taps, stretched);
  blendSeenRows(stretched, columns.size, tapsOf(rows, height, method), taps, result);
  return result;
}

/**
 * As `resample`, of a map whose places were all seen, and with the range of its values, as `rangeOf` gives it. They are in
 * memory that the next map takes.
 */
export function resampleSeen(
  ...[data, width, height, columns, rows, method]: Parameters<typeof resample>
): BlendedRows {
  const across = tapsOf(columns, width, method);
  const stretched = new Float64Array(columns.size * height);
  if (method === "bilinear") stretchRows2(data, width, height, across, stretched);
  else stretchRows4(data, width, height, across, stretched);
  return blendRows(stretched, columns.size, method === "bilinear" ? 2 : 4, tapsOf(rows, height, method));
}

/** A map stretched along its rows alone, and what its own rows are then made of: one more weighted sum gives any sample. */
export interface BilinearRows {
  /** `columns.size · height` values: each row of the map, stretched. */
  readonly stretched: Float64Array;
  /** Between which samples of the map each column of the result lies: the same number for the same two. */
  readonly columnPairs: Int32Array;
  /** The two rows of `stretched` that each row of the result is made of, and their weights: two a row. */
  readonly index: Int32Array;
  readonly weight: Float64Array;
}

/**
 * The first half of a bilinear `resample` of a map whose places were all seen. Sample (x, y) of its result is, to the bit,
 * `Math.fround(weight[2y] · stretched[index[2y] · size + x] + weight[2y + 1] · stretched[index[2y + 1] · size + x])`.
 */
export function bilinearRows(
  data: Float32Array,
  width: number,
  height: number,
  columns: AxisSampling,
  rows: AxisSampling,
): BilinearRows {
  const across = tapsOf(columns, width, "bilinear");
  const stretched = new Float64Array(columns.size * height);
  stretchRows2(data, width, height, across, stretched);
  const columnPairs = across.index.filter((_, i) => i % 2 === 0);
  return { stretched, columnPairs, ...tapsOf(rows, height, "bilinear") };
}

/** For each output sample of an axis, which source samples it is made of and with what weights: 2 or 4 a sample. */
interface Taps {
  readonly index: Int32Array;
  readonly weight: Float64Array;
}

function tapsOf({ size, step, start }: AxisSampling, sourceSize: number, method: Upsampling): Taps {
  const places = new Float64Array(size);
  for (let i = 0; i < size; i++) places[i] = (i + 0.5) * step + start - 0.5;
  return method === "bicubic" ? cubicTaps(places, sourceSize) : twoTaps(places, sourceSize);
}

function twoTaps(places: Float64Array, sourceSize: number): Taps {
  const { low, high, share } = linearTaps(places, sourceSize);
  const index = new Int32Array(2 * low.length);
  const weight = new Float64Array(2 * low.length);
  for (let i = 0; i < low.length; i++) {
    index[2 * i] = low[i];
    index[2 * i + 1] = high[i];
    weight[2 * i] = 1 - share[i];
    weight[2 * i + 1] = share[i];
  }
  return { index, weight };
}

function cubicTaps(places: Float64Array, sourceSize: number): Taps {
  const index = new Int32Array(places.length * 4);
  const weight = new Float64Array(places.length * 4);
  places.forEach((place, i) => {
    const left = Math.floor(place);
    for (let t = 0; t < 4; t++) index[i * 4 + t] = Math.min(Math.max(left - 1 + t, 0), sourceSize - 1);
    cubicWeights(place - left, weight, i * 4);
  });
  return { index, weight };
}

/** Keys' cubic convolution with a = −0.75, the constant of PyTorch and OpenCV. */
function cubicWeights(fraction: number, weight: Float64Array, at: number): void {
  weight[at] = cubicFar(fraction + 1);
  weight[at + 1] = cubicNear(fraction);
  weight[at + 2] = cubicNear(1 - fraction);
  weight[at + 3] = cubicFar(2 - fraction);
}

/** The kernel up to distance 1. */
function cubicNear(d: number): number {
  return (1.25 * d - 2.25) * d * d + 1;
}

/** The kernel from distance 1 to 2. */
function cubicFar(d: number): number {
  return ((-0.75 * d + 3.75) * d - 6) * d + 3;
}

function stretchRows2(data: Float32Array, width: number, height: number, taps: Taps, result: Float64Array): void {
  const { index, weight } = taps;
  const size = index.length / 2;
  for (let y = 0; y < height; y++) {
    const [from, to] = [y * width, y * size];
    for (let x = 0; x < size; x++) {
      const t = 2 * x;
      result[to + x] = weight[t] * data[from + index[t]] + weight[t + 1] * data[from + index[t + 1]];
    }
  }
}

function stretchRows4(data: Float32Array, width: number, height: number, taps: Taps, result: Float64Array): void {
  const { index, weight } = taps;
  const size = index.length / 4;
  for (let y = 0; y < height; y++) {
    const [from, to] = [y * width, y * size];
    for (let x = 0; x < size; x++) {
      const t = 4 * x;
      result[to + x] =
        weight[t] * data[from + index[t]] +
        weight[t + 1] * data[from + index[t + 1]] +
        weight[t + 2] * data[from + index[t + 2]] +
        weight[t + 3] * data[from + index[t + 3]];
    }
  }
}

function stretchSeenRows(
  data: Float32Array,
  width: number,
  height: number,
  taps: Taps,
  count: number,
  result: Float64Array,
): void {
  const size = taps.index.length / count;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < size; x++) result[y * size + x] = seenSum(data, y * width, 1, taps, count, x);
  }
}

function blendSeenRows(rows: Float64Array, width: number, taps: Taps, count: number, result: Float32Array): void {
  const size = taps.index.length / count;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < width; x++) result[y * width + x] = seenSum(rows, x, width, taps, count, y);
  }
}

/** One weighted sum over the samples that were seen; NaN where the nearest one, which weighs most, was not. */
function seenSum(
  values: ArrayLike<number>,
  from: number,
  step: number,
  { index, weight }: Taps,
  count: number,
  output: number,
): number {
  const first = output * count;
  let sum = 0;
  let seen = 0;
  let nearest = first;
  for (let t = first; t < first + count; t++) {
    if (weight[t] > weight[nearest]) nearest = t;
    const value = values[from + step * index[t]];
    if (Number.isNaN(value)) continue;
    sum += weight[t] * value;
    seen += weight[t];
  }
  return Number.isNaN(values[from + step * index[nearest]]) ? NaN : sum / seen;
}
