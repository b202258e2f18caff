import { type MapTilesData, mapTilesSpec, OUTLINE_COLOUR } from "../kit/sheet/map-tiles-spec.js";
import { COLOUR } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";

/** Pictures with the maps of a text detector, as plain data. */
export type TextDetectorGridData = Omit<MapTilesData, "description" | "legend">;

/**
 * The grid as a Vega-Lite spec: each picture in muted colours under the map, the words outlined, boxes of the map and its peak.
 * Pure: same data, same spec.
 */
export function textDetectorGridSpec(data: TextDetectorGridData): VegaSpec {
  const { tiles } = data;
  if (tiles.some(({ plain }) => plain)) {
    return mapTilesSpec({
      ...data,
      description: `Maps of a text detector over ${tiles.length / 2} pictures, and beside each its boxes.`,
      legend: [{ label: "areas above the threshold", sign: "frame", colour: COLOUR.found }],
    });
  }
  const hits = tiles.filter(({ hit }) => hit).length;
  const judged = tiles.filter(({ hit }) => hit !== undefined).length;
  return mapTilesSpec({
    ...data,
    description: `Maps of a text detector over ${tiles.length} pictures; the peak is at a word in ${hits} of ${judged}.`,
    legend: [
      { label: "words (truth)", sign: "frame", colour: OUTLINE_COLOUR },
      { label: "areas above the threshold", sign: "frame", colour: COLOUR.box },
      { label: "the map's peak, at a word", sign: "disc", colour: COLOUR.box },
      { label: "the peak elsewhere", sign: "ring", colour: COLOUR.box },
    ],
  });
}
