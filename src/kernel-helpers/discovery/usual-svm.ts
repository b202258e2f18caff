import type { TrainOptions } from "../svm/train-options.js";

/**
 * How a linear SVM is trained on GAP features unless told otherwise, by how many channels there are.
 *
 * Large networks (MobileNet, SqueezeNet, ResNet …: 512 channels and more) are served best by rows of length 1 and C = 1.
 * A few channels differ much in scale, and a rare one may carry the task: with up to 256 of them each is standardised,
 * and C is small, since standardised rows are long.
 *
 * @example
 * await trainLinearSvm(features, labels, { ...usualSvm(features.columns), seed: 1 });
 */
export function usualSvm(channels: number): TrainOptions {
  return channels <= FEW ? { steps: ["standardise"], C: 0.003 } : { steps: ["l2Normalise"], C: 1 };
}

const FEW = 256;
