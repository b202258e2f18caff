import type { Step } from "../../svm/steps.js";
import type { TrainOptions } from "../../svm/train-options.js";

/**
 * How a linear SVM is trained on GAP features unless told otherwise, by how many channels there are.
 *
 * Large networks (MobileNet, SqueezeNet, ResNet …: 512 channels and more) are served best by rows of length 1 and C = 1.
 * A few channels differ much in scale, and a rare one may carry the task: with up to 256 of them each is standardised,
 * and C is small, since standardised rows are long.
 *
 * @param steps what is done to the features, when that is chosen already: C follows it
 *
 * @example
 * await trainLinearSvm(features, labels, { ...discover.usualSvm(features.columns), seed: 1 });
 */
export function usualSvm(
  channels: number,
  steps: readonly Step[] = channels <= FEW ? ["standardise"] : ["l2Normalise"],
): TrainOptions {
  return { steps, C: steps.includes("standardise") ? 0.003 : 1 };
}

const FEW = 256;
