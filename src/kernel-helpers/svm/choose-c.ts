import { check, optionNames } from "../support/check.js";
import { CamlabError, invalid } from "../support/errors.js";
import type { Matrix } from "../support/matrix.js";
import { rowOf, selectRows } from "../support/matrix.js";
import { mean } from "../support/statistics.js";
import { foldSetting, stratifiedFolds } from "./folds.js";
import { selectLabels } from "./labels.js";
import type { EncodedLabels, Labels } from "./labels.js";
import { decisionValues } from "./linear-functions.js";
import { accuracy, meanClassAccuracy } from "./metrics/accuracy.js";
import { averagePrecision } from "./metrics/average-precision.js";
import { SEARCH_OPTIONS, settingOf } from "./train-options.js";
import type { SvmOptions } from "./train-options.js";
import { openSession } from "./solver/training-session.js";
import { tellProgress } from "../support/progress.js";

/** How C is chosen. */
export interface ChooseCOptions extends Omit<SvmOptions, "C" | "solver"> {
  /** The values tried; 0.01, 0.1, 1, 10 and 100 unless given. */
  readonly candidates?: readonly number[];
  /** 5 unless given. */
  readonly folds?: number;
  /**
   * Accuracy unless given; multilabel: always the mean over classes of the average precision,
   * leaving out in each fold the classes that it holds no row of.
   */
  readonly score?: "accuracy" | "meanClassAccuracy" | "averagePrecision";
}

/** The C that did best, and how each did. */
export interface ChosenC {
  readonly C: number;
  readonly score: NonNullable<ChooseCOptions["score"]>;
  /** One a candidate, from the smallest: the mean over the folds, its standard deviation, and each fold's score. */
  readonly table: readonly {
    readonly C: number;
    readonly mean: number;
    readonly deviation: number;
    readonly folds: readonly number[];
  }[];
}

const OPTIONS = optionNames<ChooseCOptions, keyof Omit<SvmOptions, "C" | "solver">>(
  { candidates: true, folds: true, score: true },
  SEARCH_OPTIONS,
);

/**
 * Chooses C by stratified k-fold cross-validation on the rows given, which should be the training rows only. Steps are
 * learned anew in each fold; each C starts from the solution of the one before. Of equally good values the smallest
 * wins.
 *
 * @throws CamlabError as `trainLinearSvm` does, and when a class has fewer rows than there are folds
 * @example
 * const { C, table } = await svm.chooseC(trainFeatures, trainLabels, { candidates: [0.1, 1, 10] });
 * const detector = await trainLinearSvm(trainFeatures, trainLabels, { C });
 */
export async function chooseC(features: Matrix, labels: Labels, options: ChooseCOptions = {}): Promise<ChosenC> {
  check.known(options, OPTIONS, "chooseC");
  const candidates = checkedCandidates(options.candidates ?? [0.01, 0.1, 1, 10, 100]);
  const setting = settingOf(features, labels, options);
  const score = setting.labels.kind === "multilabel" ? "averagePrecision" : (options.score ?? "accuracy");
  if (!["accuracy", "meanClassAccuracy", "averagePrecision"].includes(score)) {
    throw invalid("score", score, "accuracy, meanClassAccuracy or averagePrecision");
  }
  const folds = stratifiedFolds(setting.labels, options.folds ?? 5, setting.seed);
  const scores = candidates.map(() => [] as number[]);
  const tell = tellProgress(options.onProgress, "choosing C", folds.length * candidates.length);
  for (const { train, test } of folds) {
    const session = openSession({ ...foldSetting(setting, train), largestC: Math.max(...candidates) });
    const held = { features: selectRows(features, test), labels: selectLabels(setting.labels, test) };
    try {
      let start: Float64Array[] | undefined;
      for (const [index, C] of candidates.entries()) {
        const solution = await session.solve(C, start, { signal: options.signal });
        scores[index].push(scoreOf(score, held.labels, decisionValues(solution, held.features)));
        const next = candidates[index + 1];
        start = next ? solution.multipliers.map((block) => block.map((value) => (value * next) / C)) : undefined;
        tell(scores.flat().length);
      }
    } finally {
      await session.close();
    }
  }
  const table = candidates.map((C, index) => ({ C, ...meanAndDeviation(scores[index]), folds: scores[index] }));
  const best = table.reduce((a, b) => (b.mean > a.mean ? b : a));
  return { C: best.C, score, table };
}

function scoreOf(score: ChosenC["score"], labels: EncodedLabels, values: Matrix): number {
  if (score === "averagePrecision") {
    const precisions = labels.problems.flatMap((_, k) => {
      const positive = Array.from({ length: values.rows }, (_, row) => labels.isPositive(k, row));
      const scores = Array.from(positive, (_, row) => values.data[row * values.columns + k]);
      return positive.includes(true) ? [averagePrecision(scores, positive)] : [];
    });
    return precisions.reduce((sum, value) => sum + value, 0) / precisions.length;
  }
  const predicted = Array.from({ length: values.rows }, (_, row) => {
    const scores = rowOf(values, row);
    if (labels.kind === "binary") return scores[0] > 0 ? 1 : 0;
    return scores.indexOf(scores.reduce((a, b) => Math.max(a, b)));
  });
  const truth = Array.from(labels.codes ?? []);
  return score === "accuracy" ? accuracy(predicted, truth) : meanClassAccuracy(predicted, truth);
}

function checkedCandidates(candidates: readonly number[]): number[] {
  for (const C of candidates) check.positive("candidate C", C);
  if (candidates.length === 0) throw new CamlabError("chooseC needs at least one candidate");
  return [...new Set(candidates)].sort((a, b) => a - b);
}

function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number } {
  const middle = mean(values);
  return { mean: middle, deviation: Math.sqrt(mean(values.map((value) => (value - middle) ** 2))) };
}
