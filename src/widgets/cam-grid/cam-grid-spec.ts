import type { Box } from "../../kernel-helpers/images/box.js";
import { drawBox } from "../kit/sheet/box-line.js";
import { drawHeat, placed, sharesOf } from "../kit/sheet/heat-panel.js";
import { drawLegend, type LegendItem } from "../kit/sheet/legend.js";
import { lineHeight, Sheet } from "../kit/sheet/sheet.js";
import { unseenParts } from "../kit/photo/photo-heat.js";
import { fitText, isWhole } from "../kit/text/fit-text.js";
import { percentText, probabilityText } from "../kit/text/numbers.js";
import { textWidth } from "../kit/text/text-width.js";
import { COLOUR, FONT_SIZE, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";
import type { CamGridData, CamGridPanel, CamGridPhoto } from "./cam-grid-data.js";
import { type GridCell, gridRows } from "./cam-grid-layout.js";
import { thresholdCurve } from "./threshold-curve.js";

const ROW_GAP = 20;

/**
 * The grid as a Vega-Lite spec: each photo, then one panel for each of its maps. Pure: same data, same spec.
 * With `sliders`, three parameters can be changed where Vega runs: the opacity of the maps, how much darker the photo is
 * under them, the threshold of the boxes.
 *
 * @example
 * camGridSpec({ photos, legend, opacity: 0.65, dimming: 0.15, size: 200, width: 1000, sliders: true, colours });
 */
export function camGridSpec(data: CamGridData): VegaSpec {
  const sheet = new Sheet();
  let [y, right] = [0, 0];
  for (const { height, cells } of gridRows(data.photos, data)) {
    const headings = cells.map((cell) => headingOf(data.photos[cell.photo], cell));
    const top = Math.max(...headings.map((heading) => heading.height));
    cells.forEach((cell, i) => {
      const box = { x: cell.x, y: y + top, width: cell.width, height };
      drawHeading(sheet, headings[i], cell.x, y + top, cell.room);
      drawPanel(sheet, data, cell, box);
      right = Math.max(right, cell.x + cell.room);
    });
    y += top + height + ROW_GAP;
  }
  const width = Math.max(right, 320);
  const height = y + drawLegend(sheet, legendOf(data), 0, y, width);
  const preamble = { ...litePreamble(describe(data)), params: parameters(data) };
  const { datasets, ...view } = sheet.view(width, height);
  const threshold = data.boxes?.threshold;
  if (!data.curve || threshold === undefined)
    return { ...preamble, ...(datasets !== undefined && { datasets }), ...view };
  const choice = data.sliders ? boxThresholds(threshold) : [threshold];
  return { ...preamble, datasets, vconcat: [view, thresholdCurve(data.curve, choice, width)], spacing: 24 };
}

function describe({ photos }: CamGridData): string {
  return photos
    .map(({ name, caption, panels }) => {
      const classes = panels.map((panel) => [panel.title, besideTitle(panel)].filter(Boolean).join(" "));
      return `Class activation maps of ${caption || name}: ${classes.join(", ")}.`;
    })
    .join(" ");
}

function parameters({ opacity, dimming, boxes, sliders }: CamGridData): unknown[] {
  const slider = (name: string, value: number, from: number, to: number) => ({
    ...{ name, value },
    ...(sliders && { bind: { input: "range", name: `${name} `, min: from, max: to, step: 0.05 } }),
  });
  const over = [slider("opacity", opacity, 0, 1), slider("dimming", dimming, 0, 1)];
  if (boxes?.threshold === undefined) return over;
  const choice = boxThresholds(boxes.threshold);
  return [...over, slider("threshold", boxes.threshold, choice[0], choice.at(-1)!)];
}

/** The thresholds that the slider offers: every five per cent, through the one that is shown at first. */
export function boxThresholds(first: number): number[] {
  const percent = Math.round(first * 1e4) / 100;
  const low = Math.round((percent % 5) * 100) / 100;
  return Array.from({ length: 20 }, (_, i) => low + i * 5)
    .filter((each) => each > 0 || each === percent)
    .map((each) => Math.round(each * 100) / 1e4);
}

/** What stands above a panel. */
interface Heading {
  readonly lines: readonly string[];
  readonly tip?: string;
  /** At the right of the last line. */
  readonly beside: string;
  /** Between lines and picture: a bar of this share, or a quiet line. */
  readonly share?: number;
  readonly under?: readonly string[];
  readonly height: number;
}

const LINES = 3;
const QUIET = { size: FONT_SIZE.label } as const;
const TITLE = { size: FONT_SIZE.heading, bold: true } as const;

function headingOf(photo: CamGridPhoto, { panel, room }: GridCell): Heading {
  const map = photo.panels[panel] as CamGridPanel | undefined;
  const title = map?.title ?? photo.caption ?? photo.name;
  const beside = map ? besideTitle(map) : "";
  const besideWidth = beside ? textWidth(beside, { size: FONT_SIZE.heading }) + 8 : 0;
  const lines = title === "" ? [] : fitText(title, { ...TITLE, width: room, lines: LINES });
  // What stands at the right gets a line of its own where the title leaves it no room.
  if (textWidth(lines.at(-1) ?? "", TITLE) + besideWidth > room) lines.push("");
  const said = photo.label === undefined ? [] : fitText(`truth: ${photo.label}`, { ...QUIET, width: room, lines: 2 });
  const size = photo.caption === undefined ? [`${photo.width} × ${photo.height}`] : [];
  const under = map ? undefined : [...size, ...said];
  const extra = under ? 6 + under.length * lineHeight(QUIET.size) : map?.probability === undefined ? 4 : 14;
  return {
    lines,
    beside,
    height: lines.length * lineHeight(FONT_SIZE.heading) + extra,
    ...(!isWhole(title, lines) && { tip: title }),
    ...(map?.probability !== undefined && { share: map.probability }),
    ...(under && { under }),
  };
}

function besideTitle({ probability, note = "" }: CamGridPanel): string {
  return probability === undefined ? note : probabilityText(probability);
}

/** @param bottom where the picture begins */
function drawHeading(
  sheet: Sheet,
  { lines, tip, beside, share, under, height }: Heading,
  x: number,
  bottom: number,
  room: number,
) {
  const first = bottom - height + lineHeight(FONT_SIZE.heading) / 2;
  sheet.text(lines, x, first, { ...TITLE, ...(tip !== undefined && { tip }) });
  const last = first + (lines.length - 1) * lineHeight(FONT_SIZE.heading);
  if (beside) sheet.text([beside], x + room, last, { size: FONT_SIZE.heading, align: "right" });
  if (under) sheet.text(under, x, first + lines.length * lineHeight(FONT_SIZE.heading), { color: COLOUR.muted });
  if (share === undefined) return;
  const bar = { x, y: bottom - 11, height: 5 };
  sheet.rect({ ...bar, width: room }, { level: "shade", fill: COLOUR.track, cornerRadius: 2 });
  sheet.rect({ ...bar, width: Math.max(2, share * room) }, { fill: COLOUR.accent, cornerRadius: 2 });
}

function drawPanel(sheet: Sheet, { photos, boxes: rule, colours }: CamGridData, cell: GridCell, box: Box): void {
  const photo = photos[cell.photo];
  const panel = photo.panels[cell.panel] as CamGridPanel | undefined;
  if (!panel) {
    sheet.image({ uri: photo.uri, alt: `photo ${photo.name}` }, box);
    return;
  }
  const whole = { x: 0, y: 0, width: photo.width, height: photo.height };
  const unseen = photo.seen ? unseenParts(whole, photo.seen).map((part) => sharesOf(part, whole)) : [];
  const { title, heatUri, boxes, truth = [] } = panel;
  drawHeat(sheet, { name: photo.name, mutedUri: photo.mutedUri, heatUri, of: title, unseen }, box, PARAMETERS);
  const onSheet = (inPhoto: Box) => placed(sharesOf(inPhoto, whole), box);
  for (const known of truth) drawBox(sheet, onSheet(known), box, { colour: colours.truth });
  if (!rule) return;
  for (const { threshold, box: found } of boxes) {
    const choice = threshold === undefined ? undefined : { filter: CHOSEN, row: { at: threshold } };
    drawBox(sheet, onSheet(found), box, { colour: colours.box }, choice);
  }
}

const PARAMETERS = { opacity: { expr: "opacity" }, dimming: { expr: "dimming" } } as const;
const CHOSEN = "abs(datum.at - threshold) < 0.001";

function legendOf({ legend, boxes, photos, colours }: CamGridData) {
  const items: LegendItem[] = [];
  if (boxes) {
    const { label, threshold } = boxes;
    const start = `box: ${label}`;
    items.push({
      ...{ sign: "frame", colour: colours.box },
      ...(threshold === undefined
        ? { label: start }
        : {
            label: `${start} ${percentText(threshold)} of the maximum`,
            spoken: `${JSON.stringify(`${start} `)} + format(100 * threshold, ".3~g") + " % of the maximum"`,
          }),
    });
  }
  if (photos.some(({ panels }) => panels.some(({ truth }) => truth?.length))) {
    items.push({ label: "box: the truth", sign: "frame", colour: colours.truth });
  }
  if (photos.some(({ seen }) => seen))
    items.push({ label: "pale: outside what the network saw", sign: "square", colour: PALE });
  return { ramp: { ...legend, ...PARAMETERS }, items };
}

const PALE = "#d8dadd";
