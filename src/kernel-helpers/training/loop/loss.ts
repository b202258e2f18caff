import type { Scalar, Tensor, Tensor2D } from "@tensorflow/tfjs-core";
import type { Tf } from "../../engines/tfjs/value.js";
import type { LossKind } from "./loss-kind.js";

/**
 * The loss of a batch, a mean over its pictures.
 *
 * - `softmax`: −Σ_c t_c log softmax(S)_c
 * - `sigmoid`: the mean over classes of max(S, 0) − S t + log(1 + e^{−|S|}), which is −t log σ(S) − (1 − t) log(1 − σ(S))
 *
 * @param logits S, pictures × classes
 * @param targets t, pictures × classes
 */
export function lossOf(tf: Tf, kind: LossKind, logits: Tensor2D, targets: Tensor): Scalar {
  if (kind === "softmax") return tf.mean(tf.neg(tf.sum(tf.mul(tf.logSoftmax(logits), targets), 1)));
  const large = tf.sub(tf.relu(logits), tf.mul(logits, targets));
  return tf.mean(tf.add(large, tf.log1p(tf.exp(tf.neg(tf.abs(logits))))));
}
