// Operators of several inputs that are stretched over each other by NumPy's rule.
import type { Tensor } from "@tensorflow/tfjs-core";
import type { NodeInputs, Op } from "../node-inputs.js";
import { channelsLast, plainValue, valueIn } from "../value.js";

/** An operator of two inputs. */
export function pairwise(compute: (a: Tensor, b: Tensor, inputs: NodeInputs) => Tensor): Op {
  return (inputs) => {
    const { tensors, last } = aligned(inputs);
    return valueIn(last, compute(tensors[0], tensors[1], inputs));
  };
}

/** An operator of any number of inputs, taken two by two. */
function folded(compute: (a: Tensor, b: Tensor, inputs: NodeInputs) => Tensor): Op {
  return (inputs) => {
    const { tensors, last } = aligned(inputs);
    return valueIn(
      last,
      tensors.reduce((a, b) => compute(a, b, inputs)),
    );
  };
}

export const ARITHMETIC: Readonly<Record<string, Op>> = {
  Add: pairwise((a, b, { tf }) => tf.add(a, b)),
  Sub: pairwise((a, b, { tf }) => tf.sub(a, b)),
  Mul: pairwise((a, b, { tf }) => tf.mul(a, b)),
  Div: pairwise((a, b, { tf }) => tf.div(a, b)),
  Pow: pairwise(power),
  Mod: pairwise((a, b, { tf }) => tf.mod(a, b)),
  Min: folded((a, b, { tf }) => tf.minimum(a, b)),
  Max: folded((a, b, { tf }) => tf.maximum(a, b)),
  Sum: folded((a, b, { tf }) => tf.add(a, b)),
  Mean: (inputs) => {
    const { tensors, last } = aligned(inputs);
    return valueIn(
      last,
      inputs.tf.div(
        tensors.reduce((a, b) => inputs.tf.add(a, b)),
        tensors.length,
      ),
    );
  },
  Equal: pairwise((a, b, { tf }) => tf.equal(a, b)),
  Less: pairwise((a, b, { tf }) => tf.less(a, b)),
  LessOrEqual: pairwise((a, b, { tf }) => tf.lessEqual(a, b)),
  Greater: pairwise((a, b, { tf }) => tf.greater(a, b)),
  GreaterOrEqual: pairwise((a, b, { tf }) => tf.greaterEqual(a, b)),
  And: pairwise((a, b, { tf }) => tf.logicalAnd(tf.cast(a, "bool"), tf.cast(b, "bool"))),
  Or: pairwise((a, b, { tf }) => tf.logicalOr(tf.cast(a, "bool"), tf.cast(b, "bool"))),
  Not: (inputs) => plainValue(inputs.tf.logicalNot(inputs.tf.cast(inputs.plain(0), "bool"))),
  Where: (inputs) => {
    const { tensors, last } = aligned(inputs);
    return valueIn(last, inputs.tf.where(inputs.tf.cast(tensors[0], "bool"), tensors[1], tensors[2]));
  },
};

/** Squares and roots are what networks use, and quicker than a general power. */
function power(a: Tensor, b: Tensor, inputs: NodeInputs): Tensor {
  const { tf } = inputs;
  const exponent = inputs.value(1);
  if (exponent.kind === "constant" && exponent.data.length === 1) {
    if (exponent.data[0] === 2) return tf.square(a);
    if (exponent.data[0] === 0.5) return tf.sqrt(a);
  }
  return tf.pow(a, tf.cast(b, a.dtype));
}

/** All inputs in one order: channels last as soon as one of them is. */
function aligned(inputs: NodeInputs): { tensors: Tensor[]; last: boolean } {
  const indices = Array.from({ length: inputs.count }, (_, i) => i);
  const ranks = indices.map((i) => inputs.dims(i).length);
  const last = Math.max(...ranks) === 4 && indices.some((i) => inputs.isChannelsLast(i));
  return { last, tensors: indices.map((i) => (last ? asImage(inputs, i) : inputs.plain(i))) };
}

function asImage(inputs: NodeInputs, index: number): Tensor {
  const { tf } = inputs;
  const rank = inputs.dims(index).length;
  if (inputs.isChannelsLast(index)) return inputs.image(index);
  const ones = new Array<number>(4 - rank).fill(1);
  return inputs.prepared("channels last", [index], (tensor) =>
    channelsLast(tf, tf.reshape(tensor, [...ones, ...tensor.shape])),
  );
}
