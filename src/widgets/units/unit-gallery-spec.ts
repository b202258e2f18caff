import type { Box } from "../../kernel-helpers/images/box.js";
import { drawBox } from "../kit/sheet/box-line.js";
import { placed } from "../kit/sheet/heat-panel.js";
import { lineHeight, Sheet } from "../kit/sheet/sheet.js";
import { fitText, isWhole } from "../kit/text/fit-text.js";
import { scoreText } from "../kit/text/numbers.js";
import { CATEGORY_COLOURS, COLOUR, FONT_SIZE, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";
import type { UnitGalleryData, UnitGalleryRow, UnitGalleryTile } from "./unit-gallery-data.js";

/** Left of the images, where concepts are named, and where no unit has one. */
const TEXT = { concepts: 190, none: 124 } as const;
const GAP = 6;
const ROW_GAP = 16;
const BAR = { width: 130, height: 6 } as const;
/** Between words and images. */
const APART = 12;

/**
 * Units, one a row: its number and weight, the concept that it agrees with best and how well, and the images that excite
 * it most. Pure: same data, same spec.
 *
 * @example
 * unitGallerySpec({ title: "Units of “dog”", caption: "", rows, size: 112, minIou: 0.04 });
 */
export function unitGallerySpec(data: UnitGalleryData): VegaSpec {
  const { title, caption, rows, size, minIou } = data;
  const text = rows.some(({ concept }) => concept) ? TEXT.concepts : TEXT.none;
  const scale = {
    room: text - APART,
    heaviest: Math.max(...rows.map(({ weight = 0 }) => Math.abs(weight)), 1e-9),
    decimals: decimalsOf(rows),
    bestIou: Math.max(0.2, ...rows.map(({ concept }) => concept?.iou ?? 0)),
    minIou,
  };
  const sheet = new Sheet();
  const lengths = rows.map(({ tiles }) => tiles.reduce((sum, tile) => sum + widthOf(tile, size) + GAP, -GAP));
  const width = text + Math.max(...lengths, 360);
  let y = drawHeading(sheet, title, caption, width) + 14;
  for (const row of rows) {
    const end = drawWords(sheet, row, y, scale);
    let x = text;
    for (const tile of row.tiles) {
      const box = { x, y, width: widthOf(tile, size), height: size };
      drawTile(sheet, tile, row.name, box);
      x += box.width + GAP;
    }
    y = Math.max(y + size, end) + ROW_GAP;
  }
  return { ...litePreamble(describe(data)), ...sheet.view(width, y - ROW_GAP) };
}

function widthOf({ aspect }: UnitGalleryTile, size: number): number {
  return Math.round(size * Math.min(1.8, Math.max(0.5, aspect)));
}

function describe({ title, rows }: UnitGalleryData): string {
  const decimals = decimalsOf(rows);
  const each = rows.map(({ name, weight, concept, tiles }) => {
    const weighs = weight === undefined ? "" : `, weight ${weightText(weight, decimals)}`;
    const says = concept ? `, ${concept.name} with IoU ${scoreText(concept.iou)}` : "";
    return `${name}${weighs}${says}: ${tiles.map((tile) => tile.name).join(", ")}`;
  });
  return `${title}. ${each.join(". ")}.`;
}

/** @returns its height */
function drawHeading(sheet: Sheet, title: string, caption: string, width: number): number {
  const style = { size: FONT_SIZE.title, bold: true };
  const titles = fitText(title, { ...style, width, lines: 2 });
  sheet.text(titles, 0, 8, { ...style, ...(!isWhole(title, titles) && { tip: title }) });
  const under = 8 + titles.length * lineHeight(FONT_SIZE.title);
  const lines = fitText(caption, { size: FONT_SIZE.label, width, lines: 3 });
  sheet.text(lines, 0, under, { color: COLOUR.muted });
  return under + lines.length * lineHeight(FONT_SIZE.label) - 6;
}

interface WordsScale {
  /** For words and bars, in pixels. */
  readonly room: number;
  readonly heaviest: number;
  /** Of weights. */
  readonly decimals: number;
  readonly bestIou: number;
  readonly minIou: number;
}

/** @returns where they end */
function drawWords(
  sheet: Sheet,
  { name, remark = "no concept", weight, concept }: UnitGalleryRow,
  top: number,
  { room, heaviest, decimals, bestIou, minIou }: WordsScale,
): number {
  const heading = { size: FONT_SIZE.heading };
  let y = top + 9;
  sheet.text(fitText(name, { ...heading, bold: true, width: room }), 0, y, { ...heading, bold: true });
  if (weight !== undefined) {
    sheet.text([`weight ${weightText(weight, decimals)}`], 0, (y += 19), { color: COLOUR.muted });
    drawBar(sheet, room, (y += 9), Math.abs(weight) / heaviest, weight < 0 ? CATEGORY_COLOURS[5] : COLOUR.accent);
    y += 6;
  }
  if (!concept) {
    if (remark) sheet.text([remark], 0, (y += 20), { color: COLOUR.muted });
    return y + 8;
  }
  const { iou, matched, chance } = concept;
  const named = matched ? concept.name : `(${concept.name})`;
  const lines = fitText(named, { ...heading, width: room, lines: 2 });
  const tip = isWhole(named, lines) ? {} : { tip: named };
  sheet.text(lines, 0, (y += 19), { ...heading, color: matched ? COLOUR.text : COLOUR.muted, ...tip });
  y += (lines.length - 1) * lineHeight(heading.size) + 17;
  const byChance = chance === undefined ? "" : `, by chance ${scoreText(chance)}`;
  sheet.text([`IoU ${scoreText(iou)}${byChance}`], 0, y, { color: COLOUR.muted });
  drawBar(sheet, room, (y += 9), iou / bestIou, matched ? CATEGORY_COLOURS[2] : COLOUR.muted);
  const mark = { x: (BAR.width * minIou) / bestIou - 0.5, y: y - 2, width: 1, height: BAR.height + 4 };
  sheet.rect(mark, { level: "line", fill: COLOUR.text });
  return y + BAR.height + 2;
}

function drawBar(sheet: Sheet, room: number, y: number, share: number, colour: string): void {
  const box = { x: 0, y, width: Math.min(BAR.width, room), height: BAR.height };
  sheet.rect(box, { level: "shade", fill: COLOUR.track, cornerRadius: 2 });
  const filled = { ...box, width: Math.max(1, box.width * Math.min(1, share)) };
  sheet.rect(filled, { level: "heat", fill: colour, cornerRadius: 2 });
}

function drawTile(sheet: Sheet, { name, uri, veilUri, field }: UnitGalleryTile, unit: string, box: Box): void {
  sheet.image({ uri, alt: `image ${name}`, tip: name }, box);
  if (veilUri !== undefined) {
    sheet.image({ uri: veilUri, alt: `what excites ${unit} in ${name}`, level: "veil", tip: name }, box);
  }
  if (!field) return;
  const [x, y, width, height] = field;
  drawBox(sheet, placed({ x, y, width, height }, box), box, { colour: COLOUR.truth, width: 1.2, dash: [4, 3] });
}

/** As many as the heaviest weight's first three digits take, and no more than any needs. */
function decimalsOf(rows: readonly UnitGalleryRow[]): number {
  const weights = rows.flatMap(({ weight }) => (weight === undefined ? [] : [Math.abs(weight)]));
  const most = Math.min(9, Math.max(0, 2 - Math.floor(Math.log10(Math.max(...weights, 1e-9)))));
  return Math.max(0, ...weights.map((weight) => (String(Number(weight.toFixed(most))).split(".")[1] ?? "").length));
}

function weightText(value: number, decimals: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(decimals)}`;
}
