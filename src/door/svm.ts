// Linear SVMs in detail: the choice of C, probabilities, metrics with intervals.

export type { SvmOptions, TrainOptions } from "../kernel-helpers/svm/train-options.js";
export type { LinearSvmParts, SvmProvenance } from "../kernel-helpers/svm/linear-svm.js";
export { chooseC, type ChooseCOptions, type ChosenC } from "../kernel-helpers/svm/choose-c.js";
export { linearSvmFromJson } from "../kernel-helpers/svm/linear-svm-file.js";
export { fitPlatt, plattProbability, type PlattCurve } from "../kernel-helpers/svm/platt.js";
export type { ClassWeights } from "../kernel-helpers/svm/class-weights.js";
export type { Label, LabelKind, LabelOptions, Labels, NumberLabels, TextLabels } from "../kernel-helpers/svm/labels.js";
export type { Fit, Loss } from "../kernel-helpers/svm/solver/problem.js";
export type { Step } from "../kernel-helpers/svm/steps.js";
export { accuracy, meanClassAccuracy } from "../kernel-helpers/svm/metrics/accuracy.js";
export { averagePrecision } from "../kernel-helpers/svm/metrics/average-precision.js";
export {
  bootstrapInterval,
  type BootstrapInterval,
  type BootstrapOptions,
} from "../kernel-helpers/svm/metrics/bootstrap-interval.js";
export { wilsonInterval, type Interval } from "../kernel-helpers/support/statistics.js";
export { shareOf } from "../kernel-helpers/svm/metrics/share-of.js";
export {
  confusionMatrix,
  type ConfusionMatrix,
  type ConfusionParts,
} from "../kernel-helpers/svm/metrics/confusion-matrix.js";
export type { ClassPrediction, Prediction, SeenFeatures } from "../kernel-helpers/svm/prediction.js";
export {
  trainOnShards,
  type LabelledRows,
  type ShardTrainOptions,
} from "../kernel-helpers/svm/shards/train-on-shards.js";
export type { RowStorage } from "../kernel-helpers/svm/shards/row-file.js";
