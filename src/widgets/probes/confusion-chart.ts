import { check } from "../../kernel-helpers/support/check.js";
import { CamlabError } from "../../kernel-helpers/support/errors.js";
import type { ConfusionMatrix } from "../../kernel-helpers/svm/metrics/confusion-matrix.js";
import { SHOW_OPTIONS, type ShowOptions } from "../kit/show-options.js";
import { Widget } from "../kit/widget.js";
import { confusionChartSpec } from "./confusion-chart-spec.js";

/** How a confusion chart is headed. */
export interface ConfusionChartOptions extends ShowOptions {
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
 * const [{ findings }] = (await learnTasks(network, tasks)).results;
 * widgets.confusionChart(findings.confusion);
 */
export function confusionChart(confusion: ConfusionMatrix, options: ConfusionChartOptions = {}): Widget {
  check.known(options, ["title", ...SHOW_OPTIONS], "confusionChart");
  if (confusion.classes.length === 0) throw new CamlabError("the confusion matrix has no classes");
  const { title = "What was taken for what" } = options;
  return new Widget(() => confusionChartSpec(confusion, { title }), options);
}
