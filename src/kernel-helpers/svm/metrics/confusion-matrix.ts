import { CamlabError } from "../../support/errors.js";
import { checkPairs } from "./accuracy.js";
import type { Label } from "../labels.js";

/** How often each class was taken for each. */
export interface ConfusionMatrix {
  readonly classes: readonly string[];
  /** `counts[i][j]`: rows of class i that were predicted as class j. */
  readonly counts: readonly (readonly number[])[];
}

/**
 * Counts which class was taken for which.
 *
 * @param classes the classes and their order; otherwise those that occur, by name
 * @throws CamlabError when the lists differ in length or are empty, or a label is not among `classes`
 * @example
 * confusionMatrix(svm.predict(test), testLabels, svm.classes).counts;
 */
export function confusionMatrix(
  predicted: readonly Label[],
  truth: readonly Label[],
  classes?: readonly Label[],
): ConfusionMatrix {
  checkPairs(predicted, truth);
  const names = classes?.map(String) ?? [...new Set([...truth, ...predicted].map(String))].sort();
  const index = new Map(names.map((name, i) => [name, i]));
  const counts = names.map(() => names.map(() => 0));
  truth.forEach((label, row) => {
    const [from, to] = [index.get(String(label)), index.get(String(predicted[row]))];
    if (from === undefined || to === undefined) {
      throw new CamlabError(
        `row ${row} has a class that is not in classes: ${String(label)} → ${String(predicted[row])}`,
      );
    }
    counts[from][to]++;
  });
  return { classes: names, counts };
}
