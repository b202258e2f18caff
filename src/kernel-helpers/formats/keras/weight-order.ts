import { flagIn, textIn, fieldsOf, type Fields } from "./fields.js";

/** What each layer learns or counts, in the order in which Keras stores it, and the option without which it has none. */
const ORDER: Readonly<Record<string, readonly (readonly [weight: string, option?: string])[]>> = {
  BatchNormalization: [["gamma", "scale"], ["beta", "center"], ["moving_mean"], ["moving_variance"]],
  Conv2D: [["kernel"], ["bias", "use_bias"]],
  Conv2DTranspose: [["kernel"], ["bias", "use_bias"]],
  Dense: [["kernel"], ["bias", "use_bias"]],
  DepthwiseConv2D: [["depthwise_kernel"], ["bias", "use_bias"]],
  Normalization: [["mean"], ["variance"], ["count"]],
  PReLU: [["alpha"]],
  SeparableConv2D: [["depthwise_kernel"], ["pointwise_kernel"], ["bias", "use_bias"]],
};

/** The place of a weight among those of its layer; −1 where the layer has none of this name. */
export function placeOfWeight(layer: Fields, weight: string): number {
  const kind = textIn(layer, "class_name", "");
  const config = fieldsOf(layer.config);
  const order = Object.hasOwn(ORDER, kind) ? ORDER[kind] : [];
  return order
    .filter(([, option]) => option === undefined || flagIn(config, option, true))
    .findIndex(([name]) => name === weight);
}
