import { floatAttribute, intAttribute, intsAttribute, textAttribute } from "../onnx/attributes.js";
import { constantOf, isConstant, type Constant } from "../onnx/constants.js";
import { nodeLabel } from "../onnx/graph.js";
import type { NodeProto } from "../onnx/onnx.js";
import { elementCount, toFloat32 } from "../onnx/tensor.js";
import type { Shape } from "../shapes/shape.js";
import type { Expressed } from "./vectors.js";
import type { Tail } from "./norms.js";
import { multiplied, scaled, type Factor, type Linear } from "./vectors.js";
import type { Refused } from "./refused.js";

/** What a rule for a node may ask. */
export interface Values {
  readonly tail: Tail;
  readonly of: (value: string) => Expressed | Refused;
}

/** A linear layer or a batch normalisation on vectors; undefined for other operators. */
export function linearAt(node: NodeProto, values: Values): Expressed | Refused | undefined {
  switch (node.opType) {
    case "Gemm":
      return gemm(node, values);
    case "MatMul":
      return matMul(node, values);
    case "Einsum":
      return einsum(node, values);
    case "Conv":
      return onVector(node, values, pointwiseConv(node, values.tail));
    case "BatchNormalization": {
      const affine = batchNorm(node, values.tail);
      if ("refused" in affine) return affine;
      const inner = values.of(node.input[0]);
      if ("refused" in inner) return inner;
      const vector = scaled(inner.vector, affine.scale, affine.shift);
      return "refused" in vector ? vector : { vector, photos: inner.photos };
    }
    default:
      return undefined;
  }
}

function onVector(node: NodeProto, values: Values, linear: Linear | Refused): Expressed | Refused {
  if ("refused" in linear) return linear;
  const inner = values.of(node.input[0]);
  if ("refused" in inner) return inner;
  const vector = multiplied(inner.vector, linear);
  return "refused" in vector ? vector : { vector, photos: inner.photos };
}

function gemm(node: NodeProto, { tail, of }: Values): Expressed | Refused {
  const { graph } = tail;
  const [a, b, c] = node.input;
  const label = `"${nodeLabel(node)}" (Gemm)`;
  const dataFirst = !isConstant(graph, a);
  const matrix = constantOf(graph, dataFirst ? b : a);
  if (!matrix) return { refused: `the weights of ${label} are computed while the network runs` };
  const bias = c ? constantOf(graph, c) : undefined;
  if (c && !bias) return { refused: `the bias of ${label} is computed while the network runs` };
  const inner = of(dataFirst ? a : b);
  if ("refused" in inner) return inner;
  const transposed = intAttribute(node, dataFirst ? "transA" : "transB", 0) === 1;
  // Photos are rows of the first factor and columns of the second.
  const photos = dataFirst === transposed ? 1 : 0;
  if (inner.photos !== null && inner.photos !== photos) return { refused: `${label} mixes photos` };
  const stored = intAttribute(node, dataFirst ? "transB" : "transA", 0) === 1;
  const linear = asRows(matrix, dataFirst !== stored, floatAttribute(node, "alpha", 1), nodeLabel(node));
  const beta = floatAttribute(node, "beta", 1);
  const across = dataFirst ? (bias?.dims.at(-1) ?? 1) : (bias?.dims.at(-2) ?? 1);
  if (bias && bias.data.length !== 1 && (bias.data.length !== linear.outputs || across !== linear.outputs)) {
    return { refused: `the bias of ${label} differs between photos` };
  }
  const vector = multiplied(inner.vector, { ...linear, ...biasOf(bias, linear.outputs, beta) });
  return "refused" in vector ? vector : { vector, photos: dataFirst ? 0 : 1 };
}

