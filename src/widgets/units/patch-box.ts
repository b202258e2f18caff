import { boxesOf } from "../../kernel-helpers/boxes/box-of.js";
import { pointInBox } from "../../kernel-helpers/boxes/box-geometry.js";
import type { HeatMap } from "../../kernel-helpers/cam/heat-map.js";
import { peakOf } from "../../kernel-helpers/cam/peak.js";
import type { Box } from "../../kernel-helpers/images/box.js";

/** Room around the area, as a share of its longer side. */
const MARGIN = 0.2;
/** A patch is no smaller than this share of the photo's shorter side: it shows what is around, too. */
const SMALLEST = 0.3;

/**
 * The square of a photo around the area at the map's peak that is above a threshold, within the photo; no longer than the
 * photo's shorter side.
 *
 * @param map with its placement on the photo
 * @param threshold the activation from which on a place belongs to the area
 */
export function patchBox(
  map: HeatMap,
  threshold: number,
  { width, height }: { readonly width: number; readonly height: number },
): Box {
  const peak = peakOf(map);
  const highest = map.data.reduce((a, b) => Math.max(a, b), 0);
  const share = highest > 0 ? Math.min(0.99, Math.max(0, threshold / highest)) : 0;
  const area = boxesOf(map, { threshold: share })
    .map(({ box }) => box)
    .find((box) => pointInBox(peak, box)) ?? { ...peak, width: 0, height: 0 };
  const shorter = Math.min(width, height);
  const wanted = (1 + 2 * MARGIN) * Math.max(area.width, area.height);
  const side = Math.min(shorter, Math.max(SMALLEST * shorter, wanted));
  // An area that is longer than the photo is high is cut around its peak.
  const along = (from: number, length: number, at: number, limit: number) => {
    const middle = length > side ? at : from + length / 2;
    return Math.min(limit - side, Math.max(0, middle - side / 2));
  };
  return {
    x: along(area.x, area.width, peak.x, width),
    y: along(area.y, area.height, peak.y, height),
    width: side,
    height: side,
  };
}
