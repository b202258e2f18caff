import { CATEGORY_COLOURS, COLOUR, FONT_SIZE, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";

/** Everything that a chart of silenced units shows, as plain data. */
export interface AblationChartData {
  readonly title: string;
  /** What goes up: "accuracy", "mean score". */
  readonly measure: string;
  /** Whether values are shares, shown in percent from 0 to 1. */
  readonly isShare: boolean;
  /** Side by side: all classes, or one each. */
  readonly panels: readonly { readonly name: string; readonly lines: readonly AblationLine[] }[];
  /** Panels a row. */
  readonly columns: number;
}

/** What is left as more and more units are silent. */
export interface AblationLine {
  /** Whose units are silent, or who is watched: the same in all panels. */
  readonly kind: AblationKind;
  /** From no unit on; `share` of all units. */
  readonly points: readonly {
    readonly share: number;
    readonly value: number;
    readonly low?: number;
    readonly high?: number;
  }[];
}

export type AblationKind = "top" | "random" | "others";

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
  return {
    ...litePreamble(describe(data)),
    spacing: 18,
    vconcat: [
      { width: 640, height: 46, layer: legend(title, kinds) },
      {
        columns,
        spacing: { row: 34, column: 40 },
        concat: panels.map((panel) => panelOf(panel, data, width)),
      },
    ],
  };
}

function describe({ title, measure, panels, isShare }: AblationChartData): string {
  const shown = (value: number) => (isShare ? `${(100 * value).toFixed(0)} %` : value.toFixed(1));
  const each = panels.map(({ name, lines }) => {
    const ends = lines.map(({ kind, points }) => {
      const way = points.map(({ share, value }) => `${shown(value)} at ${percent(share)}`).join(", ");
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
  const banded = values.filter(({ low, high }) => low !== undefined && high !== undefined);
  return {
    width,
    height: HEIGHT,
    layer: [
      {
        data: { values: [{ words: name }] },
        mark: {
          type: "text",
          x: 0,
          y: -12,
          align: "left",
          fontSize: FONT_SIZE.heading,
          fontWeight: "bold",
          limit: width,
        },
        encoding: { text: { field: "words", type: "nominal" } },
      },
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

function legend(title: string, kinds: readonly AblationKind[]): unknown[] {
  return [
    text(title, { y: 8, fontSize: FONT_SIZE.title, fontWeight: "bold" }),
    ...kinds.flatMap((kind, i) => [
      text("●", { x: i * 210, y: 36, color: KINDS[kind].colour, fontSize: FONT_SIZE.heading }),
      text(KINDS[kind].name, { x: i * 210 + 16, y: 36, color: COLOUR.muted }),
    ]),
  ];
}

/** Text goes through a data field, so that nothing in it can be taken for anything but text. */
function text(words: string, style: Record<string, unknown>): unknown {
  return {
    data: { values: [{ words }] },
    mark: { type: "text", x: 0, align: "left", baseline: "middle", ...style },
    encoding: { text: { field: "words", type: "nominal" } },
  };
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
