import { drawHeat } from "../kit/sheet/heat-panel.js";
import { drawLegend } from "../kit/sheet/legend.js";
import { lineHeight, Sheet } from "../kit/sheet/sheet.js";
import { fitText, isWhole } from "../kit/text/fit-text.js";
import { probabilityText, signedText } from "../kit/text/numbers.js";
import { CATEGORY_COLOURS, COLOUR, FONT_SIZE, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";
import type { AnswersData, AnswersRow } from "./answers-data.js";

const KIND_COLOUR = { word: CATEGORY_COLOURS[0], photo: CATEGORY_COLOURS[1], bias: COLOUR.muted } as const;
const GAP = 20;
const ROW_GAP = 26;
/** A list of bars: what they are of, the bars, their values. */
const LIST = { names: 112, bars: 150, values: 46 } as const;
const LIST_WIDTH = LIST.names + LIST.bars + LIST.values + 16;
const STEP = 26;

/**
 * Answered questions as a Vega-Lite spec, one a row: the photo, the best answer's map over it, the most probable
 * answers, and what the best one's score is made of: each word, the photo. Pure: same data, same spec.
 *
 * @example
 * answersSpec({ rows, ramp, opacity: 0.65, dimming: 0.15, size: 170 });
 */
export function answersSpec(data: AnswersData): VegaSpec {
  const sheet = new Sheet();
  const owed = data.rows.flatMap(({ parts }) => parts.map(({ contribution }) => contribution));
  const scale = { widest: Math.max(1, ...owed.map(Math.abs)), zero: owed.some((value) => value < 0) ? 0.5 : 0 };
  const widths = data.rows.map(({ photo }) => photoWidth(photo.aspect, data.size));
  const lists = 2 * (Math.max(...widths) + GAP);
  const width = lists + 2 * LIST_WIDTH + GAP;
  let y = 0;
  data.rows.forEach((row, i) => (y += drawRow(sheet, row, widths[i], lists, y, scale, data) + ROW_GAP));
  const { opacity, dimming, ramp } = data;
  const items = [
    { label: "a word", sign: "square", colour: KIND_COLOUR.word },
    { label: "the photo", sign: "square", colour: KIND_COLOUR.photo },
    { label: "the answer itself", sign: "square", colour: KIND_COLOUR.bias },
  ] as const;
  const height = y + drawLegend(sheet, { ramp: { ...ramp, opacity, dimming }, items }, 0, y, width);
  return { ...litePreamble(describe(data)), ...sheet.view(width, height) };
}

function photoWidth(aspect: number, size: number): number {
  return Math.round(Math.min(2 * size, Math.max(0.5 * size, size * aspect)));
}

function describe({ rows }: AnswersData): string {
  return rows
    .map(({ question, answers: [best], photo }) => {
      return `${photo.name}: “${question}” ${best.answer}, probability ${probabilityText(best.probability)}.`;
    })
    .join(" ");
}

/** @returns the row's height */
function drawRow(
  sheet: Sheet,
  { question, note, photo, heatUri, answers, parts }: AnswersRow,
  width: number,
  lists: number,
  y: number,
  { widest, zero }: { readonly widest: number; readonly zero: number },
  { size, opacity, dimming }: AnswersData,
): number {
  const [best] = answers;
  const title = { size: FONT_SIZE.heading, bold: true };
  const asked = fitText(question, { ...title, width: lists - GAP, lines: 2 });
  const said = fitText(note ?? photo.name, { size: FONT_SIZE.label, width: lists - GAP, lines: 2 });
  const line = { asked: lineHeight(FONT_SIZE.heading), said: lineHeight(FONT_SIZE.label) };
  sheet.text(asked, 0, y + 8, { ...title, ...(!isWhole(question, asked) && { tip: question }) });
  sheet.text(said, 0, y + 8 + asked.length * line.asked, { color: COLOUR.muted });
  const top = y + asked.length * line.asked + said.length * line.said + 6;
  const place = (x: number) => ({ x, y: top, width, height: size });
  sheet.image({ uri: photo.uri, alt: `photo ${photo.name}`, tip: photo.name }, place(0));
  const of = `the answer ${best.answer}`;
  const { name, mutedUri, unseen } = photo;
  drawHeat(sheet, { name, mutedUri, heatUri, of, ...(unseen && { unseen }) }, place(width + GAP), { opacity, dimming });
  const probable = answers.map(({ answer, probability }) => ({
    ...{ name: answer, from: 0, to: probability, text: probabilityText(probability), colour: COLOUR.accent },
  }));
  const bottom = drawBars(sheet, probable, "probability of the answers", lists, top);
  const made = parts.map((part) => ({
    ...{ name: part.name, from: zero, to: zero + ((1 - zero) * part.contribution) / widest },
    ...{ text: signedText(part.contribution), colour: KIND_COLOUR[part.kind] },
  }));
  const other = drawBars(sheet, made, `what “${best.answer}” owes to`, lists + LIST_WIDTH + GAP, top);
  return Math.max(top + size, bottom, other) - y;
}

/** A bar from one share of the list's width to another. */
interface Bar {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly colour: string;
}

/** @returns where the list ends */
function drawBars(sheet: Sheet, bars: readonly Bar[], heading: string, x: number, y: number): number {
  const [zero, end] = [x + LIST.names + 8, x + LIST_WIDTH];
  const across = (share: number) => zero + LIST.bars * share;
  const headed = fitText(heading, { size: FONT_SIZE.label, width: LIST_WIDTH - LIST.names - 8, lines: 1 });
  sheet.text(headed, zero, y - 10, { color: COLOUR.muted, ...(!isWhole(heading, headed) && { tip: heading }) });
  bars.forEach(({ name, from, to, text, colour }, i) => {
    const middle = y + (i + 0.5) * STEP;
    const lines = fitText(name, { size: FONT_SIZE.label, width: LIST.names, lines: 2 });
    const shift = ((lines.length - 1) * lineHeight(FONT_SIZE.label)) / 2;
    const style = { align: "right", ...(!isWhole(name, lines) && { tip: name }) } as const;
    sheet.text(lines, x + LIST.names, middle - shift, style);
    const left = across(Math.min(from, to));
    const box = { x: left, y: middle - 8, width: Math.max(1, across(Math.max(from, to)) - left), height: 16 };
    sheet.rect(box, { fill: colour });
    sheet.text([text], end, middle, { align: "right", color: COLOUR.muted });
  });
  const from = bars[0]?.from ?? 0;
  sheet.rect({ x: across(from) - 0.5, y, width: 1, height: STEP * bars.length }, { level: "line", fill: COLOUR.text });
  return y + STEP * bars.length;
}
