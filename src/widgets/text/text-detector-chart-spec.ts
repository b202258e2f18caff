import type { AgainstChance, TextScores } from "../../kernel-helpers/discovery/text/text-scores.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import { drawLegend } from "../kit/sheet/legend.js";
import { drawRowName } from "../kit/sheet/row-names.js";
import { Sheet } from "../kit/sheet/sheet.js";
import { percentText, scoreText } from "../kit/text/numbers.js";
import { CATEGORY_COLOURS, COLOUR, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";

const ROW = 30;
const WIDTH = 520;
const SHADES = [0, 1, 2, 3, 4].map((i) => CATEGORY_COLOURS[i]);

/** The chart of `textDetectorChart` as a Vega-Lite spec. Pure: same scores, same spec. */
export function textDetectorChartSpec(detectors: Readonly<Record<string, TextScores>>): VegaSpec {
  const names = Object.keys(detectors);
  const values = names.flatMap((detector, row) =>
    barsOf(detectors[detector]).map((bar) => ({
      detector,
      middle: ROW * (row + 0.5),
      colour: SHADES[row % 5],
      ...bar,
    })),
  );
  const measures = [...new Set(values.map(({ measure }) => measure))];
  const panels = measures.map((measure, i) => {
    const bars = values.filter((bar) => bar.measure === measure);
    return panelOf(measure, bars, ROW * names.length, i === measures.length - 1);
  });
  const legend = new Sheet();
  const height = drawLegend(legend, { items: [{ label: LEGEND }] }, 0, 0, WIDTH + 170);
  return {
    ...litePreamble(describe(names, detectors)),
    spacing: 22,
    vconcat: [...panels, legend.view(WIDTH, height)],
  };
}

const LEGEND = "thin line: the 95 % interval; upright mark: what chance would reach";

type PlacedBar = Bar & { readonly detector: string; readonly middle: number; readonly colour: string };

/** One measure of all detectors; the last panel says what the axis is. */
function panelOf(measure: string, bars: readonly PlacedBar[], height: number, last: boolean): Record<string, unknown> {
  const y = {
    ...{ field: "middle", type: "quantitative", axis: null },
    scale: { domain: [height, 0], nice: false, zero: false },
  };
  const axis = {
    ...{ title: last ? "share" : null, titleFontWeight: "normal", titleColor: COLOUR.muted, format: ".0%" },
    ...{ values: [0, 0.25, 0.5, 0.75, 1], gridColor: COLOUR.track, domain: false },
  };
  const share = (field: string) => ({ field, type: "quantitative", scale: { domain: [0, 1] }, axis });
  const sheet = new Sheet();
  for (const { detector, note, middle } of bars) {
    drawRowName(sheet, readableName(detector), middle, { x: -8 });
    sheet.text([note], WIDTH + 10, middle);
  }
  return {
    title: { text: measure, fontSize: 13, offset: 6 },
    width: WIDTH,
    height,
    data: { values: bars },
    layer: [
      {
        mark: { type: "bar", height: 15, cornerRadiusEnd: 2, tooltip: true },
        encoding: {
          ...{ x: share("value"), x2: { datum: 0 }, y },
          color: { field: "colour", type: "nominal", scale: null, legend: null },
        },
      },
      { mark: { type: "rule", color: COLOUR.text }, encoding: { x: share("low"), x2: { field: "high" }, y } },
      {
        transform: [{ filter: "datum.chance !== null" }],
        mark: { type: "tick", orient: "vertical", color: COLOUR.boxHalo, thickness: 3, size: 21 },
        encoding: { x: share("chance"), y },
      },
      ...sheet.layers(),
    ],
  };
}

interface Bar {
  readonly measure: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly chance: number | null;
  readonly note: string;
}

function barsOf({ images, withText, averagePrecision, pointing, pixelPrecision, ...words }: TextScores): Bar[] {
  const prevalence = withText / images;
  const { value, low, high } = averagePrecision;
  const bars: Bar[] = [
    { measure: MEASURES.ranking, value, low, high, chance: prevalence, note: `${percentText(value, 1)}` },
  ];
  const add = (measure: string, against: AgainstChance | undefined) => {
    if (!against) return;
    const { figure, chance, times } = against;
    const note = `${percentText(figure.value, 1)}: ${scoreText(times.value, 1)} × chance`;
    bars.push({ measure, value: figure.value, low: figure.low, high: figure.high, chance, note });
  };
  add(MEASURES.pointing, pointing);
  add(MEASURES.pixels, pixelPrecision);
  add(MEASURES.boxes, words.wordsUnderBoxes);
  add(MEASURES.words, words.wordsFound);
  return bars;
}

const MEASURES = {
  ranking: "Pictures with text ranked first (average precision)",
  pointing: "The map's peak is at a word",
  pixels: "Text pixels ranked first by the map (pixel average precision)",
  boxes: "Words' area under the map's boxes",
  words: "Words of which half or more is under the boxes",
} as const;

function describe(names: readonly string[], detectors: Readonly<Record<string, TextScores>>): string {
  const lines = names.map((name) => {
    const { averagePrecision, pointing } = detectors[name];
    const where = pointing
      ? `, peak at a word ${percentText(pointing.figure.value, 1)} against ${percentText(pointing.chance, 1)} by chance`
      : "";
    return `${name}: average precision ${percentText(averagePrecision.value, 1)}${where}`;
  });
  return `Text detectors. ${lines.join("; ")}.`;
}
