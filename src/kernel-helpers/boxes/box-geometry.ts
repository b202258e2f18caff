import type { Box } from "../images/box.js";
import { check } from "../support/check.js";
import { invalid } from "../support/errors.js";

/**
 * How the sides of a box are measured.
 *
 * - `continuous`: a side is `width`. Right for half-open boxes.
 * - `pixel+1`: a side is `width + 1`, as ImageNet's evaluation and others do, for whom the corners (x, y) and
 *   (x + width, y + height) are both pixels inside the box. Small boxes come out more alike.
 */
export type IouConvention = "continuous" | "pixel+1";

/**
 * Intersection over union of two boxes: 0 when they are apart or both empty, 1 when they are the same.
 *
 * @throws CamlabError for another convention, and for options that do not exist
 * @example
 * iou({ x: 0, y: 0, width: 2, height: 2 }, { x: 1, y: 0, width: 2, height: 2 }); // 1/3
 */
export function iou(a: Box, b: Box, options: { readonly convention?: IouConvention } = {}): number {
  const { convention = "continuous" } = check.known(options, ["convention"], "iou");
  if (convention !== "continuous" && convention !== "pixel+1") {
    throw invalid("convention", convention, "continuous or pixel+1");
  }
  for (const box of [a, b]) {
    if (typeof box !== "object" || box === null)
      throw invalid("box", box, "{ x, y, width, height }; boxOf finds none in some maps");
  }
  const [first, second] = convention === "pixel+1" ? [withLastPixel(a), withLastPixel(b)] : [a, b];
  const shared = intersectionArea(first, second);
  const union = boxArea(first) + boxArea(second) - shared;
  return union > 0 ? shared / union : 0;
}

/**
 * The area of a box; 0 for one of no or negative size.
 *
 * @example
 * boxes.boxArea({ x: 0, y: 0, width: 2, height: 3 }); // 6
 */
export function boxArea({ width, height }: Box): number {
  return Math.max(0, width) * Math.max(0, height);
}

/**
 * The area that two boxes share; 0 when they are apart or only touch.
 *
 * @example
 * boxes.intersectionArea({ x: 0, y: 0, width: 2, height: 2 }, { x: 1, y: 1, width: 2, height: 2 }); // 1
 */
export function intersectionArea(a: Box, b: Box): number {
  const shared = intersectionOf(a, b);
  return shared ? boxArea(shared) : 0;
}

/**
 * The box that two boxes share, or undefined when they share no area.
 *
 * @example
 * boxes.intersectionOf({ x: 0, y: 0, width: 2, height: 2 }, { x: 1, y: 1, width: 2, height: 2 }); // 1, 1, 1 × 1
 */
export function intersectionOf(a: Box, b: Box): Box | undefined {
  const x = Math.max(a.x, b.x);
  const y = Math.max(a.y, b.y);
  const width = Math.min(a.x + a.width, b.x + b.width) - x;
  const height = Math.min(a.y + a.height, b.y + b.height) - y;
  return width > 0 && height > 0 ? { x, y, width, height } : undefined;
}

/**
 * Whether a point lies in a box. Half-open: the left and the top edge belong to it, the right and the bottom do not.
 *
 * @example
 * boxes.pointInBox({ x: 2, y: 0 }, { x: 0, y: 0, width: 2, height: 2 }); // false
 */
export function pointInBox(point: { readonly x: number; readonly y: number }, box: Box): boolean {
  return point.x >= box.x && point.x < box.x + box.width && point.y >= box.y && point.y < box.y + box.height;
}

function withLastPixel({ x, y, width, height }: Box): Box {
  return { x, y, width: width + 1, height: height + 1 };
}
