import { check, namesWithout, optionNames } from "../support/check.js";
import type { OnProgress } from "../support/progress.js";
import { CamlabError, invalid } from "../support/errors.js";
import type { Matrix } from "../support/matrix.js";
import { checkMatrix, checkShape } from "../support/matrix.js";
import { classCosts } from "./class-weights.js";
import type { ClassWeights } from "./class-weights.js";
import { checkProblems, encodeLabels, selectLabels } from "./labels.js";
import type { LabelOptions, Labels } from "./labels.js";
import type { LinearSvm } from "./linear-svm.js";
import type { Loss } from "./solver/problem.js";
import type { Step } from "./steps.js";
import type { TrainingSetting } from "./solver/training-session.js";

/** What is trained; how. Every option has a default. */
export interface SvmOptions extends LabelOptions {
  /** `squared-hinge` (liblinear's default) or `hinge`; ml-svm knows the latter only. */
  readonly loss?: Loss;
  /** The cost of an error against the length of the weights; 1 unless given. See `chooseC`. */
  readonly C?: number;
  /**
   * The value B of the bias feature that ends every row, 1 unless given; 0 for no bias. Its weight is regularised as
   * the others are, as with liblinear's `-B`: a larger B is regularised less, but makes training slower.
   */
  readonly bias?: number;
  /** `balanced`, or the weight of each class by name. */
  readonly classWeights?: ClassWeights;
  /** One a row, at least 0: a row of weight 2 counts as two rows, one of weight 0 is left out. */
  readonly sampleWeights?: ArrayLike<number>;
  /** What is done to the features first, in order: `l2Normalise`, `standardise`. Nothing unless given. */
  readonly steps?: readonly Step[];
  /**
   * The rows that `standardise` learns means and deviations from; those that are trained on unless given. For trainings
   * on growing parts of one set: they are then parts of one problem.
   */
  readonly stepsFrom?: Matrix;
  /** The objective is at most this far above the optimum, relative; 1e-5 unless given. */
  readonly tolerance?: number;
  /** Same seed, same bytes; 0 unless given. */
  readonly seed?: number;
  /** Threads for several classes; one a core unless given. The result does not depend on it. */
  readonly threads?: number;
  /** `camlab`, or `ml-svm`: the npm package of that name, for teaching and for comparison. */
  readonly solver?: "camlab" | "ml-svm";
  /** Classes solved so far; chooseC: pairs of fold and C. */
  readonly onProgress?: OnProgress;
  /** Stops the training between two blocks of classes. */
  readonly signal?: AbortSignal;
}

/** How one SVM is trained. */
export interface TrainOptions extends SvmOptions {
  /** An SVM on the same classes and channels to start from: the same optimum, sooner. */
  readonly warmStart?: LinearSvm;
  /** Fits Platt's curves to decision values of held-out folds (5 unless given): trains once more for each fold. */
  readonly probabilities?: boolean | { readonly folds: number };
  /** Kept in the SVM's provenance: the network, the data set, … */
  readonly notes?: Readonly<Record<string, unknown>>;
}

/** Checks features, labels and options, and says which problems they pose on all rows. */
export function settingOf(features: Matrix, labels: Labels, options: SvmOptions): TrainingSetting & { C: number } {
  const { loss = options.solver === "ml-svm" ? "hinge" : "squared-hinge" } = options;
  const { C = 1, bias = 1, tolerance = 1e-5, seed = 0, threads, steps = [] } = options;
  check.oneOf("loss", loss, ["squared-hinge", "hinge"]);
  check.positive("C", C);
  check.number("bias", bias, { from: 0 });
  check.number("tolerance", tolerance, { from: 1e-9, below: 1 });
  check.number("seed", seed);
  check.counts({ threads });
  // Without steps their values are known to be finite by their lengths, which the solver needs (shared-rows.ts).
  const byLengths = steps.length === 0 && options.solver !== "ml-svm";
  (byLengths ? checkShape : checkMatrix)("features", features);
  const encoded = encodeLabels(labels, options);
  if (encoded.rows !== features.rows) {
    throw new CamlabError(`there are ${features.rows} rows of features, but ${encoded.rows} labels`);
  }
  const sampleWeights = options.sampleWeights && checkedWeights(options.sampleWeights, features.rows);
  const rows = new Int32Array(features.rows);
  for (let row = 0; row < rows.length; row++) rows[row] = row;
  if (sampleWeights) {
    checkProblems(
      selectLabels(
        encoded,
        rows.filter((row) => sampleWeights[row] > 0),
      ),
    );
  }
  return {
    features,
    rows,
    labels: encoded,
    loss,
    C,
    bias,
    classWeights: options.classWeights,
    classCosts: classCosts(encoded, options.classWeights),
    sampleWeights,
    steps,
    stepsFrom: options.stepsFrom && checkedStepsFrom(options.stepsFrom, features),
    tolerance,
    seed,
    threads,
  };
}

function checkedStepsFrom(from: Matrix, { columns }: Matrix): Matrix {
  checkMatrix("stepsFrom", from);
  if (from.columns === columns) return from;
  throw invalid("stepsFrom.columns", from.columns, `those of the features: ${columns}`);
}

function checkedWeights(weights: ArrayLike<number>, rows: number): Float64Array {
  if (weights.length !== rows) throw invalid("sampleWeights.length", weights.length, `one a row: ${rows}`);
  return Float64Array.from(weights, (weight, row) => {
    if (weight >= 0 && weight < Infinity) return weight;
    throw invalid(`sampleWeights[${row}]`, weight, "at least 0");
  });
}

const SVM_OPTIONS = optionNames<SvmOptions>({
  classes: true,
  positive: true,
  loss: true,
  C: true,
  bias: true,
  classWeights: true,
  sampleWeights: true,
  steps: true,
  stepsFrom: true,
  tolerance: true,
  seed: true,
  threads: true,
  solver: true,
  onProgress: true,
  signal: true,
});

/** The names of all options of `trainLinearSvm`. */
export const TRAIN_OPTIONS = optionNames<TrainOptions, keyof SvmOptions>(
  { warmStart: true, probabilities: true, notes: true },
  SVM_OPTIONS,
);

/** The names of all options of a search for C. */
export const SEARCH_OPTIONS = namesWithout(SVM_OPTIONS, "C", "solver");
