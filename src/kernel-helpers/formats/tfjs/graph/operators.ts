import { float } from "../../../graph/onnx/create-graph.js";
import { CamlabError } from "../../../support/errors.js";
import { activate } from "../../channels-last/activations.js";
import { binary, clip, dense, normalised, softmax, unary } from "../../channels-last/arithmetic.js";
import { concat, pad, reduce, reshape, resize, transpose, type Resizing } from "../../channels-last/shapes.js";
import { frontAxis, isConstant, stored, type Constant, type Operand, type Value } from "../../channels-last/value.js";
import { convolution, depthwise, permuted, pool, type Pads, type Windows } from "../../channels-last/windows.js";
import type { GraphBuilder } from "../../graph-builder.js";
import {
  flagAttribute,
  intsAttribute,
  numberAttribute,
  textAttribute,
  textsAttribute,
  type GraphNode,
} from "./graph-def.js";

/** What a node of a GraphModel is converted with. */
export interface GraphOperation {
  readonly builder: GraphBuilder;
  readonly node: GraphNode;
  readonly inputs: readonly Operand[];
}

type Convert = (operation: GraphOperation) => Operand;

function value({ inputs, builder, node }: GraphOperation, index = 0): Value {
  const operand = operandAt(inputs, index);
  return isConstant(operand) ? stored(builder, operand, `${node.name}/constant`) : operand;
}

function operandAt(inputs: readonly Operand[], index: number): Operand {
  const operand = inputs[index];
  if (operand === undefined) throw new CamlabError(`it reads nothing in place ${index}`);
  return operand;
}

function constant({ inputs }: GraphOperation, index: number): Constant {
  const operand = operandAt(inputs, index);
  if (isConstant(operand)) return operand;
  throw new CamlabError(`what it reads in place ${index} is not in the file, but computed`);
}

function windows(node: GraphNode): Omit<Windows, "kernel"> {
  if (textAttribute(node, "data_format", "NHWC") !== "NHWC") throw new CamlabError("it has its channels first");
  const padding = textAttribute(node, "padding", "VALID");
  const both = (name: string): [number, number] => {
    const [, rows = 1, columns = 1] = intsAttribute(node, name);
    if (![rows, columns].every((size) => Number.isSafeInteger(size) && size >= 1 && size < 2 ** 16))
      throw new CamlabError(`its ${name} are ${rows}×${columns}`);
    return [rows, columns];
  };
  const known = { SAME: "same", VALID: "valid", EXPLICIT: explicitPads(node) } as const;
  if (!Object.hasOwn(known, padding)) throw new CamlabError(`its padding is ${JSON.stringify(padding)}`);
  return { strides: both("strides"), dilations: both("dilations"), padding: known[padding as keyof typeof known] };
}

function explicitPads(node: GraphNode): Pads {
  const [, , top = 0, bottom = 0, left = 0, right = 0] = intsAttribute(node, "explicit_paddings");
  return { top, bottom, left, right };
}

/** What was fused to a node: a bias, a learned normalisation, an activation, in this order. */
function fused(operation: GraphOperation, compute: (bias: Constant | undefined, name: string) => Value): Value {
  const { node, builder, inputs } = operation;
  const steps = textsAttribute(node, "fused_ops");
  const hasBias = steps[0] === "BiasAdd";
  const rest = hasBias ? steps.slice(1) : steps;
  const result = compute(
    hasBias ? constant(operation, 2) : undefined,
    rest.length > 0 ? `${node.name}/linear` : node.name,
  );
  return rest.reduce<Value>((from, step) => {
    if (step === "Prelu") return binary(builder, "PRelu", from, operandAt(inputs, inputs.length - 1), node.name);
    if (step === "LeakyRelu")
      return unary(builder, "LeakyRelu", from, node.name, {
        alpha: float(numberAttribute(node, "leakyrelu_alpha", 0.2)),
      });
    return activate(builder, step, from, node.name);
  }, result);
}

const convolving =
  (how: typeof convolution): Convert =>
  (operation) =>
    fused(operation, (bias, name) => {
      const learned = { kernel: constant(operation, 1), bias };
      return how(operation.builder, value(operation), learned, windows(operation.node), name);
    });

