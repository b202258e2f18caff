import type { HeatMap } from "../../cam/heat-map.js";
import { normalise } from "../../cam/normalise.js";
import { upsample } from "../../cam/upsample.js";
import type { Box } from "../../images/box.js";
import { toImage, toInput } from "../../images/input/placement.js";
import type { Placement } from "../../images/input/preprocessing.js";
import { CamlabError } from "../../support/errors.js";
import type { LocalizationConventions } from "./conventions.js";

/** A map on the grid of a protocol, as shares of its range. */
export interface ScoreMap {
  readonly width: number;
  readonly height: number;
  /** `width · height` shares, at most 1; all 0 where the map has no range, or a value that is no number. */
  readonly data: Float32Array;
}

/**
 * Brings a map to the grid of a protocol, normalised as it says. A map that is constant or holds a value that is not a
 * number becomes all zeros.
 *
 * @throws CamlabError when the grid is the network's input and the map has no placement
 */
export function scoreMap(map: HeatMap, conventions: LocalizationConventions): ScoreMap {
  const { width, height } = gridOf(map, conventions);
  if (map.data.some(Number.isNaN)) return { width, height, data: new Float32Array(width * height) };
  const { normalisation, normalised, upsampling: method } = conventions;
  const stretched = (one: HeatMap) => upsample(one, { width, height, method });
  const { data } =
    normalised === "after-upsampling"
      ? normalise(stretched(map), normalisation)
      : stretched(normalise(map, normalisation));
  return { width, height, data };
}

/**
 * For each pixel, above how many of the thresholds it lies, as a protocol compares them.
 *
 * @param thresholds shares of the maximum, rising
 */
export function thresholdsBelow(
  { data }: ScoreMap,
  thresholds: Float64Array,
  { levels, comparison }: LocalizationConventions,
): Uint16Array {
  const strict = comparison === "strict";
  const result = new Uint16Array(data.length);
  const count = thresholds.length;
  if (levels === "8-bit") {
    const bytes = new Uint8Array(data.length);
    let max = 0;
    for (let p = 0; p < data.length; p++) {
      const level = Math.fround(data[p] * 255);
      if (!(level >= 1)) continue;
      bytes[p] = level;
      if (bytes[p] > max) max = bytes[p];
    }
    const below = new Uint16Array(256);
    let t = 0;
    for (let value = 0; value < 256; value++) {
      while (t < count && passes(value, Math.trunc(thresholds[t] * max), strict)) t++;
      below[value] = t;
    }
    for (let p = 0; p < data.length; p++) result[p] = below[bytes[p]];
    return result;
  }
  let max = -Infinity;
  for (let p = 0; p < data.length; p++) if (data[p] > max) max = data[p];
  const cuts = thresholds.map((threshold) => threshold * max);
  // Where thresholds are equal steps apart the guess is right but for rounding; where they are not, it is put right.
  const perStep = max > 0 ? (count - 1) / max : 0;
  for (let p = 0; p < data.length; p++) {
    const value = data[p];
    let t = Math.min(count, Math.max(0, (value * perStep) | 0));
    while (t < count && passes(value, cuts[t], strict)) t++;
    while (t > 0 && !passes(value, cuts[t - 1], strict)) t--;
    result[p] = t;
  }
  return result;
}

function passes(value: number, cut: number, strict: boolean): boolean {
  return value > cut || (!strict && value === cut);
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
    const x = Math.trunc(onInput.x * across);
    const y = Math.trunc(onInput.y * down);
    return {
      x,
      y,
      width: Math.trunc((onInput.x + onInput.width) * across) - x,
      height: Math.trunc((onInput.y + onInput.height) * down) - y,
    };
  });
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
