import type { TextDiscovery } from "../../kernel-helpers/discovery/text/discover-text.js";
import type { TextView } from "../../kernel-helpers/discovery/text/text-view.js";
import type { Box } from "../../kernel-helpers/images/box.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import { CamlabError, invalid } from "../../kernel-helpers/support/errors.js";
import { colourMap, type ColourMap } from "../kit/colour-map.js";
import { mapTile } from "../kit/map-tile.js";
import { textDetectorGridSpec, type TextDetectorTile } from "./text-detector-grid-spec.js";
import { Widget } from "../kit/widget.js";

/** Which pictures are shown, and how. */
export interface TextDetectorGridOptions {
  /** `text`: those with text; `no text`: those without; both unless given. */
  readonly label?: "text" | "no text";
  /** The order before the first ones are taken: `given`, or by the detector's score, the highest first (the default). */
  readonly order?: "score" | "given";
  /** How many; 8 unless given. */
  readonly count?: number;
  /** Tiles a row; 4 unless given. */
  readonly columns?: number;
  /** The longer side of a tile, in pixels; 190 unless given. */
  readonly size?: number;
  /** How strongly the maps are laid over the pictures, 0–1; 0.55 unless given. */
  readonly opacity?: number;
}

/**
 * Pictures as a text detector sees them: its map over the picture in grey, the words outlined, the map's box, and its
 * peak, as a disc where it is at a word and as a ring where it is not.
 *
 * @param found what `discoverText` or `judgeText` gave
 * @throws CamlabError when there is no such picture, or for an option outside its range
 * @example
 * textDetectorGrid(report, { label: "text", count: 8 });
 */
export function textDetectorGrid(
  { findings }: Pick<TextDiscovery, "findings">,
  options: TextDetectorGridOptions = {},
): Widget {
  const { label, order = "score", count = 8, columns = 4, size = 190, opacity = 0.55 } = options;
  for (const [name, value] of Object.entries({ count, columns })) {
    if (!(Number.isInteger(value) && value >= 1)) throw invalid(name, value, "a whole number from 1");
  }
  if (!(size >= 60 && size <= 600)) throw invalid("size", size, "60 ≤ size ≤ 600");
  if (!(opacity >= 0 && opacity <= 1)) throw invalid("opacity", opacity, "0 ≤ opacity ≤ 1");
  const kind = findings.views.filter((view) => label === undefined || view.label === label);
  if (kind.length === 0)
    throw new CamlabError(`there are no pictures with the label ${JSON.stringify(label ?? "any")}`);
  const shown = (order === "score" ? [...kind].sort((a, b) => b.score - a.score) : kind).slice(0, count);
  return new Widget(async () => {
    const colours = await colourMap("inferno");
    const tiles: TextDetectorTile[] = [];
    for (const view of shown) tiles.push(await tileOf(view, size, colours));
    return textDetectorGridSpec({ tiles, columns, size, opacity });
  });
}

async function tileOf(view: TextView, size: number, colours: ColourMap): Promise<TextDetectorTile> {
  const { file, id, map, label, score, words, box, peak, agreement } = view;
  const picture = await mapTile(file, map, size, colours);
  return {
    ...picture,
    title: `${score >= 0 ? "+" : "−"}${Math.abs(score).toFixed(2)}  ${ending(readableName(id))}`,
    note: agreement
      ? `pixel AP ${agreement.pixelPrecision.toFixed(2)}, text ${(100 * agreement.textShare).toFixed(1)} %`
      : label === "text"
        ? "no word was seen"
        : "no text",
    words: words.filter((word) => touches(word.polygon, picture.frame)).map(({ polygon }) => polygon),
    ...(box && { box }),
    peak,
    ...(agreement && { hit: agreement.hit }),
  };
}

/** Names of one data set differ at their ends. */
function ending(name: string): string {
  return name.length > 16 ? `…${name.slice(-15)}` : name;
}

function touches(polygon: readonly number[], { x, y, width, height }: Box): boolean {
  const [xs, ys] = [0, 1].map((axis) => polygon.filter((_, i) => i % 2 === axis));
  return Math.max(...xs) > x && Math.min(...xs) < x + width && Math.max(...ys) > y && Math.min(...ys) < y + height;
}
