import type { MapLegend, PhrasePanel, PhraseRow, PhraseRowsData } from "./phrase-chart-data.js";
import { COLOUR, FONT_SIZE } from "../kit/theme.js";

const GAP = 10;
const LABEL_HEIGHT = 20;
/** A note may be wider than a row of few photos. */
const NOTE_WIDTH = 620;
/** Green and vermilion of Okabe and Ito: they differ for colour-blind readers, and a sign says the same. */
const HOLDS = { yes: "#009e73", no: "#d55e00" } as const;

/** Rows of photos, each with a heading, as views of a Vega-Lite `vconcat`; the legend comes last. */
export function rowViews(data: PhraseRowsData): unknown[] {
  return [...data.rows.map((row) => rowView(row, data)), legendView(data.legend, hasHolds(data), hasBoxes(data))];
}

/** What is to be seen in the rows, in words. */
export function describeRows({ rows }: PhraseRowsData): string {
  return rows
    .map(({ title, panels }) => `${title}: ${panels.map(({ name, label }) => `${name} ${label}`.trim()).join(", ")}.`)
    .join(" ");
}

function hasHolds({ rows }: PhraseRowsData): boolean {
  return rows.some(({ panels }) => panels.some(({ holds }) => holds !== undefined));
}

function hasBoxes({ rows }: PhraseRowsData): boolean {
  return rows.some(({ panels }) => panels.some(({ boxes }) => boxes.length > 0));
}

