import { check } from "../support/check.js";
import { CamlabError } from "../support/errors.js";
import { seededRandom, shuffled } from "../support/random.js";
import { classCosts, type ClassWeights } from "./class-weights.js";
import type { EncodedLabels } from "./labels.js";
import { checkProblems, selectLabels } from "./labels.js";

/** A split of the rows: most to train on, the rest to test. */
export interface Fold {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * Splits rows into folds that hold each class in equal shares, as nearly as whole rows allow (multilabel: each set of
 * labels that occurs).
 *
 * @param count at least 2, at most the rows of the smallest class
 * @param seed same seed, same folds
 * @throws CamlabError when a class has too few rows to be in every training part
 */
export function stratifiedFolds(labels: EncodedLabels, count: number, seed: number): Fold[] {
  check.wholeNumber("folds", count, { from: 2 });
  const strata = new Map<string, number[]>();
  for (let row = 0; row < labels.rows; row++) {
    const key = labels.codes?.[row] ?? labels.problems.map((_, k) => (labels.isPositive(k, row) ? 1 : 0)).join("");
    const stratum = strata.get(String(key));
    if (stratum) stratum.push(row);
    else strata.set(String(key), [row]);
  }
  checkSmallest(labels, count);
  const foldOf = new Int32Array(labels.rows);
  const random = seededRandom(`folds ${seed}`);
  let next = 0;
  // Dealt out in turn, on from where the class before ended: folds differ by at most one row.
  for (const key of [...strata.keys()].sort()) {
    for (const row of shuffled(strata.get(key) ?? [], random)) foldOf[row] = next++ % count;
  }
  const rows = Int32Array.from(foldOf.keys());
  return Array.from({ length: count }, (_, fold) => ({
    train: rows.filter((row) => foldOf[row] !== fold),
    test: rows.filter((row) => foldOf[row] === fold),
  }));
}

function checkSmallest(labels: EncodedLabels, count: number): void {
  if (!labels.codes) return;
  const sizes = labels.classes.map(() => 0);
  for (const code of labels.codes) sizes[code]++;
  const smallest = Math.min(...sizes);
  if (smallest >= count) return;
  throw new CamlabError(
    `class ${JSON.stringify(labels.classes[sizes.indexOf(smallest)])} has ${smallest} rows, fewer than the ${count} folds: ` +
      "use fewer folds, or leave that class out",
  );
}

/**
 * The same question put to some of the rows; balanced weights are those of these rows alone.
 *
 * @throws CamlabError when a class has none of them
 */
export function foldSetting<
  Setting extends {
    readonly rows: Int32Array;
    readonly labels: EncodedLabels;
    readonly classWeights?: ClassWeights;
    readonly classCosts: Float64Array;
    readonly sampleWeights?: Float64Array;
  },
>(setting: Setting, rows: Int32Array): Setting {
  const { classWeights, sampleWeights } = setting;
  const labels = checkProblems(selectLabels(setting.labels, rows));
  return {
    ...setting,
    rows,
    labels,
    classCosts: classCosts(labels, classWeights),
    sampleWeights: sampleWeights && Float64Array.from(rows, (row) => sampleWeights[row]),
  };
}
