import type { FeatureOrigin } from "../features/feature-table.js";
import { check } from "../support/check.js";
import { CamlabError } from "../support/errors.js";
import type { Matrix } from "../support/matrix.js";
import { selectRows } from "../support/matrix.js";
import { packageVersion } from "../support/package-root.js";
import { foldSetting, stratifiedFolds } from "./folds.js";
import type { Labels, NumberLabels, TextLabels } from "./labels.js";
import { decisionValues } from "./linear-functions.js";
import type { LinearFunctions } from "./linear-functions.js";
import { LinearSvm } from "./linear-svm.js";
import { rowMarks } from "./row-marks.js";
import { solveWithMlSvm } from "./solver/ml-svm-solver.js";
import { fitPlatt } from "./platt.js";
import type { PlattCurve } from "./platt.js";
import { settingOf, TRAIN_OPTIONS } from "./train-options.js";
import type { TrainOptions } from "./train-options.js";
import { openSession } from "./solver/training-session.js";
import type { Solution, TrainingSetting } from "./solver/training-session.js";
import { tellProgress } from "../support/progress.js";

/** Features to train on; those of a `FeatureTable` say what they were made with. */
export type TrainingFeatures = Matrix & { readonly origin?: FeatureOrigin };

/**
 * Trains linear SVMs on features, from image-level labels alone: one for two classes, one against the rest for more
 * or for multilabel rows. The optimisation problem, the stopping rule and their source head the file `solve.ts`.
 *
 * What to expect of odd data:
 * - A channel that is 0 in every row gets weight 0; one that is constant acts as a second bias; neither disturbs.
 * - Equal rows are as good as one row of their summed weight.
 * - Rows all of one class, a class without rows, NaN and Infinity are refused, by name and place.
 *
 * Unless told otherwise rows are taken as they are and C is 1, as in other libraries. What suits features, and what the
 * discovery tasks and `camlab probe train` take, is `discover.usualSvm(features.columns)`.
 *
 * @param features one row a photo: GAP features as they come out of the network; a `FeatureTable` says which network, and
 *   the SVM remembers it
 * @param labels one class name or number a row; or a list a row, which may be empty (multilabel). Numbers come back as
 *   numbers
 * @returns weights on raw features, ready for `cam`
 * @throws CamlabError for features, labels or options that cannot be used
 * @example
 * const detector = await trainLinearSvm(features, labels, { steps: ["l2Normalise"], C: 10 });
 * const where = cam(await look(network, photo), detector.weightsOf("text"));
 */
export function trainLinearSvm(
  features: TrainingFeatures,
  labels: TextLabels,
  options?: TrainOptions,
): Promise<LinearSvm<string>>;
export function trainLinearSvm(
  features: TrainingFeatures,
  labels: NumberLabels,
  options?: TrainOptions,
): Promise<LinearSvm<number>>;
export function trainLinearSvm(features: TrainingFeatures, labels: Labels, options?: TrainOptions): Promise<LinearSvm>;
export async function trainLinearSvm(
  features: TrainingFeatures,
  labels: Labels,
  options: TrainOptions = {},
): Promise<LinearSvm> {
  const { solver = "camlab" } = check.known(options, TRAIN_OPTIONS, "trainLinearSvm");
  check.oneOf("solver", solver, ["camlab", "ml-svm"]);
  const setting = settingOf(features, labels, options);
  const solution = await solveSetting(setting, options);
  const platt = options.probabilities ? await plattCurves(setting, options) : undefined;
  const { kind, given, problems } = setting.labels;
  const { origin } = features;
  return new LinearSvm({
    kind,
    classes: given,
    weights: solution.weights,
    bias: solution.bias,
    steps: solution.steps,
    platt,
    trainedOn: rowMarks(features).filter((_, row) => setting.sampleWeights?.[row] !== 0),
    provenance: {
      solver,
      software: `camlab ${packageVersion()}`,
      loss: setting.loss,
      C: setting.C,
      bias: setting.bias,
      classWeights: options.classWeights,
      sampleWeights: options.sampleWeights !== undefined,
      tolerance: setting.tolerance,
      seed: setting.seed,
      rows: features.rows,
      positives: problems.map((_, k) => setting.rows.filter((row) => setting.labels.isPositive(k, row)).length),
      fits: solution.fits,
      notes: options.notes,
      ...(origin && { features: origin }),
    },
  });
}

async function solveSetting(
  setting: TrainingSetting & { C: number },
  { solver, warmStart, onProgress, signal }: TrainOptions,
): Promise<LinearFunctions & Pick<Solution, "fits">> {
  if (solver === "ml-svm") return solveWithMlSvm(setting, setting.C);
  const onSolved = tellProgress(onProgress, "training", setting.labels.problems.length);
  const session = openSession({ ...setting, largestC: setting.C });
  try {
    const start = warmStart && session.multipliersOf(checkStart(warmStart, setting), setting.C);
    return await session.solve(setting.C, start, { signal, onSolved });
  } finally {
    await session.close();
  }
}

/** Curves fitted to the decision values that each row gets from an SVM trained without its fold. */
async function plattCurves(setting: TrainingSetting & { C: number }, options: TrainOptions): Promise<PlattCurve[]> {
  const folds = typeof options.probabilities === "object" ? options.probabilities.folds : 5;
  const { features, labels } = setting;
  const values = labels.problems.map(() => new Float64Array(features.rows));
  for (const { train, test } of stratifiedFolds(labels, folds, setting.seed)) {
    const fold = foldSetting(setting, train);
    const functions = await solveSetting(fold, { ...options, warmStart: undefined, onProgress: undefined });
    const { columns, data } = decisionValues(functions, selectRows(features, test));
    test.forEach((row, i) => values.forEach((one, k) => (one[row] = data[i * columns + k])));
  }
  return values.map((one, k) =>
    fitPlatt(
      one,
      Array.from(one, (_, row) => labels.isPositive(k, row)),
    ),
  );
}

function checkStart(svm: LinearSvm, { labels, features }: TrainingSetting): LinearSvm {
  const same = svm.kind === labels.kind && JSON.stringify(svm.classes.map(String)) === JSON.stringify(labels.classes);
  if (same && svm.channels === features.columns) return svm;
  throw new CamlabError("warmStart needs an SVM of the same classes, in the same order, on the same channels");
}
