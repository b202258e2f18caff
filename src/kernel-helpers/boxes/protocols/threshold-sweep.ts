import type { Box } from "../../images/box.js";
import { GrowingComponents } from "./growing-components.js";
import { outlineArea } from "./outline-area.js";

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
  const order = orderOf(above, thresholds);
  const { swept, largest } = sweepComponents(order, width, height, thresholds, area, ties);
  const holes = boxes === "contours" ? sweepHoles(order, width, height, thresholds) : undefined;
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

/** Pixels by the number of thresholds they are above: those of `level` stand from `start[level]` to `start[level + 1]`. */
interface Order {
  readonly pixels: Int32Array;
  readonly start: Int32Array;
}

function orderOf(above: Uint16Array, thresholds: number): Order {
  const start = new Int32Array(thresholds + 2);
  for (let p = 0; p < above.length; p++) start[above[p] + 1]++;
  for (let level = 0; level <= thresholds; level++) start[level + 1] += start[level];
  const next = start.slice();
  const pixels = new Int32Array(above.length);
  for (let p = 0; p < above.length; p++) pixels[next[above[p]]++] = p;
  return { pixels, start };
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

function sweepComponents(
  { pixels, start }: Order,
  width: number,
  height: number,
  thresholds: number,
  area: AreaMeasure,
  ties: "first" | "last",
): { readonly swept: BoxLists; readonly largest: Int32Array } {
  const growing = GrowingComponents.take(width, height, 8);
  const swept = new BoxLists(thresholds);
  /** The number of the largest one's box in `swept`, −1 where there is none. */
  const largest = new Int32Array(thresholds).fill(-1);
  const choose = area === "pixels" ? largestByPixels(growing, ties) : largestByOutline(growing, ties);
  for (let t = thresholds - 1; t >= 0; t--) {
    const [from, to] = [start[t + 1], start[t + 2]];
    if (from === to && t + 1 < thresholds) {
      [swept.from[t], swept.to[t], largest[t]] = [swept.from[t + 1], swept.to[t + 1], largest[t + 1]];
      continue;
    }
    for (let i = from; i < to; i++) growing.add(pixels[i]);
    swept.from[t] = swept.length;
    for (let i = 0; i < growing.count; i++) {
      const root = growing.rootAt(i);
      swept.push(growing.left[root], growing.top[root], growing.right[root], growing.bottom[root]);
    }
    swept.to[t] = swept.length;
    if (growing.count > 0) largest[t] = swept.from[t] + choose();
  }
  growing.done();
  return { swept, largest };
}

/** Whether the component of root `a` stands before that of root `b` among equally large ones. */
function wins(growing: GrowingComponents, ties: "first" | "last", a: number, b: number): boolean {
  return ties === "first" ? growing.first[a] < growing.first[b] : growing.first[a] > growing.first[b];
}

function largestByPixels(growing: GrowingComponents, ties: "first" | "last"): () => number {
  return () => {
    let best = 0;
    for (let i = 1; i < growing.count; i++) {
      const [root, other] = [growing.rootAt(i), growing.rootAt(best)];
      const more = growing.size[root] - growing.size[other];
      if (more > 0 || (more === 0 && wins(growing, ties, root, other))) best = i;
    }
    return best;
  };
}

/** Follows only the borders of components that may be the largest, and each again only after it has grown. */
function largestByOutline(growing: GrowingComponents, ties: "first" | "last"): () => number {
  const { width, height } = growing;
  const byPixels = largestByPixels(growing, ties);
  const areas = new Map<number, { readonly size: number; readonly area: number }>();
  const has = (pixel: number) => growing.has(pixel);
  const areaOf = (root: number) => {
    const known = areas.get(root);
    if (known?.size === growing.size[root]) return known.area;
    const area = outlineArea(growing.first[root], width, height, has);
    areas.set(root, { size: growing.size[root], area });
    return area;
  };
  return () => {
    let best = byPixels();
    let most = areaOf(growing.rootAt(best));
    for (let i = 0; i < growing.count; i++) {
      const root = growing.rootAt(i);
      const atMost = (growing.right[root] - growing.left[root] - 1) * (growing.bottom[root] - growing.top[root] - 1);
      if (atMost < most || i === best) continue;
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
function sweepHoles({ pixels, start }: Order, width: number, height: number, thresholds: number): BoxLists {
  const growing = GrowingComponents.take(width, height, 4);
  const holes = new BoxLists(thresholds);
  for (let t = 0; t < thresholds; t++) {
    const [from, to] = [start[t], start[t + 1]];
    if (from === to && t > 0) {
      [holes.from[t], holes.to[t]] = [holes.from[t - 1], holes.to[t - 1]];
      continue;
    }
    for (let i = from; i < to; i++) growing.add(pixels[i]);
    holes.from[t] = holes.length;
    for (let i = 0; i < growing.count; i++) {
      const root = growing.rootAt(i);
      const [left, top, right, bottom] = [
        growing.left[root],
        growing.top[root],
        growing.right[root],
        growing.bottom[root],
      ];
      if (left > 0 && top > 0 && right < width && bottom < height) {
        holes.push(left - 1, top - 1, right + 1, bottom + 1);
      }
    }
    holes.to[t] = holes.length;
  }
  growing.done();
  return holes;
}
