import type { Box } from "../../../kernel-helpers/images/box.js";
import type { PictureWithMap } from "../photo/map-tile.js";
import { fitText, isWhole } from "../text/fit-text.js";
import { COLOUR, FONT_SIZE, litePreamble } from "../theme.js";
import type { VegaSpec } from "../vega-spec.js";
import { drawBox } from "./box-line.js";
import { clipPolygon } from "./clip-polygon.js";
import { drawHeat, type HeatStyle, placed, sharesOf } from "./heat-panel.js";
import { drawLegend, type LegendItem, type Ramp } from "./legend.js";
import { rowHeight } from "./row-height.js";
import { lineHeight, Sheet } from "./sheet.js";
import { verdictOf } from "./verdict.js";

/** Pictures with maps over them, one a tile, as plain data. */
export interface MapTilesData extends HeatStyle {
  /** One sentence on what is to be seen. */
  readonly description: string;
  readonly tiles: readonly MapTile[];
  /** Tiles a row. */
  readonly columns: number;
  /** The side of a square tile in pixels; the pictures of a row are equally high, and together as wide as squares. */
  readonly size: number;
  /** Titles are as large as headings. */
  readonly large?: boolean;
  /** What colours, lines and marks mean. */
  readonly ramp: Ramp;
  readonly legend: readonly LegendItem[];
}

/** One picture; all places are in pixels of its photograph. */
export interface MapTile extends PictureWithMap {
  readonly title: string;
  readonly note: string;
  /** What the picture is called for who cannot see it; the title unless given. */
  readonly name?: string;
  /** Whether it is what it is taken for: a frame in a colour, and a sign before the title. */
  readonly right?: boolean;
  /** No frame tells whether it is right: the sign does. */
  readonly framed?: false;
  /** What stands over the picture. */
  readonly above?: string;
  /** Begins a row that this stands over. */
  readonly row?: string;
  /** A picture that lies over the map on the whole frame, as a data URI: outlines of masks. */
  readonly overlay?: string;
  /** Closed lines: corners x, y, x, y, … */
  readonly outlines?: readonly (readonly number[])[];
  readonly boxes?: readonly Box[];
  /** Of the boxes; a light one unless given. */
  readonly boxColour?: string;
  /** The picture in its own colours, without the map. */
  readonly plain?: boolean;
  /** Not marked unless given. */
  readonly peak?: { readonly x: number; readonly y: number };
  /** Whether the peak is where it should be: a disc if so, a ring unless. */
  readonly hit?: boolean;
}

/** What outlines of the truth are drawn in, over any heat. */
export const OUTLINE_COLOUR = "#56d8ff";

const GAP = { x: 14, y: 14 } as const;
const LINES = 2;
const ABOVE_LINES = 3;

/**
 * Tiles as a Vega-Lite spec: each picture in muted colours under the map, what is outlined, the map's boxes and its peak. Pure:
 * same data, same spec.
 */
export function mapTilesSpec(data: MapTilesData): VegaSpec {
  const { description, tiles, columns, size, ramp, legend, opacity, dimming } = data;
  const sheet = new Sheet();
  let y = 0;
  for (const row of rowsOf(tiles, columns)) {
    if (row[0].row !== undefined) y = drawRowTitle(sheet, row[0].row, y, size * columns);
    const high = rowHeight(row.map(aspectOf), size);
    const widths = row.map((tile) => Math.round(high * aspectOf(tile)));
    y += drawAbove(sheet, row, widths, y);
    let [x, below] = [0, 0];
    for (const [i, tile] of row.entries()) {
      const box = { x, y, width: widths[i], height: high };
      below = Math.max(below, drawTile(sheet, tile, box, data));
      x += box.width + GAP.x;
    }
    y += high + below + GAP.y;
  }
  const width = Math.max(320, Math.min(columns, tiles.length) * (size + GAP.x) - GAP.x);
  const height = y + drawLegend(sheet, { ramp: { ...ramp, opacity, dimming }, items: legend }, 0, y, width);
  return { ...litePreamble(description), ...sheet.view(width, height) };
}

/** So many tiles a row, and a new one wherever a tile begins one. */
function rowsOf(tiles: readonly MapTile[], columns: number): MapTile[][] {
  const rows: MapTile[][] = [];
  for (const tile of tiles) {
    const last = rows.at(-1);
    if (last && last.length < columns && tile.row === undefined) last.push(tile);
    else rows.push([tile]);
  }
  return rows;
}

function aspectOf({ frame }: MapTile): number {
  return frame.width / frame.height;
}