const matMul: Convert = (operation) =>
  fused(operation, (bias, name) => {
    const { builder, node } = operation;
    if (flagAttribute(node, "transpose_a")) throw new CamlabError("it transposes what it reads");
    const given = constant(operation, 1);
    const turned = flagAttribute(node, "transpose_b");
    const weights = turned ? { shape: [...given.shape].reverse(), data: permuted(given, [1, 0]) } : given;
    return dense(builder, value(operation), weights, bias, name);
  });

const pooling =
  (kind: "max" | "mean"): Convert =>
  (operation) => {
    const { builder, node } = operation;
    const [, rows = 0, columns = 0] = intsAttribute(node, "ksize");
    if (!(rows >= 1 && columns >= 1 && rows < 2 ** 16 && columns < 2 ** 16))
      throw new CamlabError(`its windows are ${rows}×${columns}`);
    return pool(builder, kind, value(operation), { ...windows(node), kernel: [rows, columns] }, node.name);
  };

const elementwise =
  (operator: string): Convert =>
  ({ builder, node, inputs }) =>
    binary(builder, operator, operandAt(inputs, 0), operandAt(inputs, 1), node.name);

const simple =
  (operator: string): Convert =>
  (operation) =>
    unary(operation.builder, operator, value(operation), operation.node.name);

const activation =
  (kind: string): Convert =>
  (operation) =>
    activate(operation.builder, kind, value(operation), operation.node.name);

const batchNorm: Convert = (operation) => {
  const [scale, shift, mean, variance] = [1, 2, 3, 4].map((index) => constant(operation, index));
  if (textAttribute(operation.node, "data_format", "NHWC") !== "NHWC")
    throw new CamlabError("it has its channels first");
  const epsilon = numberAttribute(operation.node, "epsilon", 1e-3);
  return normalised(
    operation.builder,
    value(operation),
    { mean, variance, scale, shift },
    epsilon,
    operation.node.name,
  );
};

/** Sizes of each picture: the first is that of the batch, whatever the file calls it. */
const reshaping: Convert = (operation) => {
  const input = value(operation);
  const sizes = Array.from(constant(operation, 1).data);
  if (sizes.length === 1) return reshape(operation.builder, input, [-1], operation.node.name);
  return reshape(operation.builder, input, sizes.slice(1), operation.node.name);
};

const squeeze: Convert = (operation) => {
  const input = value(operation);
  const listed = intsAttribute(operation.node, "squeeze_dims").map((axis) => frontAxis(input.shape.length, axis));
  const gone = (axis: number) => (listed.length > 0 ? listed.includes(axis) : input.shape[axis] === 1);
  const sizes = input.shape.slice(1).flatMap((dim, i) => (gone(i + 1) ? [] : [typeof dim === "number" ? dim : -1]));
  return reshape(operation.builder, input, sizes, operation.node.name);
};

const expand: Convert = (operation) => {
  const input = value(operation);
  const [axis] = constant(operation, 1).data;
  const at = frontAxis(input.shape.length + 1, axis);
  if (at === 0) throw new CamlabError("it puts an axis before the batch's");
  const sizes = input.shape.slice(1).map((dim) => (typeof dim === "number" ? dim : -1));
  sizes.splice(at - 1, 0, 1);
  return reshape(operation.builder, input, sizes, operation.node.name);
};

const padding =
  (mode: "constant" | "reflect"): Convert =>
  (operation) => {
    const { shape, data } = constant(operation, 1);
    const isPicture = shape[0] === 4 && shape[1] === 2 && [0, 1, 6, 7].every((i) => data[i] === 0);
    if (!isPicture || data.some((side) => side < 0 || side >= 2 ** 16))
      throw new CamlabError("it pads other axes than rows and columns");
    const [, , top, bottom, left, right] = data;
    const filled = operation.inputs.length > 2 ? constant(operation, 2).data[0] : 0;
    return pad(operation.builder, value(operation), { top, bottom, left, right }, operation.node.name, {
      mode,
      value: filled,
    });
  };

