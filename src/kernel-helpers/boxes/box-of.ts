import type { Box } from "../images/box.js";
import type { HeatMap } from "../cam/heat-map.js";
import { rangeOf } from "../cam/normalise.js";
import type { Upsampling } from "../cam/resample.js";
import { checkHeatMap } from "../cam/upsample.js";
import { invalid } from "../support/errors.js";
import { authorsBoxes } from "./authors-rule.js";
import { type BoxGrid, placeOnGrid } from "./box-grid.js";
import { paperBoxes } from "./paper-rule.js";

/** How a map becomes a box. */
export interface BoxOptions {
  /** `paper` (the default): largest component above a fraction of the maximum. `authors`: their released code's rule. */
  readonly rule?: "paper" | "authors";
  /** The paper's rule: the fraction of the maximum, 0 ≤ t < 1; 0.2 unless given. The authors' rule has its own three. */
  readonly threshold?: number;
  /** The authors' rule: its first, `loose` box (the default) or its second, `tight` one. */
  readonly which?: "loose" | "tight";
  /** The pixels that the box is found on: `input` unless given; `map` for a map without a placement. */
  readonly grid?: BoxGrid;
  /** How the map is stretched onto the grid; `bilinear` unless given. */
  readonly upsampling?: Upsampling;
}

/** A box that a rule found. */
export interface FoundBox {
  /** In pixels of the original photo, fractional, within it. */
  readonly box: Box;
  /** The same box in whole pixels of the grid it was found on. */
  readonly onGrid: Box;
}

/** No box, and why. */
export interface NoBox {
  readonly box: undefined;
  readonly onGrid: undefined;
  readonly reason: string;
}

/**
 * The box of a map. The map is stretched onto the network's input grid, the rule finds a box there, and the box's
 * edges are carried back to the original photo exactly, through the resize or crop that was applied. The part of the
 * grid that shows no photo (a contained photo's margin) takes no part. A map without a placement gives a box in its
 * own pixels.
 *
 * A map without a positive value, or with NaN or an infinite value, has no box; `reason` says so.
 *
 * @throws CamlabError for an option outside its range, or a grid that needs a placement which the map lacks
 * @example
 * const { box } = boxOf(cam(seen, "goldfish"));
 * boxOf(map, { rule: "authors", which: "tight", grid: "image" });
 */
export function boxOf(map: HeatMap, options: BoxOptions = {}): FoundBox | NoBox {
  const { rule = "paper", which = "loose" } = options;
  if (which !== "loose" && which !== "tight") throw invalid("which", which, "loose or tight");
  const { boxes, reason } = findBoxes(map, options);
  if (reason !== undefined) return { box: undefined, onGrid: undefined, reason };
  const wanted = rule === "authors" && which === "tight" ? 1 : 0;
  return boxes[wanted] ?? { box: undefined, onGrid: undefined, reason: `the ${rule} rule found ${boxes.length} boxes` };
}

/**
 * All boxes of a rule, in its order. The paper's: one for each component, largest component first. The authors': what
 * their released code writes, loose, then tight, then any others. Empty when there is none.
 *
 * @throws CamlabError as `boxOf` does
 * @example
 * boxesOf(map, { threshold: 0.5 }).map(({ box }) => box);
 */
export function boxesOf(map: HeatMap, options: BoxOptions = {}): FoundBox[] {
  return findBoxes(map, options).boxes;
}

function findBoxes(map: HeatMap, options: BoxOptions): { boxes: FoundBox[]; reason?: string } {
  const { rule = "paper", threshold = 0.2, upsampling = "bilinear" } = options;
  const { grid = map.placement ? "input" : "map" } = options;
  if (rule !== "paper" && rule !== "authors") throw invalid("rule", rule, "paper or authors");
  if (!(threshold >= 0 && threshold < 1)) throw invalid("threshold", threshold, "0 ≤ t < 1");
  if (!["input", "map", "image"].includes(grid)) throw invalid("grid", grid, "input, map or image");
  if (upsampling !== "bilinear" && upsampling !== "bicubic") {
    throw invalid("upsampling", upsampling, "bilinear or bicubic");
  }
  checkHeatMap(map);
  if (Number.isNaN(rangeOf(map.data).max)) return { boxes: [], reason: "the map holds NaN or an infinite value" };
  const placed = placeOnGrid(map, grid, upsampling);
  const { data, width, height } = placed;
  const max = maximumOf(data);
  if (!(max > 0)) return { boxes: [], reason: "the map has no positive value" };
  const boxes =
    rule === "paper" ? paperBoxes(data, width, height, threshold * max) : authorsBoxes(data, width, height, max);
  return { boxes: boxes.map((box) => ({ box: placed.toOriginal(box), onGrid: placed.toWholeGrid(box) })) };
}

function maximumOf(data: Float32Array): number {
  let max = -Infinity;
  for (let p = 0; p < data.length; p++) if (data[p] > max) max = data[p];
  return max;
}
