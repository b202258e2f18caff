import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import { invalid } from "../../kernel-helpers/support/errors.js";
import type { EpochRecord } from "../../kernel-helpers/training/loop/training-events.js";
import { check } from "../../kernel-helpers/support/check.js";
import { SHOW_OPTIONS, type ShowOptions } from "../kit/show-options.js";
import { Widget } from "../kit/widget.js";
import type { TrainingLine } from "./training-curve-data.js";
import { trainingCurveSpec } from "./training-curve-spec.js";

/** A training to draw: what `trainGapNetwork` gives fits. */
export interface TrainingRun {
  /** What the legend calls it; runs of one name, such as several seeds, share a colour. "training" unless given. */
  readonly name?: string;
  readonly history: readonly Pick<EpochRecord, "epoch" | "loss" | "validation">[];
}

/** What curves of trainings show. */
export interface TrainingCurveOptions extends ShowOptions {
  /** Stands above the curves; "Training" unless given. */
  readonly title?: string;
}

export const TRAINING_CURVE_OPTIONS = ["title", ...SHOW_OPTIONS] as const;

/**
 * How a network learned, or several: the loss of every epoch, and beside it the accuracy (mean average precision where
 * several labels may be true) on the images for validation, where there were some.
 *
 * @throws CamlabError when there is no run, or one has no epochs
 * @example
 * const trained = await trainGapNetwork({ graph: net, pictures });
 * widgets.trainingCurve(trained);
 * widgets.trainingCurve([{ name: "from scratch", ...trained }, { name: "the same again", ...trained }]);
 */
export function trainingCurve(runs: TrainingRun | readonly TrainingRun[], options: TrainingCurveOptions = {}): Widget {
  check.known(options, TRAINING_CURVE_OPTIONS, "trainingCurve");
  const list = [runs].flat() as readonly TrainingRun[];
  if (list.length === 0) throw invalid("runs", runs, "one training or more");
  const { title = "Training" } = options;
  const lines = list.map(lineOf);
  const names = [...new Set(lines.map(({ name }) => name))];
  const judged = lines.some(({ points }) => points.some(({ figure }) => figure !== undefined));
  const precision = list.some(({ history }) =>
    history.some((epoch) => epoch.validation?.meanAveragePrecision !== undefined),
  );
  const figureName = precision ? "validation mean average precision, %" : "validation accuracy, %";
  const data = { title: readableName(title), names, lines, ...(judged && { figureName }) };
  return new Widget(() => trainingCurveSpec(data), options);
}

function lineOf({ name = "training", history }: TrainingRun): TrainingLine {
  if (!Array.isArray(history) || history.length === 0) {
    throw invalid(`history of ${readableName(name)}`, history, "one epoch or more");
  }
  const points = (history as TrainingRun["history"]).map(({ epoch, loss, validation }) => {
    if (!Number.isFinite(loss)) throw invalid(`loss of ${readableName(name)}, epoch ${epoch}`, loss, "a number");
    const figure = validation?.accuracy ?? validation?.meanAveragePrecision;
    return { epoch, loss, ...(figure !== undefined && { figure: 100 * figure }) };
  });
  return { name: readableName(name), points };
}