function matMul(node: NodeProto, { tail, of }: Values): Expressed | Refused {
  const { graph, shapes } = tail;
  const label = `"${nodeLabel(node)}" (MatMul)`;
  const dataFirst = !isConstant(graph, node.input[0]);
  const name = node.input[dataFirst ? 0 : 1];
  const matrix = constantOf(graph, node.input[dataFirst ? 1 : 0]);
  const inner = of(name);
  if ("refused" in inner) return inner;
  if (!matrix) return { refused: `${label} multiplies two values that both depend on the photo` };
  const rank = shapes.get(name)?.length ?? 2;
  if (matrix.dims.slice(0, -2).some((dim) => dim !== 1) || matrix.dims.length < 2) {
    return { refused: `${label} by ${matrix.dims.join("×")} is no linear classifier` };
  }
  const channels = dataFirst ? rank - 1 : rank - 2;
  const before = shapes.get(name);
  const alone = before?.every((dim, axis) => axis === channels || axis === inner.photos || dim === 1) ?? true;
  if (inner.photos === channels || !alone) return { refused: `${label} mixes photos` };
  const linear = asRows({ dims: matrix.dims.slice(-2), data: matrix.data }, dataFirst, 1, nodeLabel(node));
  const vector = multiplied(inner.vector, linear);
  return "refused" in vector ? vector : { vector, photos: inner.photos };
}

/** A product over the channels with a constant matrix, such as "nc,kc->nk". */
function einsum(node: NodeProto, { tail, of }: Values): Expressed | Refused {
  const { graph } = tail;
  const label = `"${nodeLabel(node)}" (Einsum)`;
  const equation = textAttribute(node, "equation", "").replace(/\s/g, "");
  const [left, output] = equation.split("->");
  const terms = left.split(",");
  const data = node.input.findIndex((name) => !isConstant(graph, name));
  const constant = 1 - data;
  const matrix = node.input.length === 2 && data >= 0 ? constantOf(graph, node.input[constant]) : undefined;
  if (!matrix || output === undefined || terms.length !== 2) {
    return { refused: `${label} "${equation}" is no linear classifier` };
  }
  const inner = of(node.input[data]);
  if ("refused" in inner) return inner;
  const [own, weights] = [terms[data], terms[constant]];
  const summed = [...weights].filter((letter) => own.includes(letter) && !output.includes(letter));
  const made = [...weights].filter((letter) => !own.includes(letter) && output.includes(letter));
  const photos = inner.photos === null ? -1 : output.indexOf(own[inner.photos]);
  const others = [...own].filter((letter, axis) => axis !== inner.photos && letter !== summed[0]);
  if (
    weights.length !== 2 ||
    summed.length !== 1 ||
    made.length !== 1 ||
    others.length > 0 ||
    (inner.photos !== null && photos < 0)
  ) {
    return { refused: `${label} "${equation}" is no linear classifier` };
  }
  const linear = asRows(matrix, weights[0] === summed[0], 1, nodeLabel(node));
  const vector = multiplied(inner.vector, linear);
  return "refused" in vector ? vector : { vector, photos: photos < 0 ? null : photos };
}

/** A 1×1 convolution as a matrix; other windows are refused. */
export function pointwiseConv(node: NodeProto, { graph }: Tail, padded = false): Linear | Refused {
  const kernel = constantOf(graph, node.input[1]);
  const label = `"${nodeLabel(node)}" (Conv)`;
  if (!kernel) return { refused: `the weights of ${label} are computed while the network runs` };
  const size = kernel.dims.slice(2);
  if (size.some((dim) => dim !== 1)) {
    return { refused: `${label} has a window of ${size.join("×")}, where a classifier has 1×1` };
  }
  const strides = (intsAttribute(node, "strides") ?? []).some((stride) => stride !== 1);
  const pads = (intsAttribute(node, "pads") ?? []).some((pad) => pad !== 0);
  if (strides || (pads && !padded)) return { refused: `${label} strides over or pads its maps` };
  const bias = node.input[2] ? constantOf(graph, node.input[2]) : undefined;
  if (node.input[2] && !bias) return { refused: `the bias of ${label} is computed while the network runs` };
  const groups = intAttribute(node, "group", 1);
  const [outputs, share] = kernel.dims;
  if (!(groups >= 1 && groups <= outputs && outputs % groups === 0)) {
    return { refused: `${label} has ${groups} groups for ${outputs} channels` };
  }
  const linear = ungrouped(kernel, groups);
  return { ...linear, ...biasOf(bias, outputs, 1), inputs: share * groups, label: nodeLabel(node) };
}

