import { floatAttribute, intAttribute, intsAttribute } from "../onnx/attributes.js";
import { constantOf, integersOf, isConstant, type Constant } from "../onnx/constants.js";
import { isStandard, nodeLabel, type Graph } from "../onnx/graph.js";
import type { Shape } from "../shapes/infer-shapes.js";
import { layerNormAt } from "./layer-norm.js";
import type { NodeProto } from "../onnx/onnx_pb.js";
import { toFloat32, type Numbers } from "../onnx/tensor.js";

/** One thing that the tail of a network does to a vector of numbers, one vector a photo. */
export type HeadStep =
  | { readonly kind: "pass"; readonly rounds?: boolean }
  | { readonly kind: "affine"; readonly scale: Numbers | number; readonly shift: Numbers | number }
  | { readonly kind: "layer"; readonly epsilon: number; readonly scale?: Float32Array; readonly shift?: Float32Array }
  | {
      readonly kind: "linear";
      /** `outputs × inputs`. */
      readonly weights: Float32Array;
      readonly outputs: number;
      readonly inputs: number;
      readonly bias?: Float32Array;
      readonly label: string;
    };

/** What `stepBack` needs to know of a graph. */
export interface Tail {
  readonly graph: Graph;
  readonly shapes: ReadonlyMap<string, Shape>;
}

/** A step, the value it reads, and whether that value holds photos as columns rather than rows. */
export interface Back {
  readonly step: HeadStep;
  readonly input: string;
  readonly columns: boolean;
}

/** Why a node cannot be part of a GAP head. */
export interface Refused {
  readonly refused: string;
}

type Rule = (tail: Tail, node: NodeProto, columns: boolean) => Back | Refused;

/**
 * Goes one node back from a value in the tail of a network.
 *
 * @param columns whether `name` holds photos as columns (after a Transpose) rather than rows
 */
export function stepBack(tail: Tail, name: string, columns: boolean): Back | Refused {
  const node = tail.graph.producer(name);
  if (!node) return { refused: `"${name}" is an input of the network` };
  const layer = layerNormAt(tail, node);
  if (layer) return { step: { kind: "layer", ...layer.normalisation }, input: layer.input, columns };
  const rule = isStandard(node) && Object.hasOwn(RULES, node.opType) ? RULES[node.opType] : undefined;
  if (rule) return rule(tail, node, columns);
  const what = `"${nodeLabel(node)}" (${operator(node)})`;
  const advice =
    "quantise with QuantizeLinear and DequantizeLinear nodes (the QDQ format) or take the network in float32";
  return { refused: isQuantised(node) ? `${what} computes in whole numbers: ${advice}` : `${what} is not linear` };
}

/** The operator with its vendor, when it is not of the standard set. */
export function operator(node: NodeProto): string {
  return isStandard(node) ? node.opType : `${node.domain}.${node.opType}`;
}

function isQuantised({ opType }: NodeProto): boolean {
  return /^(QLinear|QGemm|ConvInteger|MatMulInteger|DynamicQuantize)/.test(opType);
}

const pass: Rule = (_tail, node, columns) => ({ step: { kind: "pass" }, input: node.input[0], columns });

const rounding: Rule = (_tail, node, columns) => ({
  step: { kind: "pass", rounds: true },
  input: node.input[0],
  columns,
});

/** How each operator that may stand in a GAP head is undone, one node at a time. */
const RULES: Readonly<Record<string, Rule>> = {
  Identity: pass,
  Dropout: pass,
  Cast: pass,
  Flatten: pass,
  Reshape: pass,
  Squeeze: pass,
  Unsqueeze: pass,
  QuantizeLinear: rounding,
  DequantizeLinear: rounding,
  Transpose: transpose,
  Gather: gather,
  Gemm: gemm,
  MatMul: matMul,
  Conv: pointwise,
  BatchNormalization: batchNorm,
  Add: (tail, node, columns) => affine(tail, node, columns, (value) => ({ scale: 1, shift: value })),
  Mul: (tail, node, columns) => affine(tail, node, columns, (value) => ({ scale: value, shift: 0 })),
  Sub: (tail, node, columns) =>
    affine(tail, node, columns, (value, first) =>
      first ? { scale: -1, shift: value } : { scale: 1, shift: value.map((v) => -v) },
    ),
  Div: (tail, node, columns) =>
    affine(tail, node, columns, (value, first) =>
      first ? undefined : { scale: Float64Array.from(value, (v) => 1 / v), shift: 0 },
    ),
};

