import type { Box } from "../../kernel-helpers/images/box.js";
import { drawBox } from "../kit/sheet/box-line.js";
import { drawHeat, placed } from "../kit/sheet/heat-panel.js";
import { drawLegend, type LegendItem } from "../kit/sheet/legend.js";
import { rowHeight } from "../kit/sheet/row-height.js";
import { lineHeight, Sheet } from "../kit/sheet/sheet.js";
import { verdictItems, verdictOf } from "../kit/sheet/verdict.js";
import { fitText, isWhole } from "../kit/text/fit-text.js";
import { COLOUR, FONT_SIZE } from "../kit/theme.js";
import type { PhrasePanel, PhraseRow, PhraseRowsData } from "./phrase-chart-data.js";

const GAP = 10;
const ROW_GAP = 22;
const LABEL_HEIGHT = 20;
/** Headings may be wider than a row of few photos. */
const NARROWEST = 620;
/** Rows of photos, each with a heading, and a legend, as a view of a Vega-Lite spec. */
export function rowsView(data: PhraseRowsData): Record<string, unknown> {
  const sheet = new Sheet();
  const most = Math.max(1, ...data.rows.map(({ panels }) => panels.length));
  const width = Math.max(NARROWEST, most * (data.size + GAP) - GAP);
  let y = 0;
  for (const row of data.rows) y = drawRow(sheet, row, y, width, data) + ROW_GAP;
  const { opacity, dimming, ramp } = data;
  const legend = { ramp: { ...ramp, opacity, dimming }, items: legendItems(data) };
  const height = y + drawLegend(sheet, legend, 0, y, width);
  return sheet.view(width, height);
}

/** What is to be seen in the rows, in words. */
export function describeRows({ rows }: PhraseRowsData): string {
  return rows
    .map(({ title, panels }) => `${title}: ${panels.map(({ name, label }) => `${name} ${label}`.trim()).join(", ")}.`)
    .join(" ");
}

/** @returns where the row ends */
function drawRow(
  sheet: Sheet,
  { title, note, panels }: PhraseRow,
  y: number,
  width: number,
  data: PhraseRowsData,
): number {
  const style = { size: FONT_SIZE.heading, bold: true };
  const titles = fitText(title, { ...style, width, lines: 2 });
  sheet.text(titles, 0, y + 8, { ...style, ...(!isWhole(title, titles) && { tip: title }) });
  let top = y + 8 + titles.length * lineHeight(FONT_SIZE.heading);
  if (note !== undefined) {
    const notes = fitText(note, { size: FONT_SIZE.label, width, lines: 2 });
    sheet.text(notes, 0, top, { color: COLOUR.muted });
    top += notes.length * lineHeight(FONT_SIZE.label);
  }
  const aspects = panels.map(({ aspect }) => aspect);
  const height = panels.length > 0 ? rowHeight(aspects, data.size) : 0;
  let x = 0;
  for (const panel of panels) {
    const across = Math.max(4, panel.aspect * height);
    drawPanel(sheet, panel, { x, y: top, width: across, height }, data);
    x += across + GAP;
  }
  return top + height + LABEL_HEIGHT;
}

function drawPanel(sheet: Sheet, panel: PhrasePanel, box: Box, { opacity, dimming }: PhraseRowsData): void {
  const { uri, name, heatUri, unseen, boxes, holds, label } = panel;
  if (heatUri === undefined) sheet.image({ uri, alt: `photo ${name}`, tip: name }, box);
  else {
    const heat = { name, mutedUri: uri, heatUri, of: name, ...(unseen && { unseen }) };
    drawHeat(sheet, heat, box, { opacity, dimming });
  }
  for (const truth of boxes) drawBox(sheet, placed(truth, box), box, { colour: COLOUR.box, width: 1.5 });
  const verdict = holds === undefined ? undefined : verdictOf(holds);
  if (verdict) drawBox(sheet, box, box, { colour: verdict.frame, width: 2 });
  const words = [verdict?.sign ?? "", label].filter(Boolean).join(" ");
  const color = verdict ? verdict.ink : COLOUR.muted;
  const shown = fitText(words, { size: FONT_SIZE.label, width: box.width });
  sheet.text(shown, box.x + box.width / 2, box.y + box.height + 11, { align: "center", color, tip: name });
}

function legendItems({ rows }: PhraseRowsData): LegendItem[] {
  const panels = rows.flatMap((row) => row.panels);
  const items: LegendItem[] = [];
  items.push(
    ...verdictItems(
      panels.map(({ holds }) => holds),
      { right: "its captions say the phrase", wrong: "its captions do not" },
    ),
  );
  if (panels.some(({ boxes }) => boxes.length > 0)) {
    items.push({ label: "where the phrase is in truth", sign: "frame", colour: COLOUR.box });
  }
  if (panels.some(({ label }) => /\d/.test(label))) items.push({ label: "number: the detector's score" });
  return items;
}