function ungrouped(kernel: Constant, groups: number): { weights: Float32Array; outputs: number; inputs: number } {
  const [outputs, share] = kernel.dims;
  if (groups === 1) return { weights: toFloat32(kernel.data), outputs, inputs: share };
  const inputs = share * groups;
  const weights = new Float32Array(outputs * inputs);
  for (let output = 0; output < outputs; output++) {
    const group = Math.floor((output * groups) / outputs);
    weights.set(kernel.data.subarray(output * share, (output + 1) * share), output * inputs + group * share);
  }
  return { weights, outputs, inputs };
}

/** A batch normalisation with stored statistics as scale and shift of each channel. */
export function batchNorm(
  node: NodeProto,
  { graph }: Tail,
): { readonly scale: Float64Array; readonly shift: Float64Array } | Refused {
  const [gamma, beta, mean, variance] = node.input.slice(1, 5).map((name) => constantOf(graph, name)?.data);
  if (!gamma || !beta || !mean || !variance) {
    return { refused: `"${nodeLabel(node)}" (BatchNormalization) has statistics that are not stored` };
  }
  const epsilon = floatAttribute(node, "epsilon", 1e-5);
  const scale = Float64Array.from(gamma, (g, k) => g / Math.sqrt(variance[k] + epsilon));
  return { scale, shift: Float64Array.from(beta, (b, k) => b - mean[k] * scale[k]) };
}

/**
 * A constant as a number for each element of a vector, stretched over the shape that it is combined in. Undefined when it
 * stretches the vector itself, or differs between photos.
 */
export function constantAlong(
  { graph }: Tail,
  name: string,
  shape: Shape | undefined,
  photos: number | null,
  size: number | undefined,
): Factor | undefined {
  const constant = constantOf(graph, name);
  if (!constant) return undefined;
  const { dims, data } = constant;
  if (data.length === 1) return data[0];
  if (!shape) return size === undefined || data.length === size ? data : undefined;
  const rank = shape.length;
  if (dims.length > rank) return undefined;
  const aligned = [...new Array<number>(rank - dims.length).fill(1), ...dims];
  if (photos !== null && aligned[photos] !== 1) return undefined;
  const own = shape.map((dim, axis) => (axis === photos ? 1 : typeof dim === "number" ? dim : aligned[axis]));
  if (own.some((dim, axis) => aligned[axis] !== 1 && aligned[axis] !== dim)) return undefined;
  const count = elementCount(own);
  if (size !== undefined && count !== size) return undefined;
  if (count === data.length) return data;
  if (count > 2 ** 24) return undefined;
  const values = new Float64Array(count);
  const index = new Array<number>(rank).fill(0);
  for (let i = 0; i < count; i++) {
    let from = 0;
    for (let axis = 0; axis < rank; axis++) from = from * aligned[axis] + (aligned[axis] === 1 ? 0 : index[axis]);
    values[i] = data[from];
    for (let axis = rank - 1; axis >= 0 && ++index[axis] >= own[axis]; axis--) index[axis] = 0;
  }
  return values;
}

/** A matrix as `outputs × inputs`, turned when it is stored the other way. */
function asRows(matrix: Constant, stored: boolean, alpha: number, label: string): Linear {
  const [rows, columns] = matrix.dims;
  const [outputs, inputs] = stored ? [columns, rows] : [rows, columns];
  if (!stored && alpha === 1) return { weights: toFloat32(matrix.data), outputs, inputs, label };
  const weights = new Float32Array(outputs * inputs);
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      const from = stored ? input * columns + output : output * columns + input;
      weights[output * inputs + input] = alpha * matrix.data[from];
    }
  }
  return { weights, outputs, inputs, label };
}

function biasOf(constant: Constant | undefined, outputs: number, factor: number): { bias?: Float64Array } {
  if (!constant) return {};
  const { data } = constant;
  return { bias: Float64Array.from({ length: outputs }, (_, i) => factor * data[data.length === 1 ? 0 : i]) };
}
