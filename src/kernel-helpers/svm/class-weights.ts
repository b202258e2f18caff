import { check } from "../support/check.js";
import { invalid } from "../support/errors.js";
import type { EncodedLabels } from "./labels.js";

/**
 * What multiplies the cost of a class's rows: `balanced`, or numbers by class name (1 for a class that is not named).
 */
export type ClassWeights = "balanced" | Readonly<Record<string, number>>;

/**
 * The factors of each problem's costs: its negative rows', then its positive rows'.
 *
 * As in liblinear and scikit-learn, of more than two classes a class's weight counts in its own problem only: among
 * the negative rows of another class's problem its rows weigh 1. Of two classes both weigh in the one problem.
 * Multilabel: a class's weight is that of its positive rows.
 *
 * `balanced` gives rare classes more: n / (classes · n_c) to class c, as scikit-learn does; multilabel
 * n / (2 n_positive) and n / (2 n_negative) in each problem.
 *
 * @throws CamlabError for a class that does not exist and for a weight that is not above 0
 */
export function classCosts(labels: EncodedLabels, weights: ClassWeights | undefined): Float64Array {
  const { kind, classes, problems, rows } = labels;
  const costs = new Float64Array(2 * problems.length).fill(1);
  if (weights === undefined) return costs;
  if (weights !== "balanced") checkWeights(weights, classes);
  problems.forEach((name, problem) => {
    if (weights === "balanced") {
      let positives = 0;
      for (let row = 0; row < rows; row++) if (labels.isPositive(problem, row)) positives++;
      const share = kind === "multiclass" ? classes.length : 2;
      if (kind !== "multiclass") costs[2 * problem] = rows / (2 * (rows - positives));
      costs[2 * problem + 1] = rows / (share * positives);
    } else {
      if (kind === "binary") costs[2 * problem] = weights[classes[0]] ?? 1;
      costs[2 * problem + 1] = weights[name] ?? 1;
    }
  });
  return costs;
}

function checkWeights(weights: Readonly<Record<string, number>>, classes: readonly string[]): void {
  for (const [name, weight] of Object.entries(weights)) {
    if (!classes.includes(name)) throw invalid("class of classWeights", name, `one of ${classes.length} classes`);
    check.positive(`class weight of ${JSON.stringify(name)}`, weight);
  }
}
