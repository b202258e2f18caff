// What changes sizes, order or type of numbers, but no number.
import type { Tensor } from "@tensorflow/tfjs-core";
import { intAttribute, intsAttribute, tensorAttribute } from "../../../graph/onnx/attributes.js";
import { broadcast, fromFront } from "../../../graph/shapes/shape-arithmetic.js";
import { elementCount, isFloat, tensorNumbers } from "../../../graph/onnx/tensor.js";
import { CamlabError } from "../../../support/errors.js";
import type { NodeInputs, Op } from "../node-inputs.js";
import { plainValue, valueIn } from "../value.js";

const BOOL = 9;

const same: Op = (inputs) => valueIn(inputs.isChannelsLast(0), inputs.tf.clone(inputs.asItLies(0)));

export const SHAPE: Readonly<Record<string, Op>> = {
  Identity: same,
  Dropout: dropout,
  Cast: cast,
  Reshape: reshape,
  Flatten: (inputs) => {
    const dims = inputs.dims(0);
    const axis = fromFront(intAttribute(inputs.node, "axis", 1), dims.length);
    return reshaped(inputs, [elementCount(dims.slice(0, axis)), elementCount(dims.slice(axis))]);
  },
  Squeeze: (inputs) => {
    const dims = inputs.dims(0);
    const axes = axesOf(inputs, dims.length);
    return reshaped(
      inputs,
      dims.filter((dim, axis) => (axes ? !axes.includes(axis) : dim !== 1)),
    );
  },
  Unsqueeze: (inputs) => {
    const rest = [...inputs.dims(0)];
    const count = intsAttribute(inputs.node, "axes")?.length ?? inputs.numbers(1).length;
    const axes = axesOf(inputs, rest.length + count) ?? [];
    const rank = rest.length + axes.length;
    return reshaped(
      inputs,
      Array.from({ length: rank }, (_, axis) => (axes.includes(axis) ? 1 : (rest.shift() ?? 1))),
    );
  },
  Transpose: transpose,
  Expand: (inputs) => {
    const dims = broadcast(inputs.dims(0), inputs.numbers(1)).map(Number);
    const rank = dims.length - inputs.dims(0).length;
    const widened = inputs.tf.reshape(inputs.plain(0), [...new Array<number>(rank).fill(1), ...inputs.dims(0)]);
    return plainValue(inputs.tf.broadcastTo(widened, dims));
  },
  Tile: (inputs) => plainValue(inputs.tf.tile(inputs.plain(0), inputs.numbers(1))),
  ConstantOfShape: (inputs) => {
    const fill = tensorAttribute(inputs.node, "value");
    const type = !fill || isFloat(fill.dataType) ? "float32" : fill.dataType === BOOL ? "bool" : "int32";
    return plainValue(inputs.tf.fill(inputs.numbers(0), fill ? tensorNumbers(fill)[0] : 0, type));
  },
};

/** At rest: nothing is dropped, and the mask (its second output) keeps everything. */
function dropout(inputs: NodeInputs) {
  const mask = inputs.tf.onesLike(inputs.asItLies(0));
  return [same(inputs), valueIn(inputs.isChannelsLast(0), mask)].flat();
}

function cast(inputs: NodeInputs) {
  const { tf, node } = inputs;
  const to = intAttribute(node, "to", 1);
  const x = inputs.asItLies(0);
  const converted = isFloat(to) ? tf.cast(x, "float32") : to === BOOL ? tf.notEqual(x, 0) : tf.cast(x, "int32");
  return valueIn(inputs.isChannelsLast(0), converted);
}

function reshape(inputs: NodeInputs) {
  const { node } = inputs;
  const dims = inputs.dims(0);
  const zeroCopies = intAttribute(node, "allowzero", 0) === 0;
  const target = (intsAttribute(node, "shape") ?? inputs.numbers(1)).map((dim, axis) => {
    return dim === 0 && zeroCopies ? dims[axis] : dim;
  });
  const known = elementCount(target.filter((dim) => dim !== -1));
  return reshaped(
    inputs,
    target.map((dim) => (dim === -1 ? elementCount(dims) / known : dim)),
  );
}

function reshaped(inputs: NodeInputs, dims: number[]) {
  if (elementCount(dims) !== elementCount(inputs.dims(0))) {
    throw new CamlabError(`${inputs.dims(0).join("×")} cannot become ${dims.join("×")}`);
  }
  return plainValue(inputs.tf.reshape(inputs.plain(0), dims));
}

/** N×H×W×C ↔ N×C×H×W is only another way to read what lies in memory. */
function transpose(inputs: NodeInputs) {
  const { tf, node } = inputs;
  const dims = inputs.dims(0);
  const order = intsAttribute(node, "perm") ?? dims.map((_, axis) => dims.length - 1 - axis);
  if (inputs.isChannelsLast(0)) {
    const places = order.map((axis) => inputs.axisAsItLies(0, axis));
    return plainValue(permuted(inputs.image(0), places, inputs));
  }
  if (order.join() === "0,3,1,2") return valueIn(true, tf.clone(inputs.plain(0)));
  return plainValue(permuted(inputs.plain(0), order, inputs));
}

function permuted(tensor: Tensor, order: number[], { tf }: NodeInputs): Tensor {
  return order.every((axis, place) => axis === place) ? tf.clone(tensor) : tf.transpose(tensor, order);
}

/** Axes from the attribute of older operator sets or the input of newer ones, counted from the front. */
function axesOf(inputs: NodeInputs, rank: number): number[] | undefined {
  const axes = intsAttribute(inputs.node, "axes") ?? (inputs.has(1) ? inputs.numbers(1) : undefined);
  return axes?.map((axis) => fromFront(axis, rank));
}
