import type { PhraseChartData, PhraseRowsData } from "./phrase-chart-data.js";
import { percentText } from "../kit/text/numbers.js";
import { COLOUR, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";
import { describeRows, rowsView } from "./phrase-rows.js";

/** Before mining and after: vermilion and blue of Okabe and Ito. */
/** The colours of before and after mining. */
export const STAGE = { before: "#d55e00", after: "#0072b2" } as const;
const CHART = { width: 380, height: 150 } as const;

/**
 * The concept-localization chart of one phrase as a Vega-Lite spec: precision by round and by rank, then rows of photos
 * with maps. Pure: same data, same spec.
 *
 * @example
 * phraseChartSpec({ text: "boat on the lake", rounds, byRank, rows, … });
 */
export function phraseChartSpec(data: PhraseChartData): VegaSpec {
  const { text, subtitle } = data;
  const { datasets, ...rows } = rowsView(data);
  return {
    ...litePreamble(describe(data)),
    title: { text: `“${text}”`, subtitle, subtitleColor: COLOUR.muted, offset: 14 },
    datasets,
    spacing: 24,
    vconcat: [{ spacing: 50, hconcat: [roundChart(data), rankChart(data)] }, rows],
  };
}

/**
 * Rows of photos with maps as a Vega-Lite spec: one row a phrase. Pure: same data, same spec.
 *
 * @example
 * phraseSheetSpec({ rows, ramp, size: 120, opacity: 0.65, dimming: 0.15 });
 */
export function phraseSheetSpec(data: PhraseRowsData): VegaSpec {
  return { ...litePreamble(describeRows(data)), ...rowsView(data) };
}

function describe(data: PhraseChartData): string {
  const { text, at, rounds } = data;
  const [first, last] = [rounds[0], rounds[rounds.length - 1]];
  return (
    `The concept “${text}”: precision at ${at} is ${percentText(first.precision)} with ${first.negatives} random negatives ` +
    `and ${percentText(last.precision)} with ${last.negatives} after mining. ${describeRows(data)}`
  );
}

/** A share from 0 to 1, the same in both charts. */
const share = (field: string) => ({
  field,
  type: "quantitative",
  scale: { domain: [0, 1.08], nice: false },
  axis: {
    ...{ title: "precision", format: "%", values: [0, 0.2, 0.4, 0.6, 0.8, 1], labelOverlap: false },
    ...{ grid: true, gridColor: COLOUR.track, domain: false, ticks: false },
  },
});

function roundChart({ rounds, at }: PhraseChartData): unknown {
  const x = {
    field: "round",
    type: "quantitative",
    scale: { domain: [-0.3, Math.max(1, rounds.length - 1) + 0.3], nice: false },
    axis: {
      title: "round of mining (0: random negatives only)",
      values: rounds.map(({ round }) => round),
      format: "d",
      grid: false,
    },
  };
  const tooltip = [
    { field: "round", type: "quantitative" },
    { field: "negatives", type: "quantitative" },
    { field: "precision", type: "quantitative", format: ".0%" },
  ];
  return {
    ...CHART,
    title: { text: `Precision at ${at}, and negatives trained on`, fontSize: 12 },
    data: { values: rounds },
    encoding: { x, y: share("precision") },
    layer: [
      { mark: { type: "line", color: COLOUR.muted, strokeWidth: 1.5 } },
      {
        mark: { type: "point", filled: true, size: 70, opacity: 1 },
        encoding: {
          color: { condition: { test: "datum.round === 0", value: STAGE.before }, value: STAGE.after },
          tooltip,
        },
      },
      {
        mark: { type: "text", dy: 15, color: COLOUR.muted },
        encoding: { text: { field: "negatives", type: "quantitative" } },
      },
    ],
  };
}

function rankChart({ byRank, chance, at }: PhraseChartData): unknown {
  const values = (["before", "after"] as const).flatMap((stage) =>
    byRank[stage].map((precision, i) => ({ stage: `${stage} mining`, rank: i + 1, precision })),
  );
  const ranks = Math.max(byRank.before.length, byRank.after.length, 2);
  const x = (field: string) => ({
    field,
    type: "quantitative",
    scale: { domain: [1, ranks], nice: false, zero: false },
    axis: { title: "rank", grid: false, format: "d", tickMinStep: 1 },
  });
  return {
    ...CHART,
    title: { text: "Precision by rank in the held-out images", fontSize: 12 },
    layer: [
      {
        data: { values: [{ at, chance, ranks, label: "a random order" }] },
        layer: [
          { mark: { type: "rule", color: COLOUR.track, strokeWidth: 2, clip: true }, encoding: { x: x("at") } },
          { mark: { type: "rule", color: COLOUR.muted, strokeDash: [4, 3] }, encoding: { y: share("chance") } },
          {
            mark: { type: "text", align: "left", dx: 6, baseline: "middle", color: COLOUR.muted },
            encoding: { x: x("ranks"), y: share("chance"), text: { field: "label", type: "nominal" } },
          },
        ],
      },
      {
        data: { values },
        mark: { type: "line", strokeWidth: 2 },
        encoding: {
          x: x("rank"),
          y: share("precision"),
          color: {
            field: "stage",
            type: "nominal",
            scale: { domain: ["before mining", "after mining"], range: [STAGE.before, STAGE.after] },
            legend: { title: null, orient: "top", symbolType: "stroke", symbolStrokeWidth: 3 },
          },
          tooltip: [
            { field: "stage", type: "nominal" },
            { field: "rank", type: "quantitative" },
            { field: "precision", type: "quantitative", format: ".2f" },
          ],
        },
      },
    ],
  };
}
