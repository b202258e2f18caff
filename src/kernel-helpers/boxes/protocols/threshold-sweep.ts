import type { Box } from "../../images/box.js";
import { GrowingComponents } from "./growing-components.js";
import { outlineArea } from "./outline-area.js";
import { LevelForest } from "./wasm/level-forest.js";

/** What the size of a component is: its pixels, or the polygon around them (`outlineArea`), which holes do not lessen. */
export type AreaMeasure = "pixels" | "polygon";

/** Boxes at each of several thresholds. */
export interface SweptBoxes {
  /** The box of the largest component at a threshold; undefined where no pixel is above it. */
  largest(threshold: number): Box | undefined;
  /** Calls back with each box at a threshold: columns from `left` to `right`, rows from `top` to `bottom`, both exclusive. */
  each(threshold: number, onBox: (left: number, top: number, right: number, bottom: number) => void): void;
}

/** How a map is swept. */
export interface SweepOptions {
  /** What makes a component the largest. */
  readonly area: AreaMeasure;
  /** Of components of equal size, the first or the last in reading order is the largest one; `first` unless given. */
  readonly ties?: "first" | "last";
  /**
   * `components`: each has a box. `contours`: so has each hole, of the pixels around it, as in OpenCV's tree of contours.
   */
  readonly boxes?: "components" | "contours";
}

/**
 * The boxes of the components above every threshold, with 8 neighbours, in one pass over the pixels in the order of
 * their values: the same as labelling the components once for each threshold.
 *
 * @param above for each pixel, row by row, above how many of the thresholds, which rise, it lies: pixel p is part of the
 *   mask at threshold t where `above[p] > t`
 * @param thresholds how many there are
 * @example
 * sweepBoxes(Uint16Array.of(2, 0, 1), 3, 1, 2, { area: "pixels" }).largest(1); // { x: 0, y: 0, width: 1, height: 1 }
 */
export function sweepBoxes(
  above: Uint16Array,
  width: number,
  height: number,
  thresholds: number,
  { area, ties = "first", boxes = "components" }: SweepOptions,
): SweptBoxes {
  const forest = new LevelForest(above, width, height, thresholds);
  const { swept, largest } = sweepComponents(forest, area === "pixels" ? byPixels(ties) : byOutline(above, ties));
  const holes = boxes === "contours" ? sweepHoles(forest) : undefined;
  return {
    largest: (threshold) => {
      const root = 4 * largest[threshold];
      if (root < 0) return undefined;
      const [left, top, right, bottom] = swept.corners.subarray(root, root + 4);
      return { x: left, y: top, width: right - left, height: bottom - top };
    },
    each: (threshold, onBox) => {
      swept.each(threshold, onBox);
      holes?.each(threshold, onBox);
    },
  };
}

/** Boxes by threshold; thresholds between which no pixel lies share theirs. */
class BoxLists {
  corners = new Int32Array(256);
  readonly from: Int32Array;
  readonly to: Int32Array;
  length = 0;

  constructor(thresholds: number) {
    this.from = new Int32Array(thresholds);
    this.to = new Int32Array(thresholds);
  }

  push(left: number, top: number, right: number, bottom: number): void {
    const at = 4 * this.length++;
    if (at === this.corners.length) {
      const more = new Int32Array(2 * at);
      more.set(this.corners);
      this.corners = more;
    }
    this.corners[at] = left;
    this.corners[at + 1] = top;
    this.corners[at + 2] = right;
    this.corners[at + 3] = bottom;
  }

  each(threshold: number, onBox: (left: number, top: number, right: number, bottom: number) => void): void {
    for (let at = 4 * this.from[threshold]; at < 4 * this.to[threshold]; at += 4) {
      onBox(this.corners[at], this.corners[at + 1], this.corners[at + 2], this.corners[at + 3]);
    }
  }
}

/** Which of the components that there are at a threshold is the largest, by its number; asked from the last threshold down. */
type Largest = (growing: GrowingComponents, forest: LevelForest, threshold: number) => number;

