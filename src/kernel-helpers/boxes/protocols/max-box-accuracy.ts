import type { HeatMap } from "../../cam/heat-map.js";
import type { Box } from "../../images/box.js";
import { check } from "../../support/check.js";
import { CamlabError, invalid } from "../../support/errors.js";
import { iou } from "../box-geometry.js";
import { conventionsOf, type LocalizationConventions } from "./conventions.js";
import { comparedBox, comparedTruth, type ScoreMap, scoreMap, thresholdsBelow } from "./score-map.js";
import { ThresholdSuccesses } from "./threshold-successes.js";
import { sweepBoxes } from "./threshold-sweep.js";

/** How close a map's boxes come to the truth at every threshold. */
export interface ThresholdOverlaps {
  /** Of the largest component's box: what MaxBoxAcc asks for. One a threshold. */
  readonly largest: Float32Array;
  /** The best of all contours' boxes, of holes too: what MaxBoxAccV2 asks for. */
  readonly best: Float32Array;
}

/**
 * The overlap of a map's boxes with the truth at every threshold: of the largest component's box, and of the best of all
 * contours' boxes, each with the true box that it fits best. All thresholds come of one pass over the pixels in the
 * order of their values. Where nothing is above a threshold, the box is the pixel at the top left, as in the released
 * code.
 *
 * @param truth in pixels of the original photo (of the grid, for a map without a placement)
 * @param thresholds shares of the maximum, rising; `usualThresholds()` unless given
 * @param conventions those of `wsol2020` unless given
 * @throws CamlabError without a true box, for thresholds that do not rise, and for conventions that there are not
 * @example
 * const truth = [{ x: 40, y: 30, width: 200, height: 160 }];
 * boxes.overlapsByThreshold(cam(seen, "goldfish"), truth).largest[20]; // the IoU at 0.2 of the maximum
 */
export function overlapsByThreshold(
  map: HeatMap,
  truth: readonly Box[],
  thresholds: Float64Array = usualThresholds(),
  conventions: Partial<LocalizationConventions> = {},
): ThresholdOverlaps {
  const all = conventionsOf("wsol2020", conventions);
  checkThresholds(thresholds);
  return overlapsOfScores(scoreMap(map, all), map, truth, thresholds, all);
}

/** As `overlapsByThreshold`, of a map that was brought to the grid before. */
export function overlapsOfScores(
  scores: ScoreMap,
  map: HeatMap,
  truth: readonly Box[],
  thresholds: Float64Array,
  conventions: LocalizationConventions,
): ThresholdOverlaps {
  const { largest, best } = overlapsOf(scores, map, truth, thresholds, conventions, "contours");
  return { largest, best: best! };
}

/** As `overlapsByThreshold`, of the largest component's box alone: one pass less. */
export function largestOverlaps(
  map: HeatMap,
  truth: readonly Box[],
  thresholds: Float64Array,
  conventions: Partial<LocalizationConventions>,
): Float32Array {
  const all = conventionsOf("wsol2020", conventions);
  checkThresholds(thresholds);
  return overlapsOf(scoreMap(map, all), map, truth, thresholds, all, "components").largest;
}

/** Boxes whose overlap is remembered; a power of 2. */
const REMEMBERED = 1024;

