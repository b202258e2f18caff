// Sums, means and maxima along axes, and softmax.
import type { Tensor } from "@tensorflow/tfjs-core";
import { intAttribute, intsAttribute } from "../../../graph/onnx/attributes.js";
import { elementCount } from "../../../graph/onnx/tensor.js";
import { fromFront } from "../../../graph/shapes/shape-arithmetic.js";
import type { NodeInputs, Op } from "../node-inputs.js";
import { axisChannelsLast, imageValue, plainValue, valueIn, type Tf } from "../value.js";

type Reduce = (tf: Tf, x: Tensor, axes: number[], keep: boolean) => Tensor;

export const REDUCTIONS: Readonly<Record<string, Op>> = {
  ReduceMean: reduction((tf, x, axes, keep) => tf.mean(x, axes, keep)),
  ReduceSum: reduction((tf, x, axes, keep) => tf.sum(x, axes, keep)),
  ReduceMax: reduction((tf, x, axes, keep) => tf.max(x, axes, keep)),
  ReduceMin: reduction((tf, x, axes, keep) => tf.min(x, axes, keep)),
  ReduceProd: reduction((tf, x, axes, keep) => tf.prod(x, axes, keep)),
  ReduceL1: reduction((tf, x, axes, keep) => tf.sum(tf.abs(x), axes, keep)),
  ReduceL2: reduction((tf, x, axes, keep) => tf.sqrt(tf.sum(tf.square(x), axes, keep))),
  ReduceSumSquare: reduction((tf, x, axes, keep) => tf.sum(tf.square(x), axes, keep)),
  ReduceLogSum: reduction((tf, x, axes, keep) => tf.log(tf.sum(x, axes, keep))),
  ReduceLogSumExp: reduction((tf, x, axes, keep) => tf.logSumExp(x, axes, keep)),
  Softmax: softmaxBy((tf, x) => tf.softmax(x)),
  LogSoftmax: softmaxBy((tf, x) => tf.logSoftmax(x)),
};

function reduction(reduce: Reduce): Op {
  return (inputs) => {
    const { tf, node } = inputs;
    const rank = inputs.dims(0).length;
    const given = intsAttribute(node, "axes") ?? (inputs.has(1) ? inputs.numbers(1) : []);
    if (given.length === 0 && intAttribute(node, "noop_with_empty_axes", 0) === 1) {
      return valueIn(inputs.isChannelsLast(0), tf.clone(inputs.asItLies(0)));
    }
    const axes = given.length ? given.map((axis) => fromFront(axis, rank)) : inputs.dims(0).map((_, i) => i);
    const keep = intAttribute(node, "keepdims", 1) === 1;
    if (!inputs.isChannelsLast(0)) return plainValue(reduce(tf, inputs.plain(0), axes, keep));
    if (keep) return imageValue(reduce(tf, inputs.image(0), axes.map(axisChannelsLast), true));
    // Without the reduced axes the order is ONNX's again, unless channels stay beside height or width.
    const mixed = !axes.includes(1) && !(axes.includes(2) && axes.includes(3));
    if (mixed) return plainValue(reduce(tf, inputs.plain(0), axes, false));
    return plainValue(reduce(tf, inputs.image(0), axes.map(axisChannelsLast), false));
  };
}

/** From operator set 13 on along one axis; before, over all axes from that one on. */
function softmaxBy(compute: (tf: Tf, x: Tensor) => Tensor): Op {
  return (inputs) => {
    const { tf, node, opset } = inputs;
    const dims = inputs.dims(0);
    const axis = fromFront(intAttribute(node, "axis", opset < 13 ? 1 : -1), dims.length);
    if (opset < 13) {
      const rows = tf.reshape(inputs.plain(0), [elementCount(dims.slice(0, axis)), elementCount(dims.slice(axis))]);
      return plainValue(tf.reshape(compute(tf, rows), [...dims]));
    }
    const last = dims.length - 1;
    const at = inputs.axisAsItLies(0, axis);
    if (at === last) return valueIn(inputs.isChannelsLast(0), compute(tf, inputs.asItLies(0)));
    return plainValue(swapped(inputs, axis, (x) => compute(tf, x)));
  };
}

/** Computes with an axis in the last place and puts it back. */
function swapped(inputs: NodeInputs, axis: number, compute: (x: Tensor) => Tensor): Tensor {
  const order = inputs.dims(0).map((_, i) => i);
  [order[axis], order[order.length - 1]] = [order[order.length - 1], order[axis]];
  return inputs.tf.transpose(compute(inputs.tf.transpose(inputs.plain(0), order)), order);
}
