import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import { CamlabError } from "../../kernel-helpers/support/errors.js";
import type { ConfusionMatrix } from "../../kernel-helpers/svm/metrics/confusion-matrix.js";
import { CATEGORY_COLOURS, COLOUR, FONT_SIZE, litePreamble } from "../kit/theme.js";
import type { VegaSpec } from "../kit/vega-spec.js";
import { Widget } from "../kit/widget.js";

/** How a confusion chart is headed. */
export interface ConfusionChartOptions {
  /** Stands above the chart; "What was taken for what" unless given. */
  readonly title?: string;
}

/**
 * What was taken for what: a row a true class, a column a predicted one, in each cell how many pictures; the colour is
 * the share of the row. At the right each class's own accuracy.
 *
 * @param confusion as `confusionMatrix` or a probe's result gives it
 * @throws CamlabError when it has no classes
 * @example
 * const [{ confusion }] = (await learnTasks(network, [task])).results;
 * confusionChart(confusion);
 */
export function confusionChart(confusion: ConfusionMatrix, options: ConfusionChartOptions = {}): Widget {
  if (confusion.classes.length === 0) throw new CamlabError("the confusion matrix has no classes");
  return new Widget(() => confusionChartSpec(confusion, options));
}

const CELL = 30;

/** The chart of `confusionChart` as a Vega-Lite spec. Pure: same counts, same spec. */
export function confusionChartSpec(
  { classes, counts }: ConfusionMatrix,
  { title = "What was taken for what" }: ConfusionChartOptions = {},
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
  const text = (values: readonly object[], mark: object) => ({
    data: { values },
    mark: { type: "text", baseline: "middle", ...mark },
    encoding: { x: place("x"), y: place("y"), text: { field: "text", type: "nominal" } },
  });
  const accuracyOf = (i: number) => (totals[i] > 0 ? `${Math.round((100 * counts[i][i]) / totals[i])} %` : "–");
  return {
    ...litePreamble(describe(readableName(title), names, counts, totals)),
    title: {
      text: readableName(title),
      subtitle: "rows: the truth; columns: what was predicted; right: share of the row that is right",
      subtitleColor: COLOUR.muted,
      offset: 12,
    },
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
      text(
        names.map((name, i) => ({ x: -8, y: middle(i), text: name })),
        { align: "right", limit: 200, fontSize: FONT_SIZE.label + 1 },
      ),
      text(
        names.map((name, i) => ({ x: middle(i), y: -8, text: name })),
        { align: "left", angle: -50, limit: 130 },
      ),
      text(
        names.map((_, i) => ({ x: side + 8, y: middle(i), text: accuracyOf(i) })),
        { align: "left", color: COLOUR.muted },
      ),
    ],
  };
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
