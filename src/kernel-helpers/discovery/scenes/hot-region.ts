import { type GridMap, placeOnGrid } from "../../boxes/box-grid.js";
import { rangeOf } from "../../cam/normalise.js";
import type { HeatMap } from "../../cam/heat-map.js";
import type { PictureObject } from "../../images/picture.js";
import { maskOfObject } from "../../datasets/objects/picture-objects.js";
import { checkMask } from "../../images/masks/masks.js";
import { CamlabError } from "../../support/errors.js";

/** The part of a photo where a map is high. */
export interface HotRegion {
  /** Columns and rows of the photo. */
  readonly width: number;
  readonly height: number;
  /** Share of what was seen of the photo that is hot; 0 for a map without a positive value. */
  readonly share: number;
  /** For each column and row of the photo, where it lies on the grid; −1 where the network did not see it. */
  readonly columns: Int32Array;
  readonly rows: Int32Array;
  /** 1 where the grid is hot, row by row. */
  readonly hot: Uint8Array;
  readonly gridWidth: number;
}

/**
 * The hot region: where the map, stretched bilinearly onto the network's input grid, is above a share of its maximum and,
 * where a lead is given, that is above 0. The margin of a contained photo takes no part.
 *
 * @param map with its placement on the photo
 * @param share of the map's maximum, 0 ≤ s < 1
 * @param lead a map of the same size and placement
 * @throws CamlabError for a map without a placement
 */
export function hotRegion(map: HeatMap, share: number, lead?: HeatMap): HotRegion {
  const { placement } = map;
  if (!placement) throw new CamlabError("a hot region needs a map with a placement on its photo");
  const grid = placeOnGrid(map, "input", "bilinear");
  const { max } = rangeOf(grid.data);
  const hot = new Uint8Array(grid.data.length);
  const seen = grid.data.reduce((count, value) => count + (Number.isNaN(value) ? 0 : 1), 0);
  const leads = lead && placeOnGrid(lead, "input", "bilinear").data;
  if (max > 0) {
    for (let p = 0; p < hot.length; p++) hot[p] = grid.data[p] > share * max && (!leads || leads[p] > 0) ? 1 : 0;
  }
  const { scaleX, scaleY, offsetX, offsetY, imageWidth, imageHeight } = placement;
  const first = firstPixelOf(grid);
  return {
    width: imageWidth,
    height: imageHeight,
    share: seen > 0 ? hot.reduce((sum, one) => sum + one, 0) / seen : 0,
    columns: onAxis(imageWidth, scaleX, offsetX - first.x, grid.width),
    rows: onAxis(imageHeight, scaleY, offsetY - first.y, grid.height),
    hot,
    gridWidth: grid.width,
  };
}

/** How much of something the network saw, and how much of that is hot; pixels of the photo. */
export interface Overlap {
  readonly seen: number;
  readonly hot: number;
}

/**
 * How many pixels of an object the network saw, and how many of those lie in the hot region.
 *
 * @throws CamlabError when the object's mask is not of the photo's size
 */
export function overlapOf(object: PictureObject, region: HotRegion): Overlap {
  const { width, height, columns, rows, hot, gridWidth } = region;
  const mask = maskOfObject(object, width, height);
  if (mask.width !== width || mask.height !== height) {
    throw new CamlabError(
      `the mask of ${JSON.stringify(object.name)} is ${mask.width} × ${mask.height}, its photo ${width} × ${height}`,
    );
  }
  checkMask(mask);
  let [seen, covered, position] = [0, 0, 0];
  mask.counts.forEach((count, run) => {
    for (let i = position; run % 2 && i < position + count; i++) {
      const [x, y] = [columns[Math.floor(i / height)], rows[i % height]];
      if (x < 0 || y < 0) continue;
      seen++;
      covered += hot[y * gridWidth + x];
    }
    position += count;
  });
  return { seen, hot: covered };
}

function firstPixelOf(grid: GridMap): { x: number; y: number } {
  return grid.toWholeGrid({ x: 0, y: 0, width: 0, height: 0 });
}

/** The grid pixel that each pixel of the photo has its centre in. */
function onAxis(size: number, scale: number, offset: number, gridSize: number): Int32Array {
  return Int32Array.from({ length: size }, (_, i) => {
    const at = Math.floor((i + 0.5) * scale + offset);
    return at >= 0 && at < gridSize ? at : -1;
  });
}