function overlapsOf(
  scores: ScoreMap,
  map: HeatMap,
  truth: readonly Box[],
  thresholds: Float64Array,
  all: LocalizationConventions,
  boxesOf: "components" | "contours",
): { readonly largest: Float32Array; readonly best?: Float32Array } {
  if (truth.length === 0) throw new CamlabError("a picture without a true box cannot be judged");
  const above = thresholdsBelow(scores, thresholds, all);
  const wanted = comparedTruth(truth, map, all);
  // Most thresholds have boxes that others had: a table that forgets keeps what was judged, by the box's two corners.
  const corners = new Int32Array(2 * REMEMBERED).fill(-1);
  const judged = new Float64Array(REMEMBERED);
  const overlap = (left: number, top: number, right: number, bottom: number) => {
    // Grids have at most 4096 pixels a side.
    const [first, last] = [left * 8192 + top, right * 8192 + bottom];
    const at = (31 * first + 17 * last + (last >> 13)) & (REMEMBERED - 1);
    if (corners[2 * at] === first && corners[2 * at + 1] === last) return judged[at];
    const compared = comparedBox({ x: left, y: top, width: right - left, height: bottom - top }, map, all);
    let best = 0;
    for (const one of wanted) best = Math.max(best, iou(compared, one, { convention: all.iou }));
    corners[2 * at] = first;
    corners[2 * at + 1] = last;
    judged[at] = best;
    return best;
  };
  const { width, height } = scores;
  const ties = all.area === "polygon" ? "last" : "first";
  const boxes = sweepBoxes(above, width, height, thresholds.length, { area: all.area, ties, boxes: boxesOf });
  const nothing = overlap(0, 0, 0, 0);
  const largest = new Float32Array(thresholds.length);
  const best = new Float32Array(thresholds.length);
  for (let t = 0; t < thresholds.length; t++) {
    const one = boxes.largest(t);
    largest[t] = one ? overlap(one.x, one.y, one.x + one.width, one.y + one.height) : nothing;
    if (boxesOf === "components") continue;
    let most = one ? 0 : nothing;
    boxes.each(t, (left, top, right, bottom) => {
      if (one) most = Math.max(most, overlap(left, top, right, bottom));
    });
    best[t] = most;
  }
  return { largest, ...(boxesOf === "contours" && { best }) };
}

/**
 * Thresholds from 0 to 1 in equal steps.
 *
 * @param step 0.01 unless given, which makes 101
 * @throws CamlabError for a step that does not lead to 1
 * @example
 * boxes.usualThresholds(0.5); // 0, 0.5, 1
 */
export function usualThresholds(step = 0.01): Float64Array {
  check.number("step", step, { above: 0, to: 1 });
  const steps = Math.round(1 / step);
  if (Math.abs(steps * step - 1) > 1e-9 || steps > 10_000) {
    throw invalid("step", step, "1 divided by a whole number up to 10000");
  }
  // Not i / steps: i · step is what NumPy's arange gives, to the last bit.
  return Float64Array.from({ length: steps + 1 }, (_, i) => Math.min(1, i * step));
}

/** @throws CamlabError unless they rise from 0 at the least to 1 at the most */
export function checkThresholds(thresholds: ArrayLike<number>): void {
  if (thresholds.length === 0) throw new CamlabError("there are no thresholds");
  for (let t = 0; t < thresholds.length; t++) {
    check.share("threshold", thresholds[t]);
    if (t > 0 && !(thresholds[t] > thresholds[t - 1])) {
      throw new CamlabError(`thresholds must rise: ${thresholds[t]} comes after ${thresholds[t - 1]}`);
    }
  }
}

/** A threshold and the share of pictures whose box is right at it. */
export interface ThresholdAccuracy {
  readonly threshold: number;
  readonly accuracy: number;
}

/**
 * The share of pictures whose box is right, at every threshold.
 *
 * @param overlaps of each picture, one a threshold
 * @param least the IoU from which on a box is right
 * @example
 * boxes.successOverThresholds([Float32Array.of(0.6, 0.4), Float32Array.of(0.7, 0.7)], 0.5); // 1, 0.5
 */
export function successOverThresholds(overlaps: readonly ArrayLike<number>[], least: number): Float64Array {
  const successes = new ThresholdSuccesses(overlaps.length > 0 ? overlaps[0].length : 0, least);
  for (const one of overlaps) successes.add(one);
  return successes.shares;
}

/**
 * The best share over all thresholds: MaxBoxAcc, one threshold for the whole of the data. Of equally good ones the
 * lowest.
 *
 * @example
 * boxes.bestThreshold(Float64Array.of(0.2, 0.6, 0.6), Float64Array.of(0, 0.5, 1)); // { threshold: 0.5, accuracy: 0.6 }
 */
export function bestThreshold(shares: ArrayLike<number>, thresholds: ArrayLike<number>): ThresholdAccuracy {
  let best = 0;
  for (let t = 1; t < shares.length; t++) if (shares[t] > shares[best]) best = t;
  return { threshold: thresholds[best], accuracy: shares[best] };
}
