import type { LossKind } from "./loss-kind.js";

/**
 * The loss of scores that are known, a mean over pictures.
 *
 * - `softmax`: −Σ_c t_c log softmax(S)_c
 * - `sigmoid`: the mean over classes of max(S, 0) − S t + log(1 + e^{−|S|})
 *
 * @param logits S, pictures × classes
 * @param targets t, pictures × classes
 */
export function lossValue(kind: LossKind, logits: Float32Array, targets: Float32Array, classes: number): number {
  let sum = 0;
  for (let start = 0; start < logits.length; start += classes) {
    const [scores, wanted] = [logits.subarray(start, start + classes), targets.subarray(start, start + classes)];
    sum += kind === "softmax" ? crossEntropy(scores, wanted) : binaryCrossEntropy(scores, wanted) / classes;
  }
  return (sum * classes) / logits.length;
}

function crossEntropy(scores: Float32Array, targets: Float32Array): number {
  const highest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const logSum = highest + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - highest), 0));
  return targets.reduce((sum, target, c) => sum + target * (logSum - scores[c]), 0);
}

function binaryCrossEntropy(scores: Float32Array, targets: Float32Array): number {
  return scores.reduce(
    (sum, score, c) => sum + Math.max(score, 0) - score * targets[c] + Math.log1p(Math.exp(-Math.abs(score))),
    0,
  );
}