function transpose(tail: Tail, node: NodeProto, columns: boolean): Back | Refused {
  const perm = intsAttribute(node, "perm");
  const input = node.input[0];
  const step = { kind: "pass" } as const;
  const rank = perm?.length ?? tail.shapes.get(input)?.length ?? 2;
  if (rank === 2) return { step, input, columns: !perm || perm[0] === 1 ? !columns : columns };
  const shape = tail.shapes.get(input);
  const onePlace = shape?.slice(1).filter((dim) => dim !== 1).length ?? 2;
  if (perm?.[0] === 0 && onePlace <= 1) return { step, input, columns };
  return { refused: `"${nodeLabel(node)}" (Transpose) reorders maps that are not pooled` };
}

/** A Gather of every element in order, which PyTorch's newer exporter writes for `as_strided`: a reshape. */
function gather({ graph, shapes }: Tail, node: NodeProto, columns: boolean): Back | Refused {
  const indices = integersOf(graph, node.input[1]);
  const every = shapes.get(node.input[0])?.join() === String(indices?.length);
  const reshapes = every && intAttribute(node, "axis", 0) === 0 && indices?.every((index, i) => index === i);
  if (reshapes) return { step: { kind: "pass" }, input: node.input[0], columns };
  return { refused: `"${nodeLabel(node)}" (Gather) picks some values out of many` };
}

function gemm({ graph }: Tail, node: NodeProto, columns: boolean): Back | Refused {
  const [a, b, c] = node.input;
  const [transA, transB] = [intAttribute(node, "transA", 0) === 1, intAttribute(node, "transB", 0) === 1];
  const alpha = floatAttribute(node, "alpha", 1);
  const dataFirst = !isConstant(graph, a);
  const matrix = constantOf(graph, dataFirst ? b : a);
  if (!matrix) return { refused: `the weights of "${nodeLabel(node)}" (Gemm) are computed while the network runs` };
  if (dataFirst === columns) return { refused: `"${nodeLabel(node)}" (Gemm) mixes photos` };
  const constant = c ? constantOf(graph, c) : undefined;
  if (c && !constant) return { refused: `the bias of "${nodeLabel(node)}" (Gemm) is computed while the network runs` };
  const weights = asRows(matrix, dataFirst ? !transB : transA, alpha);
  const beta = floatAttribute(node, "beta", 1);
  return {
    step: { kind: "linear", ...weights, ...biasOf(constant, weights.outputs, beta), label: nodeLabel(node) },
    input: dataFirst ? a : b,
    columns: dataFirst ? transA : !transB,
  };
}

function matMul({ graph }: Tail, node: NodeProto, columns: boolean): Back | Refused {
  const dataFirst = !isConstant(graph, node.input[0]);
  const matrix = constantOf(graph, node.input[dataFirst ? 1 : 0]);
  if (!matrix) return { refused: `"${nodeLabel(node)}" (MatMul) multiplies two values that both depend on the photo` };
  if (matrix.dims.slice(0, -2).some((dim) => dim !== 1) || matrix.dims.length < 2 || dataFirst === columns) {
    return { refused: `"${nodeLabel(node)}" (MatMul) by ${matrix.dims.join("×")} is no linear classifier` };
  }
  const weights = asRows({ dims: matrix.dims.slice(-2), data: matrix.data }, dataFirst, 1);
  return {
    step: { kind: "linear", ...weights, label: nodeLabel(node) },
    input: node.input[dataFirst ? 0 : 1],
    columns: !dataFirst,
  };
}

