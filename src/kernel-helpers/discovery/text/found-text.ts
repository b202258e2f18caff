import { boxArea } from "../../boxes/box-geometry.js";
import { boxesOf, type FoundBox } from "../../boxes/box-of.js";
import { type GridMap, placeOnGrid } from "../../boxes/box-grid.js";
import { squaredDistances } from "../../boxes/distance-transform.js";
import type { HeatMap } from "../../cam/heat-map.js";
import { rangeOf } from "../../cam/normalise.js";
import type { PictureWord } from "../../images/picture.js";
import { decodeMask } from "../../images/masks/masks.js";
import { maskOfPolygons } from "../../images/masks/polygon-mask.js";
import type { Box } from "../../images/box.js";
import { CamlabError } from "../../support/errors.js";
import { pixelAveragePrecision } from "./pixel-average-precision.js";

/** How a map is held against words. */
export interface TextMeasure {
  /** The box rule's share of the map's maximum. */
  readonly threshold: number;
  /** How near, in pixels of the network's input, a peak counts as at a word. */
  readonly radius: number;
}

/** Where a map says that text is. */
export interface TextRegion {
  /** The map's highest place, in pixels of the photograph. */
  readonly peak: { readonly x: number; readonly y: number };
  /** The largest of `boxes`; absent when the map has no positive place. */
  readonly box?: Box;
  /** Of each component above the threshold, the largest first, in pixels of the photograph. */
  readonly boxes: readonly Box[];
}

/** How a map agrees with the words in a picture; all shares are of what the network saw of it. */
export interface TextAgreement {
  /** Share of text pixels: the pixel average precision of a map that knows nothing. */
  readonly textShare: number;
  /** Share of pixels in a word or near one: how often a random point hits. */
  readonly nearShare: number;
  /** Share that the box covers: how much of the words a box of its size covers by chance. */
  readonly boxShare: number;
  /** Share that all boxes cover together. */
  readonly boxesShare: number;
  /** Whether the peak lies in a word or near one. */
  readonly hit: boolean;
  readonly pixelPrecision: number;
  /** Share of the words' area that lies under the box. */
  readonly wordsUnderBox: number;
  /** Share of the words' area that lies under any of the boxes. */
  readonly wordsUnderBoxes: number;
  /** Share of the words that were seen of which at least half lies under the boxes. */
  readonly wordsFound: number;
}

/**
 * Where a map says that text is, and how that agrees with the words. Measured on the network's input grid, the map
 * stretched bilinearly; the margin of a contained photograph takes no part.
 *
 * @param words in pixels of the photograph; parts that the network did not see are left out
 * @returns `agreement` is absent when the network saw no pixel of a word
 * @throws CamlabError for a map without a placement, or one that holds NaN
 */
export function findText(
  map: HeatMap,
  words: readonly PictureWord[],
  { threshold, radius }: TextMeasure,
): TextRegion & { agreement?: TextAgreement } {
  if (!map.placement)
    throw new CamlabError("the map has no placement on a photograph, so words cannot be found under it");
  const grid = placeOnGrid(map, "input", "bilinear");
  const found = boxesOf(map, { threshold });
  const [box] = found;
  const top = highest(map, grid);
  const pixel = grid.toOriginal({ x: top % grid.width, y: Math.floor(top / grid.width), width: 1, height: 1 });
  const region = {
    peak: { x: pixel.x + pixel.width / 2, y: pixel.y + pixel.height / 2 },
    ...(box && { box: box.box }),
    boxes: found.map((each) => each.box),
  };
  const wordMasks = words.map((word) => wordMask(map, grid, word));
  const mask = union(wordMasks, grid);
  const text = count(mask);
  if (text === 0) return region;
  const near = nearMask(mask, grid, radius);
  const pixels = mask.length;
  const under = boxMask(found, grid);
  return {
    ...region,
    agreement: {
      textShare: text / pixels,
      nearShare: count(near) / pixels,
      boxShare: box ? boxArea(box.onGrid) / pixels : 0,
      boxesShare: count(under) / pixels,
      hit: near[top] === 1,
      pixelPrecision: pixelAveragePrecision(grid.data, mask),
      wordsUnderBox: sharedBy(mask, boxMask(found.slice(0, 1), grid)) / text,
      wordsUnderBoxes: sharedBy(mask, under) / text,
      wordsFound: shareFound(wordMasks, under),
    },
  };
}

