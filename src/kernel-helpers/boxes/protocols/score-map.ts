import type { HeatMap } from "../../cam/heat-map.js";
import { normalise, rangeOf } from "../../cam/normalise.js";
import { resampleSeen } from "../../cam/resample.js";
import { checkHeatMap, upsample } from "../../cam/upsample.js";
import type { Box } from "../../images/box.js";
import { toImage, toInput } from "../../images/input/placement.js";
import type { Placement } from "../../images/input/preprocessing.js";
import { CamlabError } from "../../support/errors.js";
import type { LocalizationConventions } from "./conventions.js";
import { passedBy } from "./passed-by.js";

/** A map on the grid of a protocol, and what its values are shares of. */
export interface ScoreMap {
  readonly width: number;
  readonly height: number;
  /** `width · height` values; all 0 where the map has no range, or a value that is no number. */
  readonly data: Float32Array;
  readonly min: number;
  readonly max: number;
  /** A value's share, as `shareOf` gives it, is how far it lies from here in such steps. */
  readonly low: number;
  readonly span: number;
}

/** The share that a value of a map is. */
export function shareOf({ low, span }: Pick<ScoreMap, "low" | "span">, value: number): number {
  return Math.fround((value - low) / span);
}

/**
 * Brings a map to the grid of a protocol, with the range that it is normalised by. A map that is constant or holds a value
 * that is not a number becomes all zeros. Values are good until the next map's are asked for.
 *
 * @throws CamlabError when the grid is the network's input and the map has no placement
 */
export function scoreMap(map: HeatMap, conventions: LocalizationConventions): ScoreMap {
  const { width, height } = gridOf(map, conventions);
  const none = () => ({ width, height, data: new Float32Array(width * height), min: 0, max: 0, low: 0, span: 1 });
  if (map.data.some(Number.isNaN)) return none();
  const { normalisation, normalised, upsampling: method } = conventions;
  if (normalised === "before-upsampling") {
    const { data } = upsample(normalise(map, normalisation), { width, height, method });
    return { width, height, data, ...rangeOf(data), low: 0, span: 1 };
  }
  checkHeatMap(map);
  const columns = { size: width, step: map.width / width, start: 0 };
  const rows = { size: height, step: map.height / height, start: 0 };
  const { data, min, max } = resampleSeen(map.data, map.width, map.height, columns, rows, method);
  const low = normalisation === "max" ? 0 : min;
  const span = max - low;
  return span > 0 ? { width, height, data, min, max, low, span } : none();
}

/**
 * For each pixel, above how many of the thresholds it lies, as a protocol compares them. Good until more is asked for.
 *
 * @param thresholds shares of the maximum, rising
 */
export function thresholdsBelow(
  scores: ScoreMap,
  thresholds: Float64Array,
  { levels, comparison }: LocalizationConventions,
): Uint16Array {
  const bytes = levels === "8-bit";
  const valueOf = bytes ? (value: number) => byteOf(shareOf(scores, value)) : (value: number) => shareOf(scores, value);
  const max = valueOf(scores.max);
  const cuts = thresholds.map((threshold) => (bytes ? Math.trunc(threshold * max) : threshold * max));
  const strict = comparison === "strict";
  return passedBy(scores, cuts.length, (t, value) => {
    const one = valueOf(value);
    return one > cuts[t] || (!strict && one === cuts[t]);
  });
}

/** What a share is in whole numbers up to 255, its fraction cut off. */
function byteOf(share: number): number {
  return Math.min(255, Math.max(0, Math.trunc(Math.fround(share * 255))));
}

/**
 * Where true boxes lie among found ones, as a protocol compares them: see `compared`.
 *
 * @param truth boxes in pixels of the original photo
 */
export function comparedTruth(
  truth: readonly Box[],
  map: Pick<HeatMap, "placement" | "width" | "height">,
  conventions: LocalizationConventions,
): Box[] {
  const { placement } = map;
  if (conventions.compared === "photo" || !placement) return [...truth];
  const grid = gridOf(map, conventions);
  return truth.map((box) => {
    const onInput = toInput(placement, box, { clamp: true });
    const [across, down] = [grid.width / placement.inputWidth, grid.height / placement.inputHeight];
    const x = wholePixel(onInput.x * across);
    const y = wholePixel(onInput.y * down);
    return {
      x,
      y,
      width: wholePixel((onInput.x + onInput.width) * across) - x,
      height: wholePixel((onInput.y + onInput.height) * down) - y,
    };
  });
}

/** Without its fraction; a corner that misses a line of the grid by rounding alone is on it. */
function wholePixel(at: number): number {
  return Math.trunc(at + 1e-6);
}

/**
 * A found box as it is compared: see `compared`.
 *
 * @param box in whole pixels of the grid, half-open
 */
export function comparedBox(
  box: Box,
  map: Pick<HeatMap, "placement" | "width" | "height">,
  conventions: LocalizationConventions,
): Box {
  const grid = gridOf(map, conventions);
  if (conventions.compared === "grid") {
    const right = Math.min(box.x + box.width, grid.width - 1);
    const bottom = Math.min(box.y + box.height, grid.height - 1);
    return { x: box.x, y: box.y, width: right - box.x, height: bottom - box.y };
  }
  return onPhoto(box, map.placement, grid);
}

function onPhoto(
  box: Box,
  placement: Placement | undefined,
  grid: { readonly width: number; readonly height: number },
): Box {
  if (!placement) return box;
  const [across, down] = [placement.inputWidth / grid.width, placement.inputHeight / grid.height];
  const onInput = { x: box.x * across, y: box.y * down, width: box.width * across, height: box.height * down };
  return toImage(placement, onInput, { clamp: true });
}

function gridOf(
  { placement }: Pick<HeatMap, "placement" | "width" | "height">,
  { grid }: LocalizationConventions,
): { readonly width: number; readonly height: number } {
  if (grid !== "input") return { width: grid, height: grid };
  if (!placement) throw new CamlabError('the map has no placement on a photo: say the size of the grid, "grid"');
  return { width: placement.inputWidth, height: placement.inputHeight };
}