/** A photo and where it stands in its row, in pixels. */
interface Placed {
  readonly panel: PhrasePanel;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Photos stand on one line, each centred in a square of the given side. */
function placed(panels: readonly PhrasePanel[], size: number): Placed[] {
  return panels.map((panel, i) => {
    const width = Math.max(4, size * Math.min(1, panel.aspect));
    const height = Math.max(4, size / Math.max(1, panel.aspect));
    return { panel, x: i * (size + GAP) + (size - width) / 2, y: size - height, width, height };
  });
}

function rowView({ title, note, panels }: PhraseRow, { size, opacity }: PhraseRowsData): unknown {
  const all = placed(panels, size);
  const width = Math.max(1, panels.length) * (size + GAP) - GAP;
  const top = note === undefined ? -12 : -26;
  return {
    width,
    height: size + LABEL_HEIGHT,
    layer: [
      line(title, { y: top, limit: width, fontWeight: "bold", fontSize: FONT_SIZE.heading }),
      ...(note === undefined ? [] : [line(note, { y: -10, limit: Math.max(width, NOTE_WIDTH), color: COLOUR.muted })]),
      ...pictures(all, opacity),
      ...boxes(all),
      ...frames(all),
      labels(all),
    ],
  };
}

/** Photos of one size share a layer: Vega-Lite takes an image's width and height from the mark. */
function pictures(all: readonly Placed[], opacity: number): unknown[] {
  const layersOf = (uriOf: (panel: PhrasePanel) => string | undefined, style: object) => {
    const bySize = new Map<string, Placed[]>();
    for (const each of all) {
      if (uriOf(each.panel) === undefined) continue;
      const key = `${each.width}×${each.height}`;
      bySize.set(key, [...(bySize.get(key) ?? []), each]);
    }
    return [...bySize.values()].map((same) => ({
      data: { values: same.map(({ panel, x, y }) => ({ uri: uriOf(panel), name: panel.name, x, y })) },
      mark: {
        ...{ type: "image", align: "left", baseline: "top", aspect: false, ...style },
        ...{ width: same[0].width, height: same[0].height },
      },
      encoding: {
        ...{ x: pixels("x"), y: pixels("y") },
        url: { field: "uri", type: "nominal" },
        tooltip: { field: "name", type: "nominal" },
      },
    }));
  };
  return [...layersOf(({ uri }) => uri, {}), ...layersOf(({ heatUri }) => heatUri, { opacity })];
}

/** A field that holds pixels already. */
function pixels(field: string) {
  return { field, type: "quantitative", scale: null, axis: null };
}

/** True places: a light line on a dark halo, so that it shows on any photo and any heat. */
function boxes(all: readonly Placed[]): unknown[] {
  const values = all.flatMap(({ panel, x, y, width, height }) =>
    panel.boxes.map((box) => ({
      x: x + box.x * width,
      y: y + box.y * height,
      x2: x + (box.x + box.width) * width,
      y2: y + (box.y + box.height) * height,
    })),
  );
  if (values.length === 0) return [];
  const style = { type: "rect", fill: "transparent", strokeJoin: "round" };
  return [
    rects(values, { ...style, stroke: COLOUR.boxHalo, strokeWidth: 3.5, strokeOpacity: 0.7 }),
    rects(values, { ...style, stroke: COLOUR.box, strokeWidth: 1.5 }),
  ];
}

function frames(all: readonly Placed[]): unknown[] {
  return [true, false].flatMap((holds) => {
    const values = all
      .filter(({ panel }) => panel.holds === holds)
      .map(({ x, y, width, height }) => ({ x, y, x2: x + width, y2: y + height }));
    const style = { type: "rect", fill: "transparent", strokeWidth: 3, stroke: holds ? HOLDS.yes : HOLDS.no };
    return values.length > 0 ? [rects(values, style)] : [];
  });
}

function rects(values: readonly object[], mark: object): unknown {
  const encoding = { x: pixels("x"), x2: { field: "x2" }, y: pixels("y"), y2: { field: "y2" } };
  return { data: { values }, mark, encoding };
}

function labels(all: readonly Placed[]): unknown {
  const values = all.map(({ panel, x, width, y, height }) => ({
    text: [panel.holds === undefined ? "" : panel.holds ? "✓" : "✗", panel.label].filter(Boolean).join(" "),
    colour: panel.holds === undefined ? COLOUR.muted : panel.holds ? "#00704f" : "#a84300",
    x: x + width / 2,
    y: y + height + 11,
  }));
  return {
    data: { values },
    mark: { type: "text", align: "center", baseline: "middle", fontSize: FONT_SIZE.label },
    encoding: {
      text: { field: "text", type: "nominal" },
      color: { field: "colour", type: "nominal", scale: null },
      x: pixels("x"),
      y: pixels("y"),
    },
  };
}

/** Text goes through a data field, so that nothing in it can be taken for anything but text. */
function line(text: string, style: object): unknown {
  return {
    data: { values: [{ text }] },
    mark: { type: "text", x: 0, align: "left", baseline: "middle", ...style },
    encoding: { text: { field: "text", type: "nominal" }, tooltip: { field: "text", type: "nominal" } },
  };
}

function legendView({ colours, labels: names }: MapLegend, holds: boolean, boxed: boolean): unknown {
  const stops = colours.map((color, i) => ({ offset: i / (colours.length - 1), color }));
  const notes = [
    ...(holds ? ["✓ green frame: its captions say the phrase    ✗ red frame: they do not"] : []),
    ...(boxed ? ["white box: where the phrase is in truth"] : []),
  ];
  return {
    width: 180,
    height: 26,
    layer: [
      {
        data: { values: [{}] },
        mark: { type: "rect", cornerRadius: 2, color: { x1: 0, y1: 0, x2: 1, y2: 0, gradient: "linear", stops } },
        encoding: { x: { value: 0 }, x2: { value: 180 }, y: { value: 0 }, y2: { value: 10 } },
      },
      ...names.map((name, i) =>
        line(name, { x: i === 0 ? 0 : 180, y: 20, align: i === 0 ? "left" : "right", color: COLOUR.muted }),
      ),
      ...notes.map((note, i) => line(note, { x: 204, y: 5 + i * 15, color: COLOUR.muted })),
    ],
  };
}
