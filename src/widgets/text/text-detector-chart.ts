import type { AgainstChance, TextScores } from "../../kernel-helpers/discovery/text/text-scores.js";
import { CamlabError } from "../../kernel-helpers/support/errors.js";
import { CATEGORY_COLOURS, COLOUR, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";
import { Widget } from "../kit/widget.js";

/**
 * Text detectors side by side: how well each tells pictures apart, and how well its map finds the words, with 95 %
 * intervals; a dark mark shows what chance would reach.
 *
 * @param detectors their scores by name
 * @throws CamlabError when there are none
 * @example
 * textDetectorChart({ "same streets": report.scores, "open country": trapped.scores });
 */
export function textDetectorChart(detectors: Readonly<Record<string, TextScores>>): Widget {
  if (Object.keys(detectors).length === 0) throw new CamlabError("there are no text detectors to compare");
  return new Widget(textDetectorChartSpec(detectors));
}

const ROW = 26;
const WIDTH = 520;

/** The chart of `textDetectorChart` as a Vega-Lite spec. Pure: same scores, same spec. */
export function textDetectorChartSpec(detectors: Readonly<Record<string, TextScores>>): VegaSpec {
  const names = Object.keys(detectors);
  const values = names.flatMap((detector) => barsOf(detectors[detector]).map((bar) => ({ detector, ...bar })));
  const measures = [...new Set(values.map(({ measure }) => measure))];
  const y = {
    field: "detector",
    type: "nominal",
    sort: names,
    axis: { title: null, ticks: false, domain: false, labelPadding: 8 },
  };
  const share = (field: string) => ({ field, type: "quantitative", scale: { domain: [0, 1] }, axis: AXIS });
  return {
    ...litePreamble(describe(names, detectors)),
    data: { values },
    spacing: 22,
    vconcat: measures.map((measure) => ({
      title: { text: measure, fontSize: 13, offset: 6 },
      width: WIDTH,
      height: ROW * names.length,
      transform: [{ filter: { field: "measure", equal: measure } }],
      layer: [
        {
          mark: { type: "bar", height: 15, cornerRadiusEnd: 2, tooltip: true },
          encoding: {
            x: share("value"),
            y,
            color: {
              field: "detector",
              type: "nominal",
              sort: names,
              legend: null,
              scale: { domain: names, range: SHADES },
            },
          },
        },
        { mark: { type: "rule", color: COLOUR.text }, encoding: { x: share("low"), x2: { field: "high" }, y } },
        {
          transform: [{ filter: "datum.chance !== null" }],
          mark: { type: "tick", color: COLOUR.boxHalo, thickness: 3, size: 21 },
          encoding: { x: share("chance"), y },
        },
        {
          mark: { type: "text", align: "left", baseline: "middle", x: WIDTH + 10 },
          encoding: { y, text: { field: "note", type: "nominal" } },
        },
      ],
    })),
  };
}

const AXIS = { title: null, format: ".0%", values: [0, 0.25, 0.5, 0.75, 1], gridColor: COLOUR.track, domain: false };
const SHADES = [
  CATEGORY_COLOURS[0],
  CATEGORY_COLOURS[1],
  CATEGORY_COLOURS[2],
  CATEGORY_COLOURS[3],
  CATEGORY_COLOURS[4],
];

interface Bar {
  readonly measure: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly chance: number | null;
  readonly note: string;
}

function barsOf({ images, withText, averagePrecision, pointing, pixelPrecision, wordsUnderBox }: TextScores): Bar[] {
  const prevalence = withText / images;
  const { value, low, high } = averagePrecision;
  const bars: Bar[] = [{ measure: MEASURES.ranking, value, low, high, chance: prevalence, note: `${percent(value)}` }];
  const add = (measure: string, against: AgainstChance | undefined) => {
    if (!against) return;
    const { figure, chance, times } = against;
    const note = `${percent(figure.value)}: ${times.value.toFixed(1)} × chance`;
    bars.push({ measure, value: figure.value, low: figure.low, high: figure.high, chance, note });
  };
  add(MEASURES.pointing, pointing);
  add(MEASURES.pixels, pixelPrecision);
  add(MEASURES.box, wordsUnderBox);
  return bars;
}

const MEASURES = {
  ranking: "Pictures with text ranked first (average precision)",
  pointing: "The map's peak is at a word",
  pixels: "Text pixels ranked first by the map (pixel average precision)",
  box: "Words' area under the map's box",
} as const;

function describe(names: readonly string[], detectors: Readonly<Record<string, TextScores>>): string {
  const lines = names.map((name) => {
    const { averagePrecision, pointing } = detectors[name];
    const where = pointing
      ? `, peak at a word ${percent(pointing.figure.value)} against ${percent(pointing.chance)} by chance`
      : "";
    return `${name}: average precision ${percent(averagePrecision.value)}${where}`;
  });
  return `Text detectors. ${lines.join("; ")}.`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
