import { COLOUR, CATEGORY_COLOURS, FONT_SIZE, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";

/** Everything that a chart of tasks shows, as plain data. */
export interface ProbeChartData {
  /** Stands above the chart. */
  readonly title: string;
  /** From top to bottom. */
  readonly bars: readonly ProbeBar[];
}

/** One task. All shares are percent. */
export interface ProbeBar {
  readonly name: string;
  /** What else is to be known of it, e.g. "15 classes, 2,985 test images". */
  readonly note: string;
  readonly accuracy: number;
  readonly low: number;
  readonly high: number;
  readonly chance: number;
}

const WIDTH = 420;
const ROW = 26;
const BAR = 14;
/** Where the columns of text stand, right of the bars. */
const VALUE_AT = WIDTH + 14;
const NOTE_AT = WIDTH + 158;

/**
 * The chart as a Vega-Lite spec: a bar a task with its 95 % interval, a dark mark at chance, the numbers beside them.
 * Pure: same data, same spec.
 *
 * @example
 * probeChartSpec({ title: "Accuracy", bars: [{ name: "Scene-15", note: "", accuracy: 88.3, low: 87, high: 89, chance: 6.7 }] });
 */
export function probeChartSpec({ title, bars }: ProbeChartData): VegaSpec {
  // Rows are told apart by their place: two tasks may have one name.
  const y = { field: "row", type: "ordinal", axis: null, scale: { paddingInner: 0.2, paddingOuter: 0.3 } };
  const text = (field: string, x: number, mark: object) => ({
    mark: { type: "text", baseline: "middle", x, ...mark },
    encoding: { y, text: { field, type: "nominal" } },
  });
  return {
    ...litePreamble(describe(title, bars)),
    title: { text: title, subtitle: LEGEND, subtitleColor: COLOUR.muted, offset: 10 },
    width: WIDTH,
    height: { step: ROW },
    data: { values: bars.map((bar, row) => ({ row, ...bar, shown: shownShare(bar) })) },
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
        mark: { type: "tick", color: COLOUR.text, thickness: 1.5, size: 8, opacity: 1 },
        encoding: { x: share(field), y },
      })),
      {
        mark: { type: "tick", color: CATEGORY_COLOURS[5], thickness: 3, size: BAR + 6, opacity: 1 },
        encoding: { x: share("chance"), y },
      },
      text("name", -8, { align: "right", limit: 240, fontSize: FONT_SIZE.label + 1 }),
      text("shown", VALUE_AT, { align: "left" }),
      text("note", NOTE_AT, { align: "left", color: COLOUR.muted, limit: 260 }),
    ],
  };
}

const LEGEND = "accuracy on the test part, in percent; black line: its 95 % interval; orange mark: chance";

function share(field: string) {
  const axis = {
    title: null,
    values: [0, 25, 50, 75, 100],
    gridColor: COLOUR.track,
    domain: false,
    ticks: false,
    labelFlush: false,
  };
  return { field, type: "quantitative", scale: { domain: [0, 100] }, axis };
}

function shownShare({ accuracy, low, high }: ProbeBar): string {
  return `${accuracy.toFixed(1)} %  (${low.toFixed(1)}–${high.toFixed(1)})`;
}

function describe(title: string, bars: readonly ProbeBar[]): string {
  const each = bars.map((bar) => `${bar.name} ${shownShare(bar)}, chance ${bar.chance.toFixed(1)} %`);
  return `${title}. ${each.join("; ")}.`;
}
