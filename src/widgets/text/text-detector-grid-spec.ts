import { type MapTile, mapTilesSpec } from "../kit/map-tiles-spec.js";
import type { VegaSpec } from "../kit/vega-spec.js";

/** Pictures with the maps of a text detector, as plain data. */
export interface TextDetectorGridData {
  readonly tiles: readonly TextDetectorTile[];
  /** Tiles a row. */
  readonly columns: number;
  /** The longer side of a tile in pixels. */
  readonly size: number;
  /** How strongly the maps are laid over the pictures, 0–1. */
  readonly opacity: number;
}

/** One picture; all places are in pixels of its photograph. */
export interface TextDetectorTile extends Omit<MapTile, "outlines" | "overlay"> {
  /** Corners x, y, x, y, … of each word. */
  readonly words: readonly (readonly number[])[];
}

const LEGEND =
  "blue outline: words (truth) · white box: largest area above the threshold · disc: the peak at a word · ring: elsewhere";

/**
 * The grid as a Vega-Lite spec: each picture in grey under the map, the words outlined, the map's box and its peak.
 * Pure: same data, same spec.
 */
export function textDetectorGridSpec({ tiles, ...layout }: TextDetectorGridData): VegaSpec {
  const hits = tiles.filter(({ hit }) => hit).length;
  const judged = tiles.filter(({ hit }) => hit !== undefined).length;
  return mapTilesSpec({
    ...layout,
    description: `Maps of a text detector over ${tiles.length} pictures; the peak is at a word in ${hits} of ${judged}.`,
    tiles: tiles.map(({ words, ...tile }) => ({ ...tile, outlines: words })),
    legend: LEGEND,
  });
}
