import { CamlabError } from "../../support/errors.js";
import type { Label } from "../labels.js";

/**
 * The share of rows whose predicted class is the true one.
 *
 * @throws CamlabError when the lists differ in length or are empty
 * @example
 * svm.accuracy(["cat", "dog"], ["cat", "cat"]); // 0.5
 */
export function accuracy(predicted: readonly Label[], truth: readonly Label[]): number {
  checkPairs(predicted, truth);
  return truth.filter((label, row) => String(label) === String(predicted[row])).length / truth.length;
}

/**
 * The mean over the true classes of the share of their rows that are predicted right (scikit-learn's balanced
 * accuracy): rare classes count as much as common ones.
 *
 * @throws CamlabError when the lists differ in length or are empty
 * @example
 * svm.meanClassAccuracy(["a", "a", "a"], ["a", "a", "b"]); // 0.5
 */
export function meanClassAccuracy(predicted: readonly Label[], truth: readonly Label[]): number {
  checkPairs(predicted, truth);
  const counts = new Map<string, { right: number; all: number }>();
  truth.forEach((label, row) => {
    const name = String(label);
    const { right, all } = counts.get(name) ?? { right: 0, all: 0 };
    counts.set(name, { right: right + (name === String(predicted[row]) ? 1 : 0), all: all + 1 });
  });
  let sum = 0;
  for (const { right, all } of counts.values()) sum += right / all;
  return sum / counts.size;
}

/** Refuses predictions that do not go with the truth, row by row. */
export function checkPairs(predicted: readonly unknown[], truth: readonly unknown[]): void {
  if (predicted.length === truth.length && truth.length > 0) return;
  throw new CamlabError(`${predicted.length} predictions do not go with ${truth.length} labels, one a row`);
}
