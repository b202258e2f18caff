import { check } from "../../support/check.js";
import { CamlabError, invalid } from "../../support/errors.js";
import { checkPairs } from "./accuracy.js";
import { type Label, orderedClasses } from "../labels.js";

/** How often each class was taken for each. */
export interface ConfusionMatrix<L extends Label = string> {
  readonly classes: readonly L[];
  /** `counts[i][j]`: rows of class i that were predicted as class j. */
  readonly counts: readonly (readonly number[])[];
}

/** What is counted: by name, since truth and prediction look alike. */
export interface ConfusionParts<L extends Label = Label> {
  /** The true class of each row. */
  readonly truth: readonly L[];
  /** The class that was predicted for each row. */
  readonly predicted: readonly L[];
  /** The classes and their order; otherwise those that occur, numbers by value, then names by character code. */
  readonly classes?: readonly L[];
}

/**
 * Counts which class was taken for which. A row of the matrix is a true class and a column a prediction, as
 * scikit-learn has it.
 *
 * @throws CamlabError when a list is missing, the lists differ in length or are empty, or a label is not among `classes`
 * @example
 * svm.confusionMatrix({ truth: testLabels, predicted: detector.predict(testFeatures), classes: detector.classes }).counts;
 */
export function confusionMatrix<L extends Label>(parts: ConfusionParts<L>): ConfusionMatrix<L> {
  const { truth, predicted } = parts;
  if (!Array.isArray(truth) || !Array.isArray(predicted)) {
    throw new CamlabError("a confusion matrix needs both lists by name: confusionMatrix({ truth, predicted })");
  }
  check.known<ConfusionParts<L>>(parts, ["truth", "predicted", "classes"], "confusionMatrix");
  checkPairs(predicted, truth);
  for (const [name, list] of Object.entries({ truth, predicted })) {
    const wrong = list.findIndex((label) => typeof label !== "string" && !Number.isFinite(label));
    if (wrong >= 0) throw invalid(`${name}[${wrong}]`, list[wrong], "a class name or a finite number");
  }
  const classes = parts.classes ?? occurring([...parts.truth, ...parts.predicted]);
  const index = new Map(classes.map((label, i) => [String(label), i]));
  if (index.size < classes.length) throw invalid("classes", classes, "each class once");
  const counts = classes.map(() => classes.map(() => 0));
  parts.truth.forEach((label, row) => {
    const [from, to] = [label, parts.predicted[row]].map((name) => index.get(String(name)));
    if (from === undefined || to === undefined) {
      throw new CamlabError(
        `row ${row} has a class that is not in classes: ${String(label)} → ${String(parts.predicted[row])}`,
      );
    }
    counts[from][to]++;
  });
  return { classes, counts };
}

/** Of a number and its decimal text the first that occurs. */
function occurring<L extends Label>(labels: readonly L[]): L[] {
  const first = new Map<string, L>();
  for (const label of labels) if (!first.has(String(label))) first.set(String(label), label);
  return orderedClasses(labels).map((name) => first.get(name)!);
}
