import type { TextDiscovery } from "../../kernel-helpers/discovery/text/discover-text.js";
import type { TextView } from "../../kernel-helpers/discovery/text/text-view.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import { check } from "../../kernel-helpers/support/check.js";
import { CamlabError } from "../../kernel-helpers/support/errors.js";
import { colourMap, type ColourMap } from "../kit/photo/colour-map.js";
import { heatRamp } from "../kit/photo/heat-image.js";
import { HEAT_OPTIONS, heatOptions, type HeatOptions } from "../kit/photo/heat-options.js";
import { pictureWithMap } from "../kit/photo/map-tile.js";
import type { MapTile } from "../kit/sheet/map-tiles-spec.js";
import { percentText, scoreText, signedText } from "../kit/text/numbers.js";
import { COLOUR } from "../kit/theme.js";
import { SHOW_OPTIONS, type ShowOptions, type TileOptions } from "../kit/show-options.js";
import { Widget } from "../kit/widget.js";
import { textDetectorGridSpec } from "./text-detector-grid-spec.js";

/** Which pictures are shown, and how. */
export interface TextDetectorGridOptions extends HeatOptions, ShowOptions, TileOptions {
  /** `text`: those with text; `no text`: those without; both unless given. */
  readonly label?: "text" | "no text";
  /** The order before the first ones are taken: `given`, or by the detector's score, the highest first (the default). */
  readonly order?: "score" | "given";
  /** How many; 8 unless given. */
  readonly count?: number;
  /**
   * `marked` (the default): words, boxes and peak over the map. `paper`: the map over the picture, and beside it the picture in
   * its colours with the boxes, so that what was found can be read; two tiles a row unless `columns` says otherwise.
   */
  readonly style?: "marked" | "paper";
}

/**
 * Pictures as a text detector sees them: its map over the picture in muted colours, the words outlined, a box around each area above
 * the threshold, and the map's peak, as a disc where it is at a word and as a ring where it is not.
 *
 * @param found what `discoverText` or `judgeText` gave
 * @throws CamlabError when there is no such picture, or for an option outside its range
 * @example
 * widgets.textDetectorGrid(text, { label: "text", count: 8 });
 */
export function textDetectorGrid(
  { findings }: Pick<TextDiscovery, "findings">,
  options: TextDetectorGridOptions = {},
): Widget {
  check.known(
    options,
    ["label", "order", "count", "style", "columns", "size", ...HEAT_OPTIONS, ...SHOW_OPTIONS],
    "textDetectorGrid",
  );
  const { label, order = "score", count = 8, style = "marked" } = options;
  const { columns = style === "paper" ? 2 : 4, size = style === "paper" ? 453 : 220 } = options;
  const { colourMap: name, ...heat } = heatOptions(options);
  check.counts({ count, columns });
  check.oneOf("order", order, ["score", "given"]);
  check.oneOf("style", style, ["marked", "paper"]);
  check.number("size", size, { from: 60, to: 600 });
  const kind = findings.views.filter((view) => label === undefined || view.label === label);
  if (kind.length === 0)
    throw new CamlabError(`there are no pictures with the label ${JSON.stringify(label ?? "any")}`);
  const shown = (order === "score" ? [...kind].sort((a, b) => b.score - a.score) : kind).slice(0, count);
  return new Widget(async () => {
    const colours = await colourMap(name);
    const tiles: MapTile[] = [];
    for (const view of shown) {
      const tile = await tileOf(view, size, colours);
      tiles.push(...(style === "paper" ? besideBoxes(tile) : [tile]));
    }
    return textDetectorGridSpec({ tiles, columns, size, ...heat, ramp: heatRamp(colours) });
  }, options);
}

/** The map alone, and the picture with the boxes alone. */
function besideBoxes({ title, boxes, ...tile }: MapTile): MapTile[] {
  const bare = { ...tile, name: title, title: "", note: "", outlines: [], peak: undefined };
  return [bare, { ...bare, plain: true, boxes: boxes ?? [], boxColour: COLOUR.found }];
}

async function tileOf(view: TextView, size: number, colours: ColourMap): Promise<MapTile> {
  const { file, id, map, label, score, words, boxes, peak, agreement } = view;
  return {
    ...(await pictureWithMap(file, map, size, colours)),
    title: `${signedText(score, 2)}  ${readableName(id)}`,
    note: agreement
      ? `pixel AP ${scoreText(agreement.pixelPrecision)}, text ${percentText(agreement.textShare, 1)}`
      : label === "text"
        ? "no word was seen"
        : "no text",
    outlines: words.map(({ polygon }) => polygon),
    boxes,
    peak,
    ...(agreement && { hit: agreement.hit }),
  };
}
