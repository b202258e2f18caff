import { checkHeatMap } from "./upsample.js";
import type { HeatMap } from "./heat-map.js";
import { rangeOf, whyNoRange } from "./normalise.js";
import { toImage } from "../images/input/placement.js";
import { CamlabError } from "../support/errors.js";

/**
 * The point of a photo that a map speaks for most: the centre of its largest cell, in pixels of the original photo; of
 * equal cells the first, row by row. Stretching the map bilinearly would put its maximum on the same point. Cells that
 * were not seen (NaN) have no part in it.
 *
 * @throws CamlabError for a map without a placement on a photo, and for one that has no largest cell: all of it NaN, or
 *   a value infinite
 * @example
 * boxes.pointInBox(peakOf(map), box);
 */
export function peakOf(map: HeatMap): { x: number; y: number } {
  checkHeatMap(map);
  const { placement, width, height, data } = map;
  if (!placement) throw new CamlabError("the map has no placement on a photo, so its peak is nowhere");
  const { max } = rangeOf(data);
  if (Number.isNaN(max)) throw new CamlabError(`the map has no peak: ${whyNoRange(data)}`);
  const at = data.indexOf(max);
  const cell = { width: placement.inputWidth / width, height: placement.inputHeight / height };
  const x = ((at % width) + 0.5) * cell.width;
  const y = (Math.floor(at / width) + 0.5) * cell.height;
  const point = toImage(placement, { x, y, width: 0, height: 0 }, { clamp: true });
  return { x: point.x, y: point.y };
}
