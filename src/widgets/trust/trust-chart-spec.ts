import { drawLegend } from "../kit/sheet/legend.js";
import { drawRowName } from "../kit/sheet/row-names.js";
import { lineHeight, Sheet } from "../kit/sheet/sheet.js";
import { fitText } from "../kit/text/fit-text.js";
import { scoreText } from "../kit/text/numbers.js";
import { CATEGORY_COLOURS, COLOUR, FONT_SIZE, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";
import type { TrustChartData, TrustMark, TrustPanel } from "./trust-chart-data.js";

/** Widths: of names, of a panel's marks, of their numbers right of them. Heights: of a row and of a panel's heading. */
const SIZE = { names: 196, marks: 128, numbers: 46, row: 30, gap: 16, heading: 40 };

const VERDICTS: Readonly<Record<TrustMark["verdict"], { readonly name: string; readonly colour: string }>> = {
  better: { name: "better than the dashed line", colour: CATEGORY_COLOURS[0] },
  alike: { name: "not told apart from it", colour: CATEGORY_COLOURS[1] },
  worse: { name: "worse", colour: CATEGORY_COLOURS[5] },
  control: { name: "knows nothing of the photo", colour: COLOUR.muted },
  plain: { name: "nothing to compare with", colour: CATEGORY_COLOURS[2] },
};

/**
 * A panel a measure: each way's mean with its interval, and a dashed line where its control is. Pure: same data, same spec.
 *
 * @example
 * trustChartSpec({ title: "Which map to believe", subtitle: "20 pictures", ways: ["CAM"], panels: [], columns: 4 });
 */
export function trustChartSpec(data: TrustChartData): VegaSpec {
  const { title, subtitle, ways, panels, columns, of = [] } = data;
  const across = SIZE.names + columns * (SIZE.marks + SIZE.numbers + SIZE.gap);
  const sheet = new Sheet();
  const style = { size: FONT_SIZE.title, bold: true };
  const titles = fitText(title, { ...style, width: across, lines: 2 });
  sheet.text(titles, 0, 9, style);
  let y = 9 + titles.length * lineHeight(FONT_SIZE.title);
  const lines = fitText(subtitle, { size: FONT_SIZE.label, width: across, lines: 3 });
  sheet.text(lines, 0, y, { color: COLOUR.muted });
  y += lines.length * lineHeight(FONT_SIZE.label) + 4;
  const shown = new Set(panels.flatMap(({ marks }) => marks.map(({ verdict }) => verdict)));
  const items = Object.entries(VERDICTS)
    .filter(([verdict]) => shown.has(verdict as TrustMark["verdict"]))
    .map(([, { name, colour }]) => ({ label: name, sign: "disc" as const, colour }));
  y += drawLegend(
    sheet,
    { items: [...items, { label: "dashed: a random map, or a blob where maps should change" }] },
    0,
    y,
    across,
  );
  const rows = Array.from({ length: Math.ceil(panels.length / columns) }, (_, r) =>
    panels.slice(r * columns, (r + 1) * columns),
  );
  return {
    ...litePreamble(describe(data)),
    spacing: 12,
    vconcat: [
      sheet.view(across, y),
      ...rows.map((row, r) => ({
        spacing: SIZE.gap,
        hconcat: [namesView(ways, of[r]), ...row.map((panel) => panelView(panel, ways.length))],
      })),
    ],
  };
}

function namesView(ways: readonly string[], of?: string) {
  const sheet = new Sheet();
  if (of !== undefined) {
    const style = { size: FONT_SIZE.label, bold: true };
    sheet.text(fitText(of, { ...style, width: SIZE.names, lines: 2 }), 0, 8, style);
  }
  ways.forEach((name, row) => drawRowName(sheet, name, middleOf(row), { x: SIZE.names, width: SIZE.names - 4 }));
  return sheet.view(SIZE.names, SIZE.heading + SIZE.row * ways.length);
}

function middleOf(row: number): number {
  return SIZE.heading + SIZE.row * (row + 0.5);
}

function panelView({ name, definition, better, control, marks, logarithmic }: TrustPanel, rows: number): object {
  const sheet = new Sheet();
  const style = { size: FONT_SIZE.label, bold: true };
  sheet.text(fitText(name, { ...style, width: SIZE.marks + SIZE.numbers - 6, lines: 1 }), 0, 8, {
    ...style,
    tip: definition,
  });
  const reads = better === "higher" ? "higher is better →" : "← lower is better";
  sheet.text([reads], 0, 8 + lineHeight(FONT_SIZE.label), { color: COLOUR.muted });
  for (const { row, value } of marks) {
    sheet.text([logarithmic ? roundText(value) : scoreText(value, 2)], SIZE.marks + SIZE.numbers - 6, middleOf(row), {
      align: "right",
      color: COLOUR.muted,
    });
  }
  const height = SIZE.heading + SIZE.row * rows;
  const ends = [
    ...marks.flatMap(({ low, high, value }) => [low, high, value]),
    ...(control === undefined ? [] : [control]),
  ];
  const [from, to] = [Math.min(...(logarithmic ? [] : [0]), ...ends), Math.max(...ends, 0.001)];
  const x = (field: string) => ({
    ...{ field, type: "quantitative" },
    scale: { ...(logarithmic && { type: "log" }), domain: [from, to], range: [4, SIZE.marks - 4], nice: false },
    axis: {
      title: null,
      tickCount: 2,
      labelOverlap: "greedy",
      gridColor: COLOUR.track,
      domain: false,
      ticks: false,
      labelColor: COLOUR.muted,
    },
  });
  const y = { field: "y", type: "quantitative", axis: null, scale: { domain: [height, 0], nice: false, zero: false } };
  const color = { field: "colour", type: "nominal", scale: null, legend: null };
  const values = marks.map(({ row, verdict, ...mark }) => ({
    ...mark,
    y: middleOf(row),
    colour: VERDICTS[verdict].colour,
  }));
  const between = { from: SIZE.heading - 4, to: height };
  return {
    ...{ width: SIZE.marks + SIZE.numbers, height },
    layer: [
      {
        data: { values: control === undefined ? [] : [{ control, ...between }] },
        mark: { type: "rule", strokeDash: [4, 3], color: COLOUR.muted },
        encoding: { x: x("control"), y: { ...y, field: "from" }, y2: { field: "to" } },
      },
      {
        data: { values },
        mark: { type: "rule", strokeWidth: 2 },
        encoding: { x: x("low"), x2: { field: "high" }, y, color },
      },
      {
        data: { values },
        mark: { type: "point", filled: true, size: 52, opacity: 1, tooltip: true },
        encoding: { x: x("value"), y, color },
      },
      ...sheet.layers(),
    ],
  };
}

/** Two figures of a number that may be small or large. */
function roundText(value: number): string {
  return value >= 10 ? value.toFixed(0) : String(Number(value.toPrecision(2)));
}

function describe({ title, ways, panels }: TrustChartData): string {
  const each = panels.map(({ name, better, marks }) => {
    const numbers = marks.map(
      ({ row, value, verdict }) => `${ways[row]} ${scoreText(value, 2)} (${VERDICTS[verdict].name})`,
    );
    return `${name}, ${better} is better: ${numbers.join(", ")}`;
  });
  return `${title}. ${each.join(". ")}.`;
}
