import { drawRowName } from "../kit/sheet/row-names.js";
import { lineHeight, Sheet } from "../kit/sheet/sheet.js";
import { chartTitle } from "../kit/text/chart-title.js";
import { fitText, isWhole } from "../kit/text/fit-text.js";
import { intervalText, percentText } from "../kit/text/numbers.js";
import { COLOUR, CATEGORY_COLOURS, FONT_SIZE, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";
import type { ProbeBar, ProbeChartData } from "./probe-chart-data.js";

const WIDTH = 420;
const ROW = 30;
const BAR = 14;
/** Where the columns of text stand, right of the bars. */
const VALUE_AT = WIDTH + 14;
const NOTE_AT = WIDTH + 158;
const NOTE_WIDTH = 260;

/**
 * The chart as a Vega-Lite spec: a bar a task with its 95 % interval, a dark mark at chance, the numbers beside them.
 * Pure: same data, same spec.
 *
 * @example
 * probeChartSpec({ title: "Accuracy", bars: [{ name: "Scene-15", note: "", accuracy: 88.3, low: 87, high: 89, chance: 6.7 }] });
 */
export function probeChartSpec({ title, bars }: ProbeChartData): VegaSpec {
  // Rows are told apart by their place: two tasks may have one name.
  const y = {
    ...{ field: "middle", type: "quantitative", axis: null },
    scale: { domain: [ROW * bars.length, 0], nice: false, zero: false },
  };
  const sheet = new Sheet();
  bars.forEach((bar, row) => drawWords(sheet, bar, ROW * (row + 0.5)));
  return {
    ...litePreamble(describe(title, bars)),
    title: chartTitle(title, { subtitle: LEGEND, width: NOTE_AT + NOTE_WIDTH }),
    width: WIDTH,
    height: ROW * bars.length,
    data: { values: bars.map((bar, row) => ({ middle: ROW * (row + 0.5), ...bar })) },
    layer: [
      {
        mark: { type: "bar", height: BAR, color: CATEGORY_COLOURS[4], tooltip: true },
        encoding: { x: share("accuracy"), x2: { datum: 0 }, y },
      },
      {
        mark: { type: "rule", color: COLOUR.text, strokeWidth: 1.5 },
        encoding: { x: share("low"), x2: { field: "high" }, y },
      },
      ...["low", "high"].map((field) => ({
        mark: { type: "tick", orient: "vertical", color: COLOUR.text, thickness: 1.5, size: 8, opacity: 1 },
        encoding: { x: share(field), y },
      })),
      {
        mark: { type: "tick", orient: "vertical", color: CATEGORY_COLOURS[5], thickness: 3, size: BAR + 6, opacity: 1 },
        encoding: { x: share("chance"), y },
      },
      ...sheet.layers(),
    ],
  };
}

const LEGEND = "accuracy on the test part, in percent; thin line: its 95 % interval; orange mark: chance";

function drawWords(sheet: Sheet, bar: ProbeBar, middle: number): void {
  drawRowName(sheet, bar.name, middle, { x: -8, width: 240 });
  sheet.text([shownShare(bar)], VALUE_AT, middle);
  const lines = fitText(bar.note, { size: FONT_SIZE.label, width: NOTE_WIDTH, lines: 2 });
  const top = middle - ((lines.length - 1) * lineHeight(FONT_SIZE.label)) / 2;
  sheet.text(lines, NOTE_AT, top, { color: COLOUR.muted, ...(!isWhole(bar.note, lines) && { tip: bar.note }) });
}

function share(field: string) {
  const axis = {
    ...{ title: "accuracy, %", titleFontWeight: "normal", titleColor: COLOUR.muted },
    ...{ values: [0, 25, 50, 75, 100], gridColor: COLOUR.track, domain: false, ticks: false, labelFlush: false },
  };
  return { field, type: "quantitative", scale: { domain: [0, 100] }, axis };
}

function shownShare({ accuracy, low, high }: ProbeBar): string {
  return intervalText({ value: accuracy / 100, low: low / 100, high: high / 100 });
}

function describe(title: string, bars: readonly ProbeBar[]): string {
  const each = bars.map((bar) => `${bar.name} ${shownShare(bar)}, chance ${percentText(bar.chance / 100, 1)}`);
  return `${title}. ${each.join("; ")}.`;
}
