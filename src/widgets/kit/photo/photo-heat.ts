import type { HeatMap } from "../../../kernel-helpers/cam/heat-map.js";
import { resample, type Upsampling } from "../../../kernel-helpers/cam/resample.js";
import type { Box } from "../../../kernel-helpers/images/box.js";
import { toImage } from "../../../kernel-helpers/images/input/placement.js";
import type { Placement } from "../../../kernel-helpers/images/input/preprocessing.js";
import { CamlabError } from "../../../kernel-helpers/support/errors.js";

/** On which pixels a map is laid. */
export interface PhotoGrid {
  /** Columns and rows of the result. */
  readonly width: number;
  readonly height: number;
  /** The part of the photo that they show, in its pixels; all of it unless given. */
  readonly frame?: Box;
  /** `bilinear` unless given. */
  readonly upsampling?: Upsampling;
}

/**
 * A map on the pixels of a small copy of its photo: what lies under each pixel of the copy, and NaN where the network
 * saw nothing of the photo. This is how every widget lays a map over a photo, whatever part of it the network saw and
 * whether it saw it mirrored.
 *
 * @throws CamlabError for a map without a placement on a photo
 */
export function photoHeat(map: HeatMap, { width, height, frame, upsampling = "bilinear" }: PhotoGrid): HeatMap {
  const { placement } = map;
  if (!placement) throw new CamlabError("the map has no placement on a photo, so it cannot be laid over one");
  const { scaleX, scaleY, offsetX, offsetY, imageWidth, imageHeight, inputWidth, inputHeight, region } = placement;
  const { x, y, width: across, height: down } = frame ?? { x: 0, y: 0, width: imageWidth, height: imageHeight };
  const columns = axis(width, x, across, scaleX, offsetX, map.width / inputWidth);
  const rows = axis(height, y, down, scaleY, offsetY, map.height / inputHeight);
  const data = resample(map.data, map.width, map.height, columns, rows, upsampling);
  const limit = region ?? { x: 0, y: 0, width: imageWidth, height: imageHeight };
  const seenColumns = seenOf(columns, map.width, x, across / width, limit.x, limit.width);
  const seenRows = seenOf(rows, map.height, y, down / height, limit.y, limit.height);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      if (!seenColumns[column] || !seenRows[row]) data[row * width + column] = NaN;
    }
  }
  return { ...map, width, height, data };
}

interface Axis {
  readonly size: number;
  readonly step: number;
  readonly start: number;
}

/** Pixel i of the copy shows the photo at from + (i + 0.5) · length / size, which the placement puts on the grid. */
function axis(size: number, from: number, length: number, scale: number, offset: number, shrink: number): Axis {
  return { size, step: (length / size) * scale * shrink, start: (from * scale + offset) * shrink };
}

/** Which pixels of an axis show a part of the photo that lies on the map and within the region that was looked at. */
function seenOf(
  { size, step, start }: Axis,
  mapSize: number,
  from: number,
  pixel: number,
  limit: number,
  length: number,
): boolean[] {
  return Array.from({ length: size }, (_, i) => {
    const [onMap, onPhoto] = [(i + 0.5) * step + start, from + (i + 0.5) * pixel];
    return onMap >= 0 && onMap <= mapSize && onPhoto >= limit && onPhoto <= limit + length;
  });
}

/** A map has few places: more pixels than this show no more of it. */
const HEAT_SIDE = 40;
const LONGEST_SIDE = 256;

/**
 * The pixels on which a map is well shown: few for a small one, which is smooth, more for one that has more places.
 *
 * @param frame columns and rows of what is shown, for its proportions
 */
export function heatGrid(
  frame: { readonly width: number; readonly height: number },
  map: { readonly width: number; readonly height: number },
): { readonly width: number; readonly height: number } {
  const side = Math.min(LONGEST_SIDE, Math.max(HEAT_SIDE, 2 * map.width, 2 * map.height));
  const shrink = side / Math.max(frame.width, frame.height);
  return {
    width: Math.max(1, Math.round(frame.width * shrink)),
    height: Math.max(1, Math.round(frame.height * shrink)),
  };
}

/** The part of the photo that the network saw, in its pixels. */
export function seenArea(placement: Placement): Box {
  const { inputWidth: width, inputHeight: height } = placement;
  return toImage(placement, { x: 0, y: 0, width, height }, { clamp: true });
}

/** The margins of a frame that the network did not see; none when it saw nearly all of it. */
export function unseenParts(frame: Box, seen: Box): Box[] {
  const [right, bottom] = [frame.x + frame.width, frame.y + frame.height];
  const left = Math.max(frame.x, seen.x);
  const top = Math.max(frame.y, seen.y);
  const endX = Math.max(left, Math.min(right, seen.x + seen.width));
  const endY = Math.max(top, Math.min(bottom, seen.y + seen.height));
  return [
    { x: frame.x, y: frame.y, width: left - frame.x, height: frame.height },
    { x: endX, y: frame.y, width: right - endX, height: frame.height },
    { x: left, y: frame.y, width: endX - left, height: top - frame.y },
    { x: left, y: endY, width: endX - left, height: bottom - endY },
  ].filter(({ width, height }) => width > 0.5 && height > 0.5);
}
