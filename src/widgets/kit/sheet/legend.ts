import { COLOUR, FONT_SIZE } from "../theme.js";
import { textWidth } from "../text/text-width.js";
import { wrapText } from "../text/fit-text.js";
import { lineHeight, type NumberOrExpression, type Sheet } from "./sheet.js";

/** What the colours of maps mean. */
export interface Ramp {
  /** Evenly from the first to the last: `#…`, or `rgba(…)` as they lie over a photo. */
  readonly colours: readonly string[];
  /** At the start, at the end, and where there are three between them. */
  readonly labels: readonly string[];
  /** As the maps have it. */
  readonly opacity?: NumberOrExpression;
  readonly dimming?: NumberOrExpression;
}

/** A sign of a legend and what it means. */
export interface LegendItem {
  readonly label: string;
  /** The label as a Vega expression, where it follows a parameter; about as long. */
  readonly spoken?: string;
  /** A filled square, a frame, a disc, a ring; none for a plain note. */
  readonly sign?: "square" | "frame" | "disc" | "ring";
  readonly colour?: string;
}

/** What stands in a legend. */
export interface Legend {
  readonly ramp?: Ramp;
  readonly items?: readonly LegendItem[];
}

const RAMP_WIDTH = 220;
const LINE = 18;
const GAP = 22;

/**
 * A legend at a place of a sheet: the colours of maps, then signs with what they mean, in as many lines as the width
 * asks for.
 *
 * @returns its height in pixels
 */
export function drawLegend(sheet: Sheet, { ramp, items = [] }: Legend, x: number, y: number, width: number): number {
  let right = x;
  let height = 0;
  if (ramp) {
    right += drawRamp(sheet, ramp, x, y) + GAP;
    height = 30;
    const longest = Math.max(0, ...items.map(({ label }) => 18 + textWidth(label, { size: FONT_SIZE.label })));
    if (width - (right - x) < Math.min(longest, width)) [right, y] = [x, y + 34];
  }
  return Math.max(height, drawItems(sheet, items, right, y, x + width - right)) + (right === x && ramp ? 34 : 0);
}

/** @returns its width */
function drawRamp(sheet: Sheet, { colours, labels, opacity = 1, dimming = 0 }: Ramp, x: number, y: number): number {
  const room = labels.reduce((sum, label) => sum + textWidth(label, { size: FONT_SIZE.label }) + 14, 0);
  const width = Math.max(RAMP_WIDTH, Math.ceil(room));
  const stops = colours.map((color, i) => ({ offset: i / (colours.length - 1), color }));
  const box = { x, y, width, height: 10 };
  sheet.rect(box, { level: "photo", fill: COLOUR.photo, cornerRadius: 2 });
  sheet.rect(box, { level: "shade", fill: COLOUR.shade, opacity: dimming, cornerRadius: 2 });
  sheet.rect(box, {
    ...{ level: "heat", opacity, cornerRadius: 2 },
    fill: { x1: 0, y1: 0, x2: 1, y2: 0, gradient: "linear", stops },
  });
  labels.forEach((label, i) => {
    const share = labels.length > 1 ? i / (labels.length - 1) : 0;
    const align = share === 0 ? "left" : share === 1 ? "right" : "center";
    sheet.text([label], x + width * share, y + 21, { align, color: COLOUR.muted });
  });
  return width;
}

/** @returns their height */
function drawItems(sheet: Sheet, items: readonly LegendItem[], x: number, y: number, width: number): number {
  let [left, top] = [0, 0];
  for (const { label, spoken, sign, colour = COLOUR.muted } of items) {
    const indent = sign ? 18 : 0;
    const lines = wrapText(label, { width: Math.max(60, width - indent), size: FONT_SIZE.label });
    const long = indent + Math.max(...lines.map((line) => textWidth(line, { size: FONT_SIZE.label })));
    if (left > 0 && left + long > width) [left, top] = [0, top + LINE];
    if (sign) drawSign(sheet, sign, colour, x + left, y + top);
    if (spoken !== undefined && lines.length === 1) {
      sheet.spoken(spoken, x + left + indent, y + top + 6, { color: COLOUR.muted });
    } else sheet.text(lines, x + left + indent, y + top + 6, { color: COLOUR.muted });
    if (lines.length > 1) [left, top] = [0, top + LINE + (lines.length - 1) * lineHeight(FONT_SIZE.label)];
    else left += long + GAP;
  }
  return left > 0 ? top + LINE : top;
}

function drawSign(sheet: Sheet, sign: NonNullable<LegendItem["sign"]>, colour: string, x: number, y: number): void {
  const box = { x, y, width: 12, height: 12 };
  const ringed = { size: 9, stroke: colour, strokeWidth: 2 };
  if (sign === "square") sheet.rect(box, { fill: colour, cornerRadius: 2 });
  else if (sign === "disc")
    sheet.point(x + 6, y + 6, { size: 10, fill: colour, stroke: COLOUR.boxHalo, strokeWidth: 1 });
  else if (sign === "ring") {
    sheet.point(x + 6, y + 6, { ...ringed, stroke: COLOUR.boxHalo, strokeWidth: 3.5 });
    sheet.point(x + 6, y + 6, ringed);
  } else {
    const frame = { x: x + 1.5, y: y + 1.5, width: 9, height: 9 };
    sheet.frame(frame, { stroke: colour, width: 2, halo: COLOUR.boxHalo });
  }
}
