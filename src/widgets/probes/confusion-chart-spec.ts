import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import type { ConfusionMatrix } from "../../kernel-helpers/svm/metrics/confusion-matrix.js";
import { drawRowName } from "../kit/sheet/row-names.js";
import { Sheet } from "../kit/sheet/sheet.js";
import { chartTitle } from "../kit/text/chart-title.js";
import { fitText, isWhole } from "../kit/text/fit-text.js";
import { percentText } from "../kit/text/numbers.js";
import { textWidth } from "../kit/text/text-width.js";
import { CATEGORY_COLOURS, COLOUR, FONT_SIZE, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";

const CELL = 30;

/** What a confusion chart shows beside its counts. */
export interface ConfusionChartParts {
  readonly title?: string;
  /** Pictures of the cells, each cell's in the order in which they are shown. */
  readonly tiles?: readonly ConfusionTile[];
}

/** A picture of a cell. */
export interface ConfusionTile {
  /** Its true class, and what it was taken for. */
  readonly i: number;
  readonly j: number;
  /** Its place among the pictures of its cell. */
  readonly nth: number;
  readonly name: string;
  readonly uri: string;
  /** The map over it, with the picture in muted colours in place of `uri`. */
  readonly heatUri?: string;
}

/** Pictures of a cell are drawn so high, and so many of them beside each other. */
export const CONFUSION_TILE = { side: 112, most: 6 } as const;

/** The chart of `confusionChart` as a Vega-Lite spec. Pure: same counts, same spec. */
export function confusionChartSpec(
  { classes, counts }: ConfusionMatrix,
  { title = "What was taken for what", tiles = [] }: ConfusionChartParts = {},
): VegaSpec {
  const names = classes.map(readableName);
  const totals = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  const side = CELL * classes.length;
  const most = Math.max(...counts.flat());
  // Cells are told apart by their place: two classes may look alike.
  const middle = (at: number) => CELL * (at + 0.5);
  const cells = counts.flatMap((row, i) =>
    row.flatMap((count, j) =>
      count > 0
        ? [
            {
              ...{ i, j },
              x: middle(j),
              y: middle(i),
              truth: names[i],
              predicted: names[j],
              count,
              share: count / totals[i],
              right: i === j,
            },
          ]
        : [],
    ),
  );
  const place = (field: string) => ({ field, type: "quantitative", axis: null, scale: null });
  const sheet = new Sheet();
  drawNames(sheet, names, (i) => (totals[i] > 0 ? percentText(counts[i][i] / totals[i]) : "–"));
  const matrix = {
    title: chartTitle(readableName(title), { subtitle: LEGEND, width: Math.max(side + 200, 420), offset: 12 }),
    width: side,
    height: side,
    layer: [
      grid(classes.length),
      {
        data: { values: cells },
        mark: { type: "square", size: (CELL - 3) ** 2, opacity: 1, tooltip: true },
        encoding: {
          x: place("x"),
          y: place("y"),
          color: {
            field: "share",
            type: "quantitative",
            scale: { domain: [0, 1], range: ["#f1f5f9", CATEGORY_COLOURS[0]] },
            legend: null,
          },
          tooltip: ["truth", "predicted", "count"].map((field) => ({ field, type: "nominal" })),
        },
      },
      {
        data: { values: cells },
        mark: { type: "text", baseline: "middle", ...(most >= 1000 && { fontSize: most >= 10_000 ? 8 : 10 }) },
        encoding: {
          x: place("x"),
          y: place("y"),
          text: { field: "count", type: "quantitative" },
          color: { condition: { test: "datum.share > 0.55", value: "#ffffff" }, value: COLOUR.text },
        },
      },
      ...sheet.layers(),
      ...(tiles.length > 0 ? [choice(cells, names, tiles)] : []),
    ],
  };
  const preamble = litePreamble(describe(readableName(title), names, counts, totals));
  return tiles.length > 0
    ? { ...preamble, vconcat: [matrix, pictures(tiles)], spacing: 24 }
    : { ...preamble, ...matrix };
}

/** What is clicked on: it lies over all cells. */
function choice(cells: readonly object[], names: readonly string[], tiles: readonly ConfusionTile[]): object {
  const place = (field: string) => ({ field, type: "quantitative", axis: null, scale: null });
  return {
    data: { values: cells },
    params: [cellChoice(names, tiles)],
    mark: { type: "square", size: (CELL - 3) ** 2, filled: false, fill: "transparent", opacity: 1, cursor: "pointer" },
    encoding: {
      ...{ x: place("x"), y: place("y") },
      stroke: { condition: { param: "cell", empty: false, value: CATEGORY_COLOURS[5] }, value: "transparent" },
      strokeWidth: { value: 3 },
      tooltip: ["truth", "predicted", "count"].map((field) => ({ field, type: "nominal" })),
    },
  };
}

/** The cell whose pictures are shown: clicked on, or chosen by its names; at first the wrong one with most pictures. */
function cellChoice(names: readonly string[], tiles: readonly ConfusionTile[]): object {
  const first = tiles.reduce((most, tile) => (worth(tile) > worth(most) ? tile : most));
  const options = names.map((_, at) => at);
  const choose = (label: string) => ({ input: "select", options, labels: names, name: `${label} ` });
  return {
    name: "cell",
    select: { type: "point", fields: ["i", "j"], on: "click", toggle: false, clear: false },
    bind: { i: choose("pictures of"), j: choose("taken for") },
    value: [{ i: first.i, j: first.j }],
  };
}

/** How much a cell's last picture is worth being shown first: wrong ones before right ones, many before few. */
function worth({ i, j, nth }: ConfusionTile): number {
  return nth + (i === j ? 0 : 1000);
}

/** The pictures of the chosen cell, with their maps where they have them. */
function pictures(tiles: readonly ConfusionTile[]): object {
  const { side, most } = CONFUSION_TILE;
  const pixel = (field: string) => ({ field, type: "quantitative", scale: null, axis: null });
  const at = tiles.map((tile) => ({ ...tile, x: tile.nth * (side + 10), y: 20 }));
  const image = (url: string) => ({
    ...(url === "heatUri" && { transform: [{ filter: "isValid(datum.heatUri)" }] }),
    mark: {
      type: "image",
      align: "left",
      baseline: "top",
      aspect: true,
      width: side,
      height: side,
      opacity: url === "heatUri" ? 0.65 : 1,
    },
    encoding: {
      ...{ x: pixel("x"), y: pixel("y"), url: { field: url, type: "nominal" } },
      ...{ tooltip: { field: "name", type: "nominal" }, description: { field: "name" } },
    },
  });
  return {
    ...{ width: most * (side + 10) - 10, height: side + 24 },
    layer: [
      {
        data: { values: [{}] },
        mark: { type: "text", align: "left", baseline: "top", x: 0, y: 0, text: "pictures of the chosen cell" },
      },
      {
        data: { values: at },
        transform: [{ filter: { param: "cell", empty: false } }],
        layer: [image("uri"), image("heatUri")],
      },
    ],
  };
}

const LEGEND = "rows: the truth; columns: what was predicted; right: share of the row that is right";
const SLOPE = 50;
const LONGEST_COLUMN = 190;

/** The truth at the left, what was predicted above, each class's own accuracy at the right. */
function drawNames(sheet: Sheet, names: readonly string[], accuracyOf: (i: number) => string): void {
  const label = { size: FONT_SIZE.label };
  const columns = names.map((name) => fitText(name, { ...label, width: LONGEST_COLUMN })[0]);
  const longest = Math.max(...columns.map((name) => textWidth(name, label)));
  names.forEach((name, i) => {
    const middle = CELL * (i + 0.5);
    drawRowName(sheet, name, middle, { x: -8 });
    const tip = isWhole(name, [columns[i]]) ? {} : { tip: name };
    sheet.text([columns[i]], middle, -8, { angle: -SLOPE, ...tip });
    sheet.text([accuracyOf(i)], CELL * names.length + 8, middle, { color: COLOUR.muted });
  });
  const top = -20 - longest * Math.sin((SLOPE * Math.PI) / 180);
  sheet.text(["predicted →"], 0, top, { bold: true });
  sheet.text(["truth ↓"], -8, -12, { align: "right", bold: true });
}

function grid(count: number): unknown {
  const at = Array.from({ length: count + 1 }, (_, i) => ({ at: CELL * i }));
  const field = { field: "at", type: "quantitative", axis: null, scale: null };
  const rule = (encoding: object) => ({ mark: { type: "rule", color: COLOUR.track }, encoding });
  const end = { value: CELL * count };
  return {
    data: { values: at },
    layer: [rule({ x: field, y: { value: 0 }, y2: end }), rule({ y: field, x: { value: 0 }, x2: end })],
  };
}

function describe(
  title: string,
  names: readonly string[],
  counts: ConfusionMatrix["counts"],
  totals: readonly number[],
): string {
  const each = names.map((name, i) => {
    const [taken, count] = counts[i].reduce<[number, number]>(
      (most, count, j) => (j !== i && count > most[1] ? [j, count] : most),
      [-1, 0],
    );
    const confused = count > 0 ? `, most often taken for ${names[taken]} (${count})` : "";
    return `${name}: ${counts[i][i]} of ${totals[i]} right${confused}`;
  });
  return `${title}. ${each.join("; ")}.`;
}
