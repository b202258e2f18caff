import type { TaskLine } from "../../kernel-helpers/discovery/new-task/learn-tasks.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import { invalid } from "../../kernel-helpers/support/errors.js";
import { check } from "../../kernel-helpers/support/check.js";
import { SHOW_OPTIONS, type ShowOptions } from "../kit/show-options.js";
import { countText } from "../kit/text/numbers.js";
import { Widget } from "../kit/widget.js";
import type { ProbeBar } from "./probe-chart-data.js";
import { percentOf } from "./percent-of.js";
import { probeChartSpec } from "./probe-chart-spec.js";

/** What a chart of tasks shows. */
export interface ProbeChartOptions extends ShowOptions {
  /** Stands above the chart; "New tasks, same features" unless given. */
  readonly title?: string;
}

/**
 * New tasks side by side, in the order given: a bar for the accuracy on the test part, its 95 % interval, and a mark
 * where guessing each class equally often would be, 1 / classes.
 *
 * @param lines as `learnTasks` gives them: shares from 0 to 1
 * @throws CamlabError when there are none, or a line's numbers are no shares
 * @example
 * const { lines } = await learnTasks(network, tasks);
 * widgets.probeChart(lines);
 */
export function probeChart(lines: readonly TaskLine[], options: ProbeChartOptions = {}): Widget {
  check.known(options, ["title", ...SHOW_OPTIONS], "probeChart");
  if (!Array.isArray(lines) || lines.length === 0) throw invalid("lines", lines, "the lines of one task or more");
  const { title = "New tasks, same features" } = options;
  const bars = lines.map(barOf);
  return new Widget(() => probeChartSpec({ title: readableName(title), bars }), options);
}

function barOf({ task, classes, test, accuracy, skippedCount }: TaskLine): ProbeBar {
  for (const value of [accuracy.value, accuracy.low, accuracy.high]) {
    if (!(value >= 0 && value <= 1)) throw invalid(`accuracy of ${readableName(task)}`, value, "a share, 0–1");
  }
  const about = [`${countText(classes)} classes`, `${countText(test)} test images`];
  if (skippedCount > 0) about.push(`${countText(skippedCount)} not read`);
  const [share, low, high] = [accuracy.value, accuracy.low, accuracy.high].map(percentOf);
  return { name: readableName(task), note: about.join(", "), accuracy: share, low, high, chance: 100 / classes };
}
