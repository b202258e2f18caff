// Normalisations with stored statistics (batch) and with those of the input itself (layer, instance, local response).
import type { Tensor } from "@tensorflow/tfjs-core";
import { floatAttribute, intAttribute } from "../../../graph/onnx/attributes.js";
import { axesFrom } from "../../../graph/shapes/shape-arithmetic.js";
import { CamlabError } from "../../../support/errors.js";
import type { NodeInputs, Op } from "../node-inputs.js";
import { imageValue, plainValue, type Tf } from "../value.js";

export const NORMALISATION: Readonly<Record<string, Op>> = {
  BatchNormalization: batchNormalisation,
  InstanceNormalization: instanceNormalisation,
  LayerNormalization: layerNormalisation,
  LRN: localResponseNormalisation,
};

/** x · s + t with s = γ ÷ √(variance + ε) and t = β − mean · s, per channel. */
function batchNormalisation(inputs: NodeInputs) {
  const { tf, node } = inputs;
  if (intAttribute(node, "training_mode", 0) === 1) {
    throw new CamlabError("it is in training mode: export the network in evaluation mode");
  }
  const epsilon = floatAttribute(node, "epsilon", 1e-5);
  const scale = (gamma: Tensor, variance: Tensor) => tf.div(gamma, tf.sqrt(tf.add(variance, epsilon)));
  const factor = inputs.prepared("scale", [1, 4], scale);
  const shift = inputs.prepared("shift", [1, 2, 3, 4], (gamma, beta, mean, variance) => {
    return tf.sub(beta, tf.mul(mean, scale(gamma, variance)));
  });
  const rank = inputs.dims(0).length;
  if (rank === 4) return imageValue(tf.add(tf.mul(inputs.image(0), factor), shift));
  const perChannel = (tensor: Tensor) => tf.reshape(tensor, perChannelShape(rank));
  return plainValue(tf.add(tf.mul(inputs.plain(0), perChannel(factor)), perChannel(shift)));
}

function instanceNormalisation(inputs: NodeInputs) {
  const { tf, node } = inputs;
  const normal = standardised(tf, inputs.image(0), [1, 2], floatAttribute(node, "epsilon", 1e-5));
  return imageValue(tf.add(tf.mul(normal, inputs.plain(1)), inputs.plain(2)));
}

function layerNormalisation(inputs: NodeInputs) {
  const { tf, node } = inputs;
  const rank = inputs.dims(0).length;
  const axes = axesFrom(intAttribute(node, "axis", -1), rank);
  const normal = standardised(tf, inputs.plain(0), axes, floatAttribute(node, "epsilon", 1e-5));
  const scaled = tf.mul(normal, inputs.plain(1));
  return plainValue(inputs.has(2) ? tf.add(scaled, inputs.plain(2)) : scaled);
}

/** (x − mean) ÷ √(variance + ε) over some axes. */
function standardised(tf: Tf, x: Tensor, axes: number[], epsilon: number): Tensor {
  const centred = tf.sub(x, tf.mean(x, axes, true));
  const variance = tf.mean(tf.square(centred), axes, true);
  return tf.mul(centred, tf.rsqrt(tf.add(variance, epsilon)));
}

/** x ÷ (bias + α ÷ size · Σ x²)^β, the sum over `size` neighbouring channels. */
function localResponseNormalisation(inputs: NodeInputs) {
  const { tf, node } = inputs;
  const size = intAttribute(node, "size", 5);
  const alpha = floatAttribute(node, "alpha", 1e-4) / size;
  const beta = floatAttribute(node, "beta", 0.75);
  const bias = floatAttribute(node, "bias", 1);
  if (size % 2 === 0) throw new CamlabError(`its size is ${size} (expected an odd number)`);
  return imageValue(tf.localResponseNormalization(inputs.image(0), (size - 1) / 2, bias, alpha, beta));
}

function perChannelShape(rank: number): number[] {
  return Array.from({ length: rank }, (_, axis) => (axis === 1 ? -1 : 1));
}
