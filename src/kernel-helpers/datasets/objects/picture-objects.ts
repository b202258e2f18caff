import type { Box } from "../../images/box.js";
import { maskOfPolygons } from "../../images/masks/polygon-mask.js";
import type { RunLengthMask } from "../../images/masks/masks.js";
import type { PictureObject } from "../../images/picture.js";
import { CamlabError } from "../../support/errors.js";

/**
 * Pixels of a picture that belong to an object: its mask, else what its polygons enclose, else its box; clipped to the
 * picture. The pixel (x, y) belongs to a polygon or a box when its centre does.
 *
 * @throws CamlabError when the mask is not of the picture's size
 */
export function maskOfObject(object: PictureObject, width: number, height: number): RunLengthMask {
  const { mask, polygons, box } = object;
  if (mask) return mask;
  if (polygons?.length) return maskOfPolygons(polygons, width, height);
  const [right, bottom] = [box.x + box.width, box.y + box.height];
  return maskOfPolygons([[box.x, box.y, right, box.y, right, bottom, box.x, bottom]], width, height);
}

/**
 * The same object, if any of it can be seen in its picture.
 *
 * @param size of the picture; nothing is checked where it is not known
 * @throws CamlabError when its box lies outside altogether: the annotation is of another picture or another size of it
 */
export function withinPicture<T extends PictureObject>(
  object: T,
  { width, height }: { readonly width?: number; readonly height?: number },
): T {
  const { x, y, width: across, height: down } = object.box;
  if (width === undefined || height === undefined) return object;
  // A flat box at the very edge is still on the picture.
  const touches = (from: number, length: number, side: number) => from < side && (from >= 0 || from + length > 0);
  if (touches(x, across, width) && touches(y, down, height)) return object;
  const corners = [x, y, x + across, y + down].join(",");
  throw new CamlabError(`its box ${corners} lies outside the image of ${width}×${height}`);
}

/**
 * An object of which the outline is known, with the box around it.
 *
 * @param corners at least one, in pixels of the picture
 */
export function outlinedObject(name: string, corners: Corners): PictureObject {
  return { name, box: boxAroundCorners(corners), polygons: [corners.flat()] };
}

/**
 * The box around corners, of which there is at least one.
 *
 * @example
 * boxAroundCorners([[1, 2], [4, 3]]); // { x: 1, y: 2, width: 3, height: 1 }
 */
export function boxAroundCorners(corners: Corners): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y] of corners) {
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}

type Corners = readonly (readonly [x: number, y: number])[];
