// Batch normalisation with the batch's own statistics.
import type { Tensor, Tensor1D, Tensor4D } from "@tensorflow/tfjs-core";
import { floatAttribute } from "../../../graph/onnx/attributes.js";
import { CamlabError } from "../../../support/errors.js";
import type { NodeInputs } from "../node-inputs.js";
import { imageValue, type Tf } from "../value.js";
import { isNative, nativeOp } from "./native-op.js";

/** Mean and (biased) variance of each channel over a batch. They become the receiver's. */
export interface BatchStatistics {
  readonly mean: Tensor;
  readonly variance: Tensor;
  /** Numbers a channel that they were taken over. */
  readonly count: number;
}

/**
 * y = γ (x − μ) / √(σ² + ε) + β with μ and σ² of the batch, not the stored ones.
 *
 * @param onStatistics given μ and σ², for the running averages
 */
export function trainBatchNorm(inputs: NodeInputs, onStatistics: (statistics: BatchStatistics) => void) {
  const { tf, node } = inputs;
  const image = inputs.image(0);
  const [count, height, width] = image.shape;
  const numbers = count * height * width;
  if (numbers < 2)
    throw new CamlabError("statistics of a batch need at least two numbers a channel: take a larger batch");
  const epsilon = floatAttribute(node, "epsilon", 1e-5);
  const keep = (mean: Tensor, variance: Tensor) => {
    onStatistics({ mean: tf.keep(tf.clone(mean)), variance: tf.keep(tf.clone(variance)), count: numbers });
  };
  const compute = isNative(tf) ? native : composed;
  return imageValue(compute(tf, image, inputs.plain(1) as Tensor1D, inputs.plain(2) as Tensor1D, epsilon, keep));
}

type Keep = (mean: Tensor, variance: Tensor) => void;

function native(tf: Tf, image: Tensor4D, gamma: Tensor1D, beta: Tensor1D, epsilon: number, keep: Keep): Tensor {
  const attributes = { epsilon, is_training: true, data_format: "NHWC" };
  return tf.customGrad((...given) => {
    const [x, scale, shift] = given as Tensor[];
    const save = given.at(-1) as unknown as (tensors: Tensor[]) => void;
    const none = tf.tensor1d([]);
    const more = { ...attributes, exponential_avg_factor: 1 };
    const outputs = nativeOp(tf, "FusedBatchNormV3", [x, scale, shift, none, none], 6, ["T", "U"], more);
    const [value, mean, variance, ...reserved] = outputs;
    // TensorFlow hands out the unbiased variance.
    const numbers = x.size / scale.size;
    keep(mean, tf.mul(variance, (numbers - 1) / numbers));
    save([x, scale, ...reserved.slice(0, 3)]);
    const gradFunc = (dy: Tensor, [savedX, savedScale, ...space]: Tensor[]) => {
      const inputs = [dy, savedX, savedScale, ...space];
      return nativeOp(tf, "FusedBatchNormGradV3", inputs, 5, ["T", "U"], attributes).slice(0, 3);
    };
    return { value, gradFunc };
  })(image, gamma, beta);
}

function composed(tf: Tf, image: Tensor4D, gamma: Tensor1D, beta: Tensor1D, epsilon: number, keep: Keep): Tensor {
  return tf.customGrad((...given) => {
    const [x, scale, shift] = given as Tensor[];
    const save = given.at(-1) as unknown as (tensors: Tensor[]) => void;
    const rows = tf.reshape(x, [-1, scale.size]);
    const mean = tf.mean(rows, 0);
    const centred = tf.sub(rows, mean);
    const variance = tf.mean(tf.square(centred), 0);
    keep(mean, variance);
    const inverse = tf.rsqrt(tf.add(variance, epsilon));
    const normal = tf.mul(centred, inverse);
    save([normal, tf.mul(scale, inverse), scale]);
    const value = tf.reshape(tf.add(tf.mul(normal, scale), shift), x.shape);
    // ∂L/∂x = γ/σ (dy − mean(dy) − x̂ mean(dy x̂)), Ioffe and Szegedy 2015, §3.
    const gradFunc = (dy: Tensor, [savedNormal, factor]: Tensor[]) => {
      const gradient = tf.reshape(dy, savedNormal.shape);
      const both = tf.mul(gradient, savedNormal);
      const [meanGradient, meanBoth] = [tf.mean(gradient, 0), tf.mean(both, 0)];
      const centredGradient = tf.sub(tf.sub(gradient, meanGradient), tf.mul(savedNormal, meanBoth));
      const numbers = savedNormal.shape[0];
      return [
        tf.reshape(tf.mul(centredGradient, factor), x.shape),
        tf.mul(meanBoth, numbers),
        tf.mul(meanGradient, numbers),
      ];
    };
    return { value, gradFunc };
  })(image, gamma, beta);
}