/** A matrix as `outputs × inputs`, transposed when it is stored the other way. */
function asRows(matrix: Constant, stored: boolean, alpha: number) {
  const [rows, columns] = matrix.dims;
  const [outputs, inputs] = stored ? [columns, rows] : [rows, columns];
  if (!stored && alpha === 1) return { weights: toFloat32(matrix.data), outputs, inputs };
  const weights = new Float32Array(outputs * inputs);
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      const from = stored ? input * columns + output : output * columns + input;
      weights[output * inputs + input] = alpha * matrix.data[from];
    }
  }
  return { weights, outputs, inputs };
}

function biasOf(constant: Constant | undefined, outputs: number, factor: number): { bias?: Float32Array } {
  if (!constant) return {};
  const { data } = constant;
  return { bias: Float32Array.from({ length: outputs }, (_, i) => factor * data[data.length === 1 ? 0 : i]) };
}

function pointwise({ graph }: Tail, node: NodeProto, columns: boolean): Back | Refused {
  const kernel = constantOf(graph, node.input[1]);
  const label = `"${nodeLabel(node)}" (Conv)`;
  if (!kernel) return { refused: `the weights of ${label} are computed while the network runs` };
  const size = kernel.dims.slice(2);
  if (size.some((dim) => dim !== 1)) {
    return { refused: `${label} has a window of ${size.join("×")}, where a classifier has 1×1` };
  }
  const uneven = [...(intsAttribute(node, "strides") ?? []).map((s) => s - 1), ...(intsAttribute(node, "pads") ?? [])];
  if (uneven.some((value) => value !== 0)) return { refused: `${label} strides over or pads its maps` };
  const bias = node.input[2] ? constantOf(graph, node.input[2]) : undefined;
  if (node.input[2] && !bias) return { refused: `the bias of ${label} is computed while the network runs` };
  const weights = ungrouped(kernel, intAttribute(node, "group", 1));
  return {
    step: { kind: "linear", ...weights, ...biasOf(bias, weights.outputs, 1), label: nodeLabel(node) },
    input: node.input[0],
    columns,
  };
}

function ungrouped(kernel: Constant, groups: number) {
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

function batchNorm({ graph }: Tail, node: NodeProto, columns: boolean): Back | Refused {
  const [gamma, beta, mean, variance] = node.input.slice(1, 5).map((name) => constantOf(graph, name)?.data);
  if (!gamma || !beta || !mean || !variance) {
    return { refused: `"${nodeLabel(node)}" (BatchNormalization) has statistics that are not stored` };
  }
  const epsilon = floatAttribute(node, "epsilon", 1e-5);
  const scale = Float64Array.from(gamma, (g, k) => g / Math.sqrt(variance[k] + epsilon));
  const shift = Float64Array.from(beta, (b, k) => b - mean[k] * scale[k]);
  return { step: { kind: "affine", scale, shift }, input: node.input[0], columns };
}

function affine(
  { graph, shapes }: Tail,
  node: NodeProto,
  columns: boolean,
  make: (constant: Numbers, first: boolean) => { scale: Numbers | number; shift: Numbers | number } | undefined,
): Back | Refused {
  const label = `"${nodeLabel(node)}" (${node.opType})`;
  const first = isConstant(graph, node.input[0]);
  const constant = constantOf(graph, node.input[first ? 0 : 1]);
  if (!constant) return { refused: `${label} joins two values that both depend on the photo` };
  const input = node.input[first ? 1 : 0];
  const [before, after] = [shapes.get(input), shapes.get(node.output[0])];
  const stretched = before && after && before.filter((d) => d !== 1).join() !== after.filter((d) => d !== 1).join();
  const made = stretched ? undefined : make(constant.data, first);
  return made ? { step: { kind: "affine", ...made }, input, columns } : { refused: `${label} is not linear` };
}