/** 1 where a pixel of the grid's cut lies in a word. */
function wordMask({ placement }: HeatMap, grid: GridMap, { polygon }: PictureWord): Uint8Array {
  const { scaleX, scaleY, offsetX, offsetY } = placement!;
  const first = grid.toWholeGrid({ x: 0, y: 0, width: 0, height: 0 });
  const onGrid = polygon.map((value, i) =>
    i % 2 === 0 ? value * scaleX + offsetX - first.x : value * scaleY + offsetY - first.y,
  );
  return decodeMask(maskOfPolygons([onGrid], grid.width, grid.height));
}

/** 1 where a pixel lies in one of the masks. */
function union(masks: readonly Uint8Array[], { width, height }: GridMap): Uint8Array {
  const all = new Uint8Array(width * height);
  for (const mask of masks) for (let p = 0; p < all.length; p++) all[p] |= mask[p];
  return all;
}

/** 1 where a pixel is text or not farther from it than the radius. */
function nearMask(mask: Uint8Array, { width, height }: GridMap, radius: number): Uint8Array {
  const around = mask.map((text) => (text === 0 ? 1 : 0));
  const distances = squaredDistances(around, width, height);
  return mask.map((_, p) => (distances[p] <= radius * radius ? 1 : 0));
}

/** 1 where a pixel lies in one of the boxes. */
function boxMask(boxes: readonly FoundBox[], grid: GridMap): Uint8Array {
  const first = grid.toWholeGrid({ x: 0, y: 0, width: 0, height: 0 });
  const mask = new Uint8Array(grid.width * grid.height);
  for (const { onGrid } of boxes) {
    const [left, top] = [onGrid.x - first.x, onGrid.y - first.y];
    for (let y = top; y < top + onGrid.height; y++) {
      mask.fill(1, y * grid.width + left, y * grid.width + left + onGrid.width);
    }
  }
  return mask;
}

/** Pixels that two masks share. */
function sharedBy(one: Uint8Array, other: Uint8Array): number {
  let sum = 0;
  for (let p = 0; p < one.length; p++) sum += one[p] & other[p];
  return sum;
}

function shareFound(words: readonly Uint8Array[], under: Uint8Array): number {
  const areas = words.map(count);
  const found = words.filter((word, i) => areas[i] > 0 && 2 * sharedBy(word, under) >= areas[i]);
  return found.length / areas.filter((area) => area > 0).length;
}

/**
 * The pixel at the centre of the map's highest place; of equal places the first. Between places the stretched map is
 * never higher. Where no place has its centre in the photograph, the highest pixel.
 */
function highest({ width, height, data, placement }: HeatMap, grid: GridMap): number {
  const first = grid.toWholeGrid({ x: 0, y: 0, width: 0, height: 0 });
  let [best, at] = [-Infinity, -1];
  for (let place = 0; place < data.length; place++) {
    const x = Math.floor((((place % width) + 0.5) * placement!.inputWidth) / width) - first.x;
    const y = Math.floor(((Math.floor(place / width) + 0.5) * placement!.inputHeight) / height) - first.y;
    if (x < 0 || y < 0 || x >= grid.width || y >= grid.height || !(data[place] > best)) continue;
    [best, at] = [data[place], y * grid.width + x];
  }
  return at >= 0 ? at : grid.data.indexOf(rangeOf(grid.data).max);
}

function count(mask: Uint8Array): number {
  let sum = 0;
  for (const one of mask) sum += one;
  return sum;
}
