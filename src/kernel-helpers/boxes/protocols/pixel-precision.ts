import type { HeatMap } from "../../cam/heat-map.js";
import { decodeMask, type RunLengthMask } from "../../images/masks/masks.js";
import { CamlabError } from "../../support/errors.js";
import { conventionsOf, type LocalizationConventions } from "./conventions.js";
import { checkThresholds, usualThresholds } from "./max-box-accuracy.js";
import { passedBy } from "./passed-by.js";
import { type ScoreMap, scoreMap, shareOf } from "./score-map.js";

/** How many pixels of a picture, by whether they are part of the thing, have a score from each threshold up to the next. */
export interface PixelCounts {
  readonly inside: Float64Array;
  readonly outside: Float64Array;
}

/** What is known of a picture's pixels. */
export interface PixelTruth {
  /** Pixels of the thing, in masks of one size; a pixel in any of them is part of it. */
  readonly masks: readonly RunLengthMask[];
  /** Pixels that do not count, unless they are part of the thing. */
  readonly ignored?: readonly RunLengthMask[];
}

/**
 * Counts a picture's pixels by their score, for PxAP. Masks are brought to the grid by the nearest pixel, as OpenCV's
 * `INTER_NEAREST` does.
 *
 * @param thresholds shares of the maximum, rising; `usualThresholds()` unless given
 * @throws CamlabError without a mask, for thresholds that do not rise, and for conventions that there are not
 * @example
 * const mask = { width: 4, height: 1, counts: [1, 2, 1] }; // the second and the third pixel
 * boxes.pixelAveragePrecision([boxes.pixelCounts(cam(seen, "dog"), { masks: [mask] })]);
 */
export function pixelCounts(
  map: HeatMap,
  truth: PixelTruth,
  thresholds: Float64Array = usualThresholds(),
  conventions: Partial<LocalizationConventions> = {},
): PixelCounts {
  checkThresholds(thresholds);
  return countedPixels(scoreMap(map, conventionsOf("wsol2020", conventions)), truth, thresholds);
}

/** As `pixelCounts`, of a map that was brought to the grid before. */
export function countedPixels(
  scores: ScoreMap,
  { masks, ignored = [] }: PixelTruth,
  thresholds: Float64Array,
): PixelCounts {
  const { data, width, height } = scores;
  if (masks.length === 0) throw new CamlabError("a picture without a mask cannot be judged by its pixels");
  // 0 outside, 1 inside, 2 where nothing counts.
  const kind = new Uint8Array(width * height);
  for (const mask of ignored) sampled(mask, width, height, (p) => (kind[p] = 2));
  for (const mask of masks) sampled(mask, width, height, (p) => (kind[p] = 1));
  const reached = passedBy(scores, thresholds.length, (t, value) => thresholds[t] <= shareOf(scores, value));
  const counts = new Int32Array(3 * (thresholds.length + 1));
  for (let p = 0; p < data.length; p++) counts[3 * reached[p] + kind[p]]++;
  const ofKind = (one: number) => Float64Array.from(thresholds, (_, t) => counts[3 * (t + 1) + one]);
  return { inside: ofKind(1), outside: ofKind(0) };
}

/**
 * PxAP: the area under the precision–recall curve of all pixels of all pictures together, from their counts.
 *
 * @returns a share; NaN where no pixel is part of a thing
 * @example
 * boxes.pixelAveragePrecision([{ inside: Float64Array.of(0, 2), outside: Float64Array.of(2, 0) }]); // 1
 */
export function pixelAveragePrecision(counts: readonly PixelCounts[]): number {
  if (counts.length === 0) return NaN;
  const all = new CountedPictures(counts.length, counts[0].inside.length);
  for (const one of counts) all.add(one);
  return all.averagePrecision(counts.map((_, i) => i));
}

/** Pixel counts of many pictures, as columns. */
export class CountedPictures {
  /** How many were added. */
  length = 0;
  readonly #bins: number;
  /** For each picture those inside, then those outside. */
  readonly #counts: Uint32Array;

  /** @param pictures how many there will be, at most */
  constructor(pictures: number, bins: number) {
    this.#bins = bins;
    this.#counts = new Uint32Array(2 * bins * pictures);
  }

  add({ inside, outside }: PixelCounts): void {
    const at = 2 * this.#bins * this.length++;
    this.#counts.set(inside, at);
    this.#counts.set(outside, at + this.#bins);
  }

  /** PxAP of some of the pictures, by their numbers; one may come several times. NaN where no pixel is part of a thing. */
  averagePrecision(pictures: readonly number[]): number {
    const bins = this.#bins;
    const counts = this.#counts;
    const sums = new Float64Array(2 * bins);
    for (const picture of pictures) {
      const at = 2 * bins * picture;
      for (let i = 0; i < 2 * bins; i++) sums[i] += counts[at + i];
    }
    let all = 0;
    for (let i = 0; i < bins; i++) all += sums[i];
    if (all === 0) return NaN;
    let [right, wrong, area] = [0, 0, 0];
    for (let i = bins - 1; i >= 0; i--) {
      right += sums[i];
      wrong += sums[bins + i];
      if (right > 0) area += (right / (right + wrong)) * (sums[i] / all);
    }
    return area;
  }
}

/** Calls back with each pixel of the grid whose nearest pixel of the mask is set. */
function sampled(mask: RunLengthMask, width: number, height: number, onSet: (pixel: number) => void): void {
  const pixels = decodeMask(mask);
  const columns = nearest(width, mask.width);
  const rows = nearest(height, mask.height);
  for (let y = 0; y < height; y++) {
    const row = rows[y] * mask.width;
    for (let x = 0; x < width; x++) if (pixels[row + columns[x]]) onSet(y * width + x);
  }
}

/** Which of `from` places each of `size` is nearest to, as OpenCV takes it. */
function nearest(size: number, from: number): Int32Array {
  return Int32Array.from({ length: size }, (_, i) => Math.min(Math.floor((i * from) / size), from - 1));
}
