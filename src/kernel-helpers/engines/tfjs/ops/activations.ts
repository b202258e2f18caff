// What is done to each number by itself.
import type { Tensor } from "@tensorflow/tfjs-core";
import { attribute, floatAttribute, textAttribute } from "../../../graph/onnx/attributes.js";
import type { NodeInputs, Op } from "../node-inputs.js";
import { valueIn } from "../value.js";
import { pairwise } from "./arithmetic.js";

/** An operator of one input that keeps its shape, whatever the order in memory. */
function each(compute: (x: Tensor, inputs: NodeInputs) => Tensor): Op {
  return (inputs) => valueIn(inputs.isChannelsLast(0), compute(inputs.asItLies(0), inputs));
}

export const ACTIVATIONS: Readonly<Record<string, Op>> = {
  Relu: each((x, { tf }) => tf.relu(x)),
  LeakyRelu: each((x, { tf, node }) => tf.leakyRelu(x, floatAttribute(node, "alpha", 0.01))),
  PRelu: pairwise((x, slope, { tf }) => tf.add(tf.relu(x), tf.mul(slope, tf.minimum(x, 0)))),
  Elu: each((x, { tf, node }) => {
    const alpha = floatAttribute(node, "alpha", 1);
    return alpha === 1 ? tf.elu(x) : tf.add(tf.relu(x), tf.mul(tf.expm1(tf.minimum(x, 0)), alpha));
  }),
  Selu: each((x, { tf, node }) => {
    const [alpha, gamma] = [floatAttribute(node, "alpha", 1.6732632), floatAttribute(node, "gamma", 1.0507009)];
    return tf.mul(tf.add(tf.relu(x), tf.mul(tf.expm1(tf.minimum(x, 0)), alpha)), gamma);
  }),
  Clip: each((x, inputs) => clipped(x, inputs)),
  Sigmoid: each((x, { tf }) => tf.sigmoid(x)),
  HardSigmoid: each((x, { tf, node }) => {
    return hardSigmoid(x, floatAttribute(node, "alpha", 0.2), floatAttribute(node, "beta", 0.5), tf);
  }),
  HardSwish: each((x, { tf }) => tf.mul(x, hardSigmoid(x, 1 / 6, 0.5, tf))),
  Swish: each((x, { tf, node }) => tf.mul(x, tf.sigmoid(tf.mul(x, floatAttribute(node, "alpha", 1))))),
  Mish: each((x, { tf }) => tf.mul(x, tf.tanh(tf.softplus(x)))),
  Softplus: each((x, { tf }) => tf.softplus(x)),
  Softsign: each((x, { tf }) => tf.div(x, tf.add(tf.abs(x), 1))),
  Tanh: each((x, { tf }) => tf.tanh(x)),
  Erf: each((x, { tf }) => tf.erf(x)),
  Gelu: each((x, inputs) => gelu(x, inputs)),
  Abs: each((x, { tf }) => tf.abs(x)),
  Neg: each((x, { tf }) => tf.neg(x)),
  Exp: each((x, { tf }) => tf.exp(x)),
  Log: each((x, { tf }) => tf.log(x)),
  Sqrt: each((x, { tf }) => tf.sqrt(x)),
  Reciprocal: each((x, { tf }) => tf.div(1, x)),
  Floor: each((x, { tf }) => tf.floor(x)),
  Ceil: each((x, { tf }) => tf.ceil(x)),
  Round: each((x, { tf }) => tf.round(x)),
  Sign: each((x, { tf }) => tf.sign(x)),
};

/** Bounds are attributes up to operator set 10, inputs from 11 on. */
function clipped(x: Tensor, inputs: NodeInputs): Tensor {
  const { tf, node } = inputs;
  const bound = (name: string, index: number) => attribute(node, name)?.f ?? inputs.number(index);
  const [low, high] = [bound("min", 1), bound("max", 2)];
  if (low === 0 && high === 6) return tf.relu6(x);
  const raised = low === undefined ? x : low === 0 ? tf.relu(x) : tf.maximum(x, low);
  return high === undefined ? raised : tf.minimum(raised, high);
}

function hardSigmoid(x: Tensor, alpha: number, beta: number, tf: NodeInputs["tf"]): Tensor {
  return tf.clipByValue(tf.add(tf.mul(x, alpha), beta), 0, 1);
}

/** x · Φ(x), by the error function or its tanh approximation. */
function gelu(x: Tensor, { tf, node }: NodeInputs): Tensor {
  const half = tf.mul(x, 0.5);
  if (textAttribute(node, "approximate", "none") === "tanh") {
    const cubic = tf.mul(tf.add(x, tf.mul(tf.mul(tf.square(x), x), 0.044715)), Math.sqrt(2 / Math.PI));
    return tf.mul(half, tf.add(tf.tanh(cubic), 1));
  }
  return tf.mul(half, tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}