/** @returns where the row's tiles begin */
function drawRowTitle(sheet: Sheet, title: string, y: number, width: number): number {
  const style = { size: FONT_SIZE.heading, bold: true };
  const lines = fitText(title, { ...style, width, lines: 2 });
  sheet.text(lines, 0, y + 8, { ...style, ...(!isWhole(title, lines) && { tip: title }) });
  return y + 6 + lines.length * lineHeight(FONT_SIZE.heading);
}

/** What stands over the pictures of a row, right above them. @returns its height */
function drawAbove(sheet: Sheet, row: readonly MapTile[], widths: readonly number[], y: number): number {
  const style = { size: FONT_SIZE.heading, bold: true };
  const texts = row.map(({ above = "" }, i) =>
    above === "" ? [] : fitText(above, { ...style, width: widths[i], lines: ABOVE_LINES }),
  );
  const line = lineHeight(FONT_SIZE.heading);
  const most = Math.max(...texts.map((lines) => lines.length));
  let x = 0;
  texts.forEach((lines, i) => {
    const { above = "" } = row[i];
    const top = y + (most - lines.length + 0.5) * line;
    sheet.text(lines, x, top, { ...style, ...(!isWhole(above, lines) && { tip: above }) });
    x += widths[i] + GAP.x;
  });
  return most === 0 ? 0 : most * line + 5;
}

/** @returns the height of what stands below the picture */
function drawTile(sheet: Sheet, tile: MapTile, box: Box, { opacity, dimming, large }: MapTilesData): number {
  const { frame, uri, mutedUri, heatUri, unseen, title, name = title, peak } = tile;
  const onSheet = (inPhoto: Box) => placed(sharesOf(inPhoto, frame), box);
  if (tile.plain) sheet.image({ uri, alt: `photo ${name}` }, box);
  else drawHeat(sheet, { name, mutedUri, heatUri, of: name, unseen }, box, { opacity, dimming });
  if (tile.overlay !== undefined) sheet.image({ uri: tile.overlay, alt: `outlines in ${name}`, level: "veil" }, box);
  for (const corners of tile.outlines ?? []) {
    const points = Array.from({ length: corners.length / 2 }, (_, i) => {
      return onSheet({ x: corners[2 * i], y: corners[2 * i + 1], width: 0, height: 0 });
    });
    const within = clipPolygon(points, box);
    if (within.length > 2) sheet.outline(within, OUTLINE_COLOUR, 1.6);
  }
  for (const each of tile.boxes ?? [])
    drawBox(sheet, onSheet(each), box, { colour: tile.boxColour ?? COLOUR.box, width: 1.8 });
  if (peak) drawPeak(sheet, onSheet({ ...peak, width: 0, height: 0 }), tile.hit);
  if (tile.right !== undefined && tile.framed !== false)
    drawBox(sheet, box, box, { colour: verdictOf(tile.right).frame, width: 2 });
  return drawWords(sheet, tile, box.x, box.y + box.height, box.width, large ? FONT_SIZE.heading : FONT_SIZE.label);
}

/** A disc where the peak is where it should be, a ring where it is not, on a dark edge. */
function drawPeak(sheet: Sheet, { x, y }: Box, hit: boolean | undefined): void {
  sheet.point(x, y, { size: 10, stroke: COLOUR.boxHalo, strokeWidth: 4 });
  sheet.point(x, y, { size: 10, stroke: COLOUR.box, strokeWidth: 2, ...(hit === true && { fill: COLOUR.box }) });
}

/** @returns their height */
function drawWords(
  sheet: Sheet,
  { title, note, right }: MapTile,
  x: number,
  y: number,
  width: number,
  size: number,
): number {
  const style = { size, bold: true };
  const verdict = right === undefined ? undefined : verdictOf(right);
  const said = [verdict?.sign, title].filter(Boolean).join(" ");
  if (said === "" && note === "") return 0;
  const titles = fitText(said, { ...style, width, lines: LINES });
  const notes = note === "" ? [] : fitText(note, { size: FONT_SIZE.label, width, lines: LINES });
  const [line, quiet] = [lineHeight(size), lineHeight(FONT_SIZE.label)];
  sheet.text(titles, x, y + size, {
    ...{ ...style, ...(verdict && { color: verdict.ink }) },
    ...(!isWhole(said, titles) && { tip: said }),
  });
  if (notes.length > 0) {
    sheet.text(notes, x, y + size + 1 + titles.length * line, {
      color: COLOUR.muted,
      ...(!isWhole(note, notes) && { tip: note }),
    });
  }
  return size - 3 + titles.length * line + notes.length * quiet;
}
