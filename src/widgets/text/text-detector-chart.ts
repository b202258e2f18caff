import type { TextScores } from "../../kernel-helpers/discovery/text/text-scores.js";
import { check } from "../../kernel-helpers/support/check.js";
import { CamlabError } from "../../kernel-helpers/support/errors.js";
import { SHOW_OPTIONS, type ShowOptions } from "../kit/show-options.js";
import { Widget } from "../kit/widget.js";
import { textDetectorChartSpec } from "./text-detector-chart-spec.js";

/**
 * Text detectors side by side: how well each tells pictures apart, and how well its map finds the words, with 95 %
 * intervals; an upright mark shows what chance would reach.
 *
 * @param detectors their scores by name
 * @throws CamlabError when there are none
 * @example
 * widgets.textDetectorChart({ "these streets": text.findings.scores });
 */
export function textDetectorChart(detectors: Readonly<Record<string, TextScores>>, options: ShowOptions = {}): Widget {
  check.known(options, SHOW_OPTIONS, "textDetectorChart");
  if (Object.keys(detectors).length === 0) throw new CamlabError("there are no text detectors to compare");
  return new Widget(() => textDetectorChartSpec(detectors), options);
}
