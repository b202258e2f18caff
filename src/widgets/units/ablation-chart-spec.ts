import { drawLegend } from "../kit/sheet/legend.js";
import { lineHeight, Sheet } from "../kit/sheet/sheet.js";
import { fitText, isWhole } from "../kit/text/fit-text.js";
import { percentText, scoreText, shortPercentText } from "../kit/text/numbers.js";
import { CATEGORY_COLOURS, COLOUR, FONT_SIZE, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";
import type { AblationChartData, AblationKind } from "./ablation-chart-data.js";

const KINDS: Readonly<Record<AblationKind, { readonly name: string; readonly colour: string }>> = {
  top: { name: "its own top units silent", colour: CATEGORY_COLOURS[5] },
  random: { name: "as many random units silent", colour: CATEGORY_COLOURS[0] },
  others: { name: "other classes, its own units silent", colour: CATEGORY_COLOURS[2] },
};

const HEIGHT = 210;

/**
 * What is left of classes as more of their units are silent: their own top units, as many random ones, and the other
 * classes. Bands are intervals. Pure: same data, same spec.
 *
 * @example
 * ablationChartSpec({ title: "Silencing units", measure: "accuracy", isShare: true, panels, columns: 1 });
 */
export function ablationChartSpec(data: AblationChartData): VegaSpec {
  const { title, panels, columns } = data;
  const kinds = (Object.keys(KINDS) as AblationKind[]).filter((kind) =>
    panels.some(({ lines }) => lines.some((line) => line.kind === kind)),
  );
  const width = panels.length === 1 ? 460 : 220;
  const sheet = new Sheet();
  const across = Math.min(columns, panels.length) * (width + 60);
  const style = { size: FONT_SIZE.title, bold: true };
  const titles = fitText(title, { ...style, width: across, lines: 2 });
  sheet.text(titles, 0, 9, style);
  const under = 9 + titles.length * lineHeight(FONT_SIZE.title);
  const items = kinds.map((kind) => ({ label: KINDS[kind].name, sign: "disc" as const, colour: KINDS[kind].colour }));
  const high = under + drawLegend(sheet, { items }, 0, under, across);
  return {
    ...litePreamble(describe(data)),
    spacing: 18,
    vconcat: [
      sheet.view(across, high),
      {
        columns,
        spacing: { row: 34, column: 40 },
        concat: panels.map((panel) => panelOf(panel, data, width)),
      },
    ],
  };
}

function describe({ title, measure, panels, isShare }: AblationChartData): string {
  const shown = (value: number) => (isShare ? percentText(value) : scoreText(value, 1));
  const each = panels.map(({ name, lines }) => {
    const ends = lines.map(({ kind, points }) => {
      const way = points.map(({ share, value }) => `${shown(value)} at ${shortPercentText(share, 2)}`).join(", ");
      return `${KINDS[kind].name}: ${way}`;
    });
    return `${name}: ${measure} by share of units silent, ${ends.join("; ")}`;
  });
  return `${title}. ${each.join(". ")}.`;
}

function panelOf(
  { name, lines }: AblationChartData["panels"][number],
  { measure, isShare }: AblationChartData,
  width: number,
): unknown {
  const values = lines.flatMap(({ kind, points }) =>
    points.map((point) => ({ ...point, name: KINDS[kind].name, colour: KINDS[kind].colour })),
  );
  const most = Math.max(...values.map(({ share }) => share));
  const x = {
    field: "share",
    type: "quantitative",
    scale: { type: "sqrt", domain: [0, most], nice: false },
    axis: {
      title: "units silent (root scale)",
      format: "~%",
      grid: false,
      values: [0, 0.01, 0.05, 0.1, 0.2, 0.5, 1].filter((share) => share <= most),
    },
  };
  const y = (field: string) => ({
    field,
    type: "quantitative",
    scale: isShare ? { domain: [0, 1] } : { zero: true, nice: true },
    axis: {
      title: measure,
      gridColor: COLOUR.track,
      domain: false,
      ticks: false,
      labelPadding: 7,
      ...(isShare && { format: "%" }),
    },
  });
  const color = { field: "colour", type: "nominal", scale: null, legend: null };
  const heading = new Sheet();
  const style = { size: FONT_SIZE.heading, bold: true };
  const words = fitText(name, { ...style, width, lines: 2 });
  const top = -12 - (words.length - 1) * lineHeight(FONT_SIZE.heading);
  heading.text(words, 0, top, { ...style, ...(!isWhole(name, words) && { tip: name }) });
  const banded = values.filter(({ low, high }) => low !== undefined && high !== undefined);
  return {
    width,
    height: HEIGHT,
    layer: [
      ...heading.layers(),
      ...(banded.length
        ? [
            {
              data: { values: banded },
              mark: { type: "area", opacity: 0.18 },
              encoding: { x, y: y("low"), y2: { field: "high" }, color, detail: { field: "name" } },
            },
          ]
        : []),
      {
        data: { values },
        mark: { type: "line", strokeWidth: 2.2, point: { size: 34, filled: true }, tooltip: true },
        encoding: { x, y: y("value"), color, detail: { field: "name" } },
      },
    ],
  };
}
