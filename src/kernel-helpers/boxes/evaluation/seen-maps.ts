import type { HeatMap } from "../../cam/heat-map.js";
import type { Picture } from "../../images/picture.js";
import { mirroredPlacement, placementOf } from "../../images/input/placement.js";
import type { Placement, Preprocessing } from "../../images/input/preprocessing.js";
import { CamlabError } from "../../support/errors.js";

/** What is kept of a picture for judging where a network looked: small enough to be cached. */
export interface SeenMaps {
  /** Pixels of the original photo. */
  readonly imageWidth: number;
  readonly imageHeight: number;
  /** The most probable classes, best first. */
  readonly top: readonly { readonly index: number; readonly probability: number }[];
  /** The true class's map. */
  readonly trueMap: HeatMap;
  /** The maps of `top`; none where only the true class is judged. */
  readonly maps: readonly HeatMap[];
}

/** Width and height of the photo and of the maps. */
const SIZES = 4;

/** One row of numbers: sizes, the top classes and their probabilities, the true class's map, the others. */
export function seenToRow({ imageWidth, imageHeight, top, trueMap, maps }: SeenMaps): Float32Array {
  const area = trueMap.width * trueMap.height;
  const row = new Float32Array(SIZES + 2 * top.length + (1 + maps.length) * area);
  row.set([imageWidth, imageHeight, trueMap.width, trueMap.height]);
  row.set(
    top.map(({ index }) => index),
    SIZES,
  );
  row.set(
    top.map(({ probability }) => probability),
    SIZES + top.length,
  );
  [trueMap, ...maps].forEach(({ width, height, data }, i) => {
    if (width !== trueMap.width || height !== trueMap.height) {
      throw new CamlabError("maps of one picture must be of one size");
    }
    row.set(data, SIZES + 2 * top.length + i * area);
  });
  return row;
}

/**
 * What a row holds; where the photo lies on the input follows from its size.
 *
 * @param guesses how many top classes it holds, and how many of their maps
 * @returns undefined for a row of another length than its sizes say
 */
export function seenFromRow(
  row: Float32Array,
  guesses: { readonly classes: number; readonly maps: number },
  { region, flip }: Picture,
  preprocessing: Preprocessing,
): SeenMaps | undefined {
  const [imageWidth, imageHeight, width, height] = row;
  const area = width * height;
  const { classes } = guesses;
  const start = SIZES + 2 * classes;
  if (row.length !== start + (1 + guesses.maps) * area) return undefined;
  const upright = placementOf(preprocessing, imageWidth, imageHeight, region);
  const placement = flip ? mirroredPlacement(upright) : upright;
  const mapAt = (i: number) => mapOf(row.slice(start + i * area, start + (i + 1) * area), width, height, placement);
  const top = Array.from({ length: classes }, (_, i) => ({
    index: row[SIZES + i],
    probability: row[SIZES + classes + i],
  }));
  return {
    imageWidth,
    imageHeight,
    top,
    trueMap: mapAt(0),
    maps: Array.from({ length: guesses.maps }, (_, i) => mapAt(1 + i)),
  };
}

function mapOf(data: Float32Array, width: number, height: number, placement: Placement): HeatMap {
  return { width, height, data, placement };
}
