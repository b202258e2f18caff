import type { TrustReport } from "../../kernel-helpers/boxes/trust/trust.js";
import type { TrustRow } from "../../kernel-helpers/boxes/trust/trust-rows.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import { check } from "../../kernel-helpers/support/check.js";
import { invalid } from "../../kernel-helpers/support/errors.js";
import { SHOW_OPTIONS, type ShowOptions } from "../kit/show-options.js";
import { countText } from "../kit/text/numbers.js";
import { Widget } from "../kit/widget.js";
import type { TrustMark, TrustPanel } from "./trust-chart-data.js";
import { trustChartSpec } from "./trust-chart-spec.js";

/** What a chart of measures shows. */
export interface TrustChartOptions extends ShowOptions {
  /** Stands above the chart; "Which map to believe" unless given. */
  readonly title?: string;
  /** Panels a row; 4 unless given. */
  readonly columns?: number;
}

/**
 * Which map to believe: a panel a measure, a row a way, means with 95 % intervals, and a dashed line where a map is that
 * knows nothing of the photo. Colours say whether a way is told apart from it on the same pictures.
 *
 * @param report as `boxes.trust` gives it
 * @throws CamlabError for something else, and for columns that are no count
 * @example
 * widgets.trustChart(await boxes.trust(network, pictures, { ways: ["cam", "saliency"] }));
 */
export function trustChart(report: TrustReport, options: TrustChartOptions = {}): Widget {
  check.known(options, ["title", "columns", ...SHOW_OPTIONS], "trustChart");
  if (!Array.isArray((report as Partial<TrustReport>)?.rows)) throw invalid("report", report, "what boxes.trust gives");
  const { title = "Which map to believe", columns = 4 } = options;
  check.counts({ columns });
  const { rows, pictures, network } = report;
  const panels = trustPanels(report);
  const spec = () =>
    trustChartSpec({
      title: readableName(title),
      subtitle: `${readableName(network)}, ${countText(pictures.length)} pictures; lines are 95 % intervals over pictures`,
      ways: rows.map((row) => row.title),
      panels,
      columns: Math.min(columns, panels.length),
    });
  return new Widget(spec, options);
}

/** A panel for each measure that some way has. */
export function trustPanels({ rows, measures }: Pick<TrustReport, "rows" | "measures">): TrustPanel[] {
  return measures.flatMap(({ name, title: heading, definition, better, control = "random" }): TrustPanel[] => {
    const marks = rows.flatMap((row, i) => markOf(row, name, i));
    if (marks.length === 0) return [];
    const known = rows.find(({ way }) => way === control)?.values[name].value;
    return [{ name: heading, definition, better, marks, ...(Number.isFinite(known) && { control: known }) }];
  });
}

function markOf({ control, values, overControl }: TrustRow, measure: string, row: number): TrustMark[] {
  const { value, low, high } = values[measure];
  if (!Number.isFinite(value)) return [];
  const { low: least, high: most } = overControl[measure];
  const verdict = control
    ? "control"
    : !Number.isFinite(least)
      ? "plain"
      : least > 0
        ? "better"
        : most < 0
          ? "worse"
          : "alike";
  return [{ row, value, low: Number.isFinite(low) ? low : value, high: Number.isFinite(high) ? high : value, verdict }];
}