function sweepComponents(
  forest: LevelForest,
  largestOf: Largest,
): { readonly swept: BoxLists; readonly largest: Int32Array } {
  const { highest: thresholds } = forest;
  const growing = new GrowingComponents(forest, 8);
  const swept = new BoxLists(thresholds);
  /** The number of the largest one's box in `swept`, −1 where there is none. */
  const largest = new Int32Array(thresholds).fill(-1);
  for (let t = thresholds - 1; t >= 0; t--) {
    if (forest.countOf(t + 1) === 0 && t + 1 < thresholds) {
      [swept.from[t], swept.to[t], largest[t]] = [swept.from[t + 1], swept.to[t + 1], largest[t + 1]];
      continue;
    }
    growing.add(t + 1);
    swept.from[t] = swept.length;
    for (let i = 0; i < growing.count; i++) {
      swept.push(...growing.cornersOf(growing.rootAt(i)));
    }
    swept.to[t] = swept.length;
    if (growing.count > 0) largest[t] = swept.from[t] + largestOf(growing, forest, t);
  }
  return { swept, largest };
}

function byPixels(ties: "first" | "last"): (growing: GrowingComponents) => number {
  return (growing) => {
    let best = 0;
    for (let i = 1; i < growing.count; i++) {
      const [root, other] = [growing.rootAt(i), growing.rootAt(best)];
      const more = growing.sizeOf(root) - growing.sizeOf(other);
      if (more > 0 || (more === 0 && wins(growing, ties, root, other))) best = i;
    }
    return best;
  };
}

/** Whether the component of root `a` comes before that of root `b` among equally large ones. */
function wins(growing: GrowingComponents, ties: "first" | "last", a: number, b: number): boolean {
  const [first, other] = [growing.firstOf(a), growing.firstOf(b)];
  return ties === "first" ? first < other : first > other;
}

/**
 * Follows only the borders of components that may be the largest, and each again only after it has grown: what a component
 * had at a higher threshold it has at the least.
 */
function byOutline(above: Uint16Array, ties: "first" | "last"): Largest {
  const mostPixels = byPixels(ties);
  const areas = new Map<number, { readonly size: number; readonly area: number }>();
  return (growing, { width, height }, threshold) => {
    const has = (pixel: number) => above[pixel] > threshold;
    const areaOf = (root: number) => {
      const known = areas.get(root);
      const size = growing.sizeOf(root);
      if (known?.size === size) return known.area;
      const area = outlineArea(growing.firstOf(root), width, height, has);
      areas.set(root, { size, area });
      return area;
    };
    const mayHave = (area: number, root: number) => {
      const [left, top, right, bottom] = growing.cornersOf(root);
      return (right - left - 1) * (bottom - top - 1) >= area;
    };
    let best = mostPixels(growing);
    let most: number | undefined;
    for (let i = 0; i < growing.count; i++) {
      const root = growing.rootAt(i);
      if (i === best || !mayHave(most ?? areas.get(growing.rootAt(best))?.area ?? 0, root)) continue;
      most ??= areaOf(growing.rootAt(best));
      if (!mayHave(most, root)) continue;
      const area = areaOf(root);
      if (area > most || (area === most && wins(growing, ties, root, growing.rootAt(best)))) {
        best = i;
        most = area;
      }
    }
    return best;
  };
}

/** The boxes of the pixels around holes: of background, with 4 neighbours, that does not reach the frame. */
function sweepHoles(forest: LevelForest): BoxLists {
  const { width, height, highest: thresholds } = forest;
  const growing = new GrowingComponents(forest, 4);
  const holes = new BoxLists(thresholds);
  for (let t = 0; t < thresholds; t++) {
    if (forest.countOf(t) === 0 && t > 0) {
      [holes.from[t], holes.to[t]] = [holes.from[t - 1], holes.to[t - 1]];
      continue;
    }
    growing.add(t);
    holes.from[t] = holes.length;
    for (let i = 0; i < growing.count; i++) {
      const [left, top, right, bottom] = growing.cornersOf(growing.rootAt(i));
      if (left > 0 && top > 0 && right < width && bottom < height) {
        holes.push(left - 1, top - 1, right + 1, bottom + 1);
      }
    }
    holes.to[t] = holes.length;
  }
  return holes;
}