const reducing =
  (kind: "mean" | "max" | "sum"): Convert =>
  (operation) =>
    reduce(
      operation.builder,
      kind,
      value(operation),
      Array.from(constant(operation, 1).data),
      flagAttribute(operation.node, "keep_dims"),
      operation.node.name,
    );

const resizing =
  (kind: Resizing["kind"]): Convert =>
  (operation) => {
    const [rows, columns] = constant(operation, 1).data;
    const how = {
      kind,
      alignCorners: flagAttribute(operation.node, "align_corners"),
      halfPixels: flagAttribute(operation.node, "half_pixel_centers"),
    };
    return resize(operation.builder, value(operation), { size: [rows, columns] }, how, operation.node.name);
  };

const concatenation: Convert = (operation) => {
  const count = operation.inputs.length - 1;
  const [axis] = constant(operation, count).data;
  return concat(
    operation.builder,
    Array.from({ length: count }, (_, i) => value(operation, i)),
    axis,
    operation.node.name,
  );
};

/** TensorFlow's operators by name. */
export const GRAPH_OPERATORS: ReadonlyMap<string, Convert> = new Map<string, Convert>([
  ["Abs", simple("Abs")],
  ["Add", elementwise("Add")],
  ["AddV2", elementwise("Add")],
  ["AvgPool", pooling("mean")],
  ["BiasAdd", elementwise("Add")],
  ["ConcatV2", concatenation],
  ["Conv2D", convolving(convolution)],
  ["DepthwiseConv2dNative", convolving(depthwise)],
  ["Elu", simple("Elu")],
  ["Exp", simple("Exp")],
  ["ExpandDims", expand],
  ["FusedBatchNorm", batchNorm],
  ["FusedBatchNormV2", batchNorm],
  ["FusedBatchNormV3", batchNorm],
  ["FusedDepthwiseConv2dNative", convolving(depthwise)],
  [
    "LeakyRelu",
    (operation) =>
      unary(operation.builder, "LeakyRelu", value(operation), operation.node.name, {
        alpha: float(numberAttribute(operation.node, "alpha", 0.2)),
      }),
  ],
  ["MatMul", matMul],
  ["Max", reducing("max")],
  ["MaxPool", pooling("max")],
  ["Maximum", elementwise("Max")],
  ["Mean", reducing("mean")],
  ["Minimum", elementwise("Min")],
  ["MirrorPad", padding("reflect")],
  ["Mul", elementwise("Mul")],
  ["Neg", simple("Neg")],
  ["Pad", padding("constant")],
  ["PadV2", padding("constant")],
  ["Prelu", elementwise("PRelu")],
  ["RealDiv", elementwise("Div")],
  ["Relu", simple("Relu")],
  ["Relu6", (operation) => clip(operation.builder, value(operation), 0, 6, operation.node.name)],
  ["Reshape", reshaping],
  ["ResizeBilinear", resizing("bilinear")],
  ["ResizeNearestNeighbor", resizing("nearest")],
  [
    "Rsqrt",
    (operation) =>
      unary(
        operation.builder,
        "Reciprocal",
        unary(operation.builder, "Sqrt", value(operation), `${operation.node.name}/root`),
        operation.node.name,
      ),
  ],
  ["Selu", simple("Selu")],
  ["Sigmoid", simple("Sigmoid")],
  ["Softmax", (operation) => softmax(operation.builder, value(operation), operation.node.name)],
  ["Softplus", simple("Softplus")],
  ["Sqrt", simple("Sqrt")],
  ["Square", (operation) => binary(operation.builder, "Mul", value(operation), value(operation), operation.node.name)],
  ["Squeeze", squeeze],
  ["Sub", elementwise("Sub")],
  ["Sum", reducing("sum")],
  ["Swish", activation("swish")],
  ["Tanh", simple("Tanh")],
  [
    "Transpose",
    (operation) =>
      transpose(operation.builder, value(operation), Array.from(constant(operation, 1).data), operation.node.name),
  ],
  ["_FusedConv2D", convolving(convolution)],
  ["_FusedMatMul", matMul],
]);

/** Nodes that give on what they read. */
export const PASSING: ReadonlySet<string> = new Set([
  "CheckNumerics",
  "Identity",
  "IdentityN",
  "PreventGradient",
  "Snapshot",
  "StopGradient",
]);
