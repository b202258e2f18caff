import { CATEGORY_COLOURS, COLOUR, FONT_SIZE, litePreamble } from "./theme.js";
import type { VegaSpec } from "./vega-spec.js";

/** Everything that a chart of accuracies shows, as plain data: shares, 0–1. */
export interface AnswersChartData {
  readonly title: string;
  /** What is counted; "questions" unless given. */
  readonly unit?: string;
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
const LEGEND = 190;
const COLOURS = [COLOUR.accent, CATEGORY_COLOURS[1], CATEGORY_COLOURS[3], COLOUR.muted] as const;

/**
 * Accuracies by kind of question as a Vega-Lite spec: for each model a dot with its interval, the first model's figures
 * beside them. Pure: same data, same spec.
 *
 * @example
 * answersChartSpec({ title: "VQA accuracy", kinds, series });
 */
export function answersChartSpec({ title, unit = "questions", kinds, series }: AnswersChartData): VegaSpec {
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
    title: null,
    format: "%",
    gridColor: COLOUR.track,
    domain: false,
    ticks: false,
    values: [0, 0.25, 0.5, 0.75, 1],
  };
  const x = { type: "quantitative", axis, scale: { domain: [0, 1] } };
  const color = { field: "colour", type: "nominal", scale: null, legend: null };
  const label = (value: string, style: Record<string, unknown>) => ({
    data: { values: [{ text: value }] },
    mark: { type: "text", baseline: "middle", ...style },
    encoding: { text: { field: "text", type: "nominal" } },
  });
  return {
    ...litePreamble(describe(title, kinds, series)),
    title: { text: title, offset: 26 },
    width: WIDTH,
    height,
    data: { values: points },
    layer: [
      {
        mark: { type: "rule", strokeWidth: 2 },
        encoding: { x: { field: "low", ...x }, x2: { field: "high" }, y, color },
      },
      {
        mark: { type: "point", filled: true, size: 46, opacity: 1, tooltip: true },
        encoding: { x: { field: "value", ...x }, y, color },
      },
      ...kinds.flatMap(({ name, questions }, kind) => {
        const at = { y: ROW * (kind + 0.5) };
        const first = series[0].accuracies[kind];
        return [
          label(name, { ...at, x: -10, align: "right", limit: 220, fontSize: FONT_SIZE.label + 1 }),
          label(`${first ? percent(first) : "–"}   ${questions} ${unit}`, {
            ...at,
            x: WIDTH + 14,
            align: "left",
            color: COLOUR.muted,
          }),
        ];
      }),
      ...series.flatMap(({ name }, s) => [
        label("●", { x: s * LEGEND, y: -14, align: "left", color: COLOURS[s % 4], fontSize: FONT_SIZE.heading }),
        label(name, { x: s * LEGEND + 16, y: -14, align: "left", color: COLOUR.muted }),
      ]),
    ],
  };
}

function percent({ value, low, high }: { value: number; low: number; high: number }): string {
  const shown = (share: number) => (100 * share).toFixed(1);
  return `${shown(value)} %  (${shown(low)}–${shown(high)})`;
}

function describe(title: string, kinds: AnswersChartData["kinds"], series: AnswersChartData["series"]): string {
  const each = series.map(({ name, accuracies }) => {
    const figures = accuracies.flatMap((one, kind) => (one ? [`${kinds[kind].name} ${percent(one)}`] : []));
    return `${name}: ${figures.join(", ")}`;
  });
  return `${title}. ${each.join(". ")}.`;
}
