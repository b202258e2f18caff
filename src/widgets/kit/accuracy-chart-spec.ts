import { drawLegend } from "./sheet/legend.js";
import { drawRowName } from "./sheet/row-names.js";
import { Sheet } from "./sheet/sheet.js";
import { chartTitle } from "./text/chart-title.js";
import { intervalText } from "./text/numbers.js";
import { CATEGORY_COLOURS, COLOUR, litePreamble } from "./theme.js";
import type { VegaSpec } from "./vega-spec.js";

/** Everything that a chart of accuracies shows, as plain data: shares, 0–1. */
export interface AccuracyChartData {
  readonly title: string;
  /** What is counted; "questions" unless given. */
  readonly unit?: string;
  /** What the shares are; "accuracy" unless given. */
  readonly measure?: string;
  /** From top to bottom: kinds of question. */
  readonly kinds: readonly { readonly name: string; readonly questions: number }[];
  /** One a model, the first the one that matters. */
  readonly series: readonly {
    readonly name: string;
    /** One a kind, in their order; absent where the model was not judged on it. */
    readonly accuracies: readonly (
      { readonly value: number; readonly low: number; readonly high: number } | undefined
    )[];
  }[];
}

const WIDTH = 420;
const ROW = 30;
const HEADING = 20;
const COLOURS = [COLOUR.accent, CATEGORY_COLOURS[1], CATEGORY_COLOURS[3], COLOUR.muted] as const;

/**
 * Accuracies by kind of question as a Vega-Lite spec: for each model a dot with its interval, the first model's figures
 * beside them. Pure: same data, same spec.
 *
 * @example
 * accuracyChartSpec({ title: "VQA accuracy", kinds, series });
 */
export function accuracyChartSpec({
  title,
  unit = "questions",
  measure = "accuracy",
  kinds,
  series,
}: AccuracyChartData): VegaSpec {
  const height = ROW * kinds.length;
  const points = series.flatMap(({ name, accuracies }, s) =>
    accuracies.flatMap((accuracy, kind) =>
      accuracy
        ? [{ name, row: ROW * (kind + 0.5) + 6 * (s - (series.length - 1) / 2), ...accuracy, colour: COLOURS[s % 4] }]
        : [],
    ),
  );
  const y = {
    field: "row",
    type: "quantitative",
    axis: null,
    scale: { domain: [height, 0], nice: false, zero: false },
  };
  const axis = {
    ...{ title: `${measure}, in per cent of ${unit}`, titleFontWeight: "normal", titleColor: COLOUR.muted },
    ...{ format: "%", gridColor: COLOUR.track, domain: false, ticks: false, values: [0, 0.25, 0.5, 0.75, 1] },
  };
  const x = { type: "quantitative", axis, scale: { domain: [0, 1] } };
  const color = { field: "colour", type: "nominal", scale: null, legend: null };
  const sheet = new Sheet();
  const items = series.map(({ name }, s) => ({ label: name, sign: "disc" as const, colour: COLOURS[s % 4] }));
  const legend = drawLegend(new Sheet(), { items }, 0, 0, WIDTH + 160);
  drawLegend(sheet, { items }, 0, -legend - 8 - HEADING, WIDTH + 160);
  sheet.text([`${series[0].name} (95 % interval)`], WIDTH + 14, -HEADING / 2, { color: COLOUR.muted });
  kinds.forEach(({ name, questions }, kind) => {
    const [middle, first] = [ROW * (kind + 0.5), series[0].accuracies[kind]];
    drawRowName(sheet, name, middle, { x: -10 });
    const figures = `${first ? intervalText(first) : "–"}   ${questions} ${unit}`;
    sheet.text([figures], WIDTH + 14, middle, { color: COLOUR.muted });
  });
  return {
    ...litePreamble(describe(title, kinds, series)),
    title: chartTitle(title, { width: 2 * WIDTH, offset: 14 }),
    width: WIDTH,
    height,
    layer: [
      {
        data: { values: points },
        mark: { type: "rule", strokeWidth: 2 },
        encoding: { x: { field: "low", ...x }, x2: { field: "high" }, y, color },
      },
      {
        data: { values: points },
        mark: { type: "point", filled: true, size: 46, opacity: 1, tooltip: true },
        encoding: { x: { field: "value", ...x }, y, color },
      },
      ...sheet.layers(),
    ],
  };
}

function describe(title: string, kinds: AccuracyChartData["kinds"], series: AccuracyChartData["series"]): string {
  const each = series.map(({ name, accuracies }) => {
    const figures = accuracies.flatMap((one, kind) => (one ? [`${kinds[kind].name} ${intervalText(one)}`] : []));
    return `${name}: ${figures.join(", ")}`;
  });
  return `${title}. ${each.join(". ")}.`;
}
