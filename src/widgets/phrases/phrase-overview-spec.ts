import { drawLegend } from "../kit/sheet/legend.js";
import { drawRowName } from "../kit/sheet/row-names.js";
import { Sheet } from "../kit/sheet/sheet.js";
import { chartTitle } from "../kit/text/chart-title.js";
import { percentText } from "../kit/text/numbers.js";
import { COLOUR, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";
import type { PhraseOverviewData, PhraseOverviewRow } from "./phrase-overview-data.js";
import { STAGE } from "./phrase-chart-spec.js";

const ROW = 30;
const WIDTH = 300;

/**
 * The overview as a Vega-Lite spec. Pure: same data, same spec.
 *
 * @example
 * phraseOverviewSpec({ rows: [{ phrase: "boat on the lake", before: 0.7, after: 1 }], at: 20 });
 */
export function phraseOverviewSpec({ rows, at }: PhraseOverviewData): VegaSpec {
  const described = rows.map(
    ({ phrase, before, after }) => `${phrase} ${percentText(before)} to ${percentText(after)}`,
  );
  const known = rows.some(({ pointing }) => pointing);
  return {
    ...litePreamble(`Precision at ${atText(rows, at)} before and after mining: ${described.join(", ")}.`),
    spacing: 40,
    hconcat: [precisionChart(rows, at), ...(known ? [pointingChart(rows)] : [])],
  };
}

/** Among how many of each ranking: of phrases that few images say, fewer. */
function atText(rows: readonly PhraseOverviewRow[], at: number): string {
  return atOne(rows, at) ? String(at) : `as many as say it, ${at} at most`;
}

function atOne(rows: readonly PhraseOverviewRow[], at: number): boolean {
  return rows.every((row) => (row.at ?? at) === at);
}

const share = (field: string, title: string) => ({
  field,
  type: "quantitative",
  scale: { domain: [0, 1] },
  axis: {
    ...{ title, titleFontWeight: "normal", titleColor: COLOUR.muted, format: "%", gridColor: COLOUR.track },
    ...{ domain: false, values: [0, 0.2, 0.4, 0.6, 0.8, 1] },
  },
});

/** Rows are told apart by their place: two phrases may look alike. */
function rowsOf(count: number) {
  return {
    ...{ field: "middle", type: "quantitative", axis: null },
    scale: { domain: [ROW * count, 0], nice: false, zero: false },
  };
}

function precisionChart(rows: readonly PhraseOverviewRow[], at: number): unknown {
  const y = rowsOf(rows.length);
  const x = (field: string) => share(field, `precision at ${atText(rows, at)}`);
  const values = rows.map((row, i) => ({ ...row, middle: ROW * (i + 0.5) }));
  const points = values.flatMap(({ phrase, before, after, middle }) => [
    { phrase, middle, stage: "before mining", precision: before, colour: STAGE.before },
    { phrase, middle, stage: "after mining", precision: after, colour: STAGE.after },
  ]);
  const sheet = new Sheet();
  values.forEach(({ phrase, middle }) => drawRowName(sheet, phrase, middle, { x: -10, width: 240 }));
  const items = (["before", "after"] as const).map((stage) => {
    return { label: `${stage} mining`, sign: "disc" as const, colour: STAGE[stage] };
  });
  drawLegend(sheet, { items }, 0, ROW * rows.length + 44, WIDTH);
  return {
    title: chartTitle(atOne(rows, at) ? `Precision at ${at}` : "Precision of the first", { width: WIDTH }),
    width: WIDTH,
    height: ROW * rows.length,
    layer: [
      {
        data: { values },
        mark: { type: "rule", strokeWidth: 3, color: COLOUR.track },
        encoding: { y, x: x("before"), x2: { field: "after" } },
      },
      {
        data: { values: points },
        mark: { type: "point", filled: true, size: 90, opacity: 1 },
        encoding: {
          ...{ y, x: x("precision"), color: { field: "colour", type: "nominal", scale: null, legend: null } },
          tooltip: [
            { field: "phrase", type: "nominal" },
            { field: "stage", type: "nominal" },
            { field: "precision", type: "quantitative", format: ".0%" },
          ],
        },
      },
      ...sheet.layers(),
    ],
  };
}

function pointingChart(rows: readonly PhraseOverviewRow[]): unknown {
  const values = rows.flatMap(({ phrase, pointing }, i) =>
    pointing ? [{ phrase, middle: ROW * (i + 0.5), ...pointing }] : [],
  );
  const y = rowsOf(rows.length);
  const x = (field: string) => share(field, "maps that point into the box");
  return {
    title: chartTitle("The map's peak lies in the true box", {
      subtitle: "bar: how often, with its 95 % interval; mark: a random point",
      width: WIDTH + 40,
    }),
    width: WIDTH,
    height: ROW * rows.length,
    data: { values },
    layer: [
      {
        mark: { type: "bar", color: STAGE.after, opacity: 0.35, height: 12 },
        encoding: { y, x: x("value"), x2: { datum: 0 } },
      },
      {
        mark: { type: "rule", color: STAGE.after, strokeWidth: 2 },
        encoding: { y, x: x("low"), x2: { field: "high" } },
      },
      {
        mark: { type: "tick", orient: "vertical", color: COLOUR.text, thickness: 2, size: 16 },
        encoding: {
          ...{ y, x: x("chance") },
          tooltip: [
            { field: "phrase", type: "nominal" },
            { field: "value", title: "peak in the box", type: "quantitative", format: ".0%" },
            { field: "chance", title: "a random point", type: "quantitative", format: ".0%" },
          ],
        },
      },
    ],
  };
}
