import type { Box } from "../images/box.js";
import { check } from "../support/check.js";
import { boxArea, intersectionArea } from "./box-geometry.js";
import type { BoxRule, RuleMap } from "./box-rule.js";
import { connectedComponents } from "./connected-components.js";
import { squaredDistances } from "./distance-transform.js";

/** On the map scaled to 0…255: the loose box comes of the first; the other two are close, one of them survives. */
const THRESHOLDS = [20, 100, 110];

/** Of distances to the background, scaled so that the largest is 255: what is kept lies deeper than this. */
const DEPTH = 10;

/** Boxes keep off the right and the bottom edge by this many pixels. */
const MARGIN = 5;

/** Options of the authors' rule. */
export interface AuthorsRuleOptions {
  readonly rule: "authors";
  /** Its first, `loose` box (the default) or its second, `tight` one. */
  readonly which?: "loose" | "tight";
}

/**
 * The rule of the authors' released box generator, which is not the paper's. The map, scaled to 0…255 by its maximum
 * (negative values become 0), is cut at three fixed levels; each cut is eroded by its Euclidean distance transform;
 * every contour, of holes too, gives a box; boxes that largely lie on a larger one are dropped. What is left comes
 * largest first: the first box is the loose one, the second the tight one.
 *
 * Three properties of their program are kept because results depend on them: the 5-pixel margin at the right and the
 * bottom, which makes the rule one for grids of hundreds of pixels; contours of holes counting as boxes, one pixel
 * larger than the hole on each side; and the box that follows a dropped one escaping the same comparison. Boxes that
 * the margin leaves without area are left out.
 */
export const authorsRule: BoxRule<AuthorsRuleOptions> = {
  options: ["which"],
  check({ which = "loose" }) {
    check.oneOf("which", which, ["loose", "tight"]);
  },
  boxes: authorsBoxes,
  choice: ({ which }) => (which === "tight" ? 1 : 0),
};

function authorsBoxes({ data, width, height, max }: RuleMap): Box[] {
  const levels = toBytes(data, max);
  const boxes = THRESHOLDS.flatMap((threshold) => {
    const deep = deepPixels(levels, width, height, threshold);
    return contourBoxes(deep, width, height).map((box) => keepOffTheEdge(box, width, height));
  });
  return dropCovered(boxes.filter((box) => box.width > 0 && box.height > 0).sort((a, b) => boxArea(b) - boxArea(a)));
}

function toBytes(data: Float32Array, max: number): Uint8Array {
  const bytes = new Uint8Array(data.length);
  for (let p = 0; p < data.length; p++) bytes[p] = data[p] > 0 ? Math.round((255 * data[p]) / max) : 0;
  return bytes;
}

/** Pixels above the threshold, less those near its edge: a distance from the background of at most 10/255 of the largest. */
function deepPixels(levels: Uint8Array, width: number, height: number, threshold: number): Uint8Array {
  const mask = new Uint8Array(levels.length);
  for (let p = 0; p < mask.length; p++) mask[p] = levels[p] > threshold ? 1 : 0;
  if (!mask.includes(0)) return mask;
  const squared = squaredDistances(mask, width, height);
  let largest = 0;
  for (let p = 0; p < squared.length; p++) if (squared[p] > largest) largest = squared[p];
  const scale = 255 / Math.sqrt(largest);
  for (let p = 0; p < mask.length; p++) mask[p] = Math.round(Math.sqrt(squared[p]) * scale) > DEPTH ? 1 : 0;
  return mask;
}

/** The box of each component, and of each hole the box of the pixels around it. */
function contourBoxes(mask: Uint8Array, width: number, height: number): Box[] {
  const outer = connectedComponents(mask, width, height, 8).components.map(({ box }) => box);
  const background = new Uint8Array(mask.length);
  for (let p = 0; p < mask.length; p++) background[p] = 1 - mask[p];
  const holes = connectedComponents(background, width, height, 4)
    .components.map(({ box }) => box)
    .filter(({ x, y, width: w, height: h }) => x > 0 && y > 0 && x + w < width && y + h < height)
    .map((box) => ({ x: box.x - 1, y: box.y - 1, width: box.width + 2, height: box.height + 2 }));
  return [...outer, ...holes];
}

function keepOffTheEdge(box: Box, width: number, height: number): Box {
  return {
    x: Math.max(0, Math.min(box.x, width - MARGIN)),
    y: Math.max(0, Math.min(box.y, height - MARGIN)),
    width: Math.min(box.width, width - box.x - MARGIN),
    height: Math.min(box.height, height - box.y - MARGIN),
  };
}

/** Drops boxes that overlap an earlier, larger one by more than half of the larger one's area. */
function dropCovered(boxes: Box[]): Box[] {
  for (let i = 0; i < boxes.length; i++) {
    for (let j = i + 1; j < boxes.length; j++) {
      // Not `j--` after a drop: the released program steps over the box that follows.
      if (intersectionArea(boxes[i], boxes[j]) > boxArea(boxes[i]) / 2) boxes.splice(j, 1);
    }
  }
  return boxes;
}
