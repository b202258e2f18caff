import { maskOfPolygons } from "../../images/masks/polygon-mask.js";
import type { RunLengthMask } from "../../images/masks/masks.js";
import type { PictureObject } from "../../images/picture.js";

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
 * An object of which the outline is known, with the box around it.
 *
 * @param corners at least one, in pixels of the picture
 */
export function outlinedObject(name: string, corners: readonly (readonly [x: number, y: number])[]): PictureObject {
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  const box = { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
  return { name, box, polygons: [corners.flat()] };
}
