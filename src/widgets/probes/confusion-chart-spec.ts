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

/** The chart of `confusionChart` as a Vega-Lite spec. Pure: same counts, same spec. */
export function confusionChartSpec(
  { classes, counts }: ConfusionMatrix,
  { title = "What was taken for what" }: { readonly title?: string } = {},
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
  return {
    ...litePreamble(describe(readableName(title), names, counts, totals)),
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
