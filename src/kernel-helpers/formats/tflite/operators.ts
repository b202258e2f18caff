import { float } from "../../graph/onnx/create-graph.js";
import { CamlabError } from "../../support/errors.js";
import { activate } from "../channels-last/activations.js";
import { binary, clip, dense, softmax, unary } from "../channels-last/arithmetic.js";
import { concat, pad, reduce, reshape, resize, transpose, type Resizing } from "../channels-last/shapes.js";
import { shapeValue } from "../channels-last/shape-values.js";
import { isConstant, stored, type Constant, type Operand, type Value } from "../channels-last/value.js";
import {
  convolution,
  depthwise,
  permuted,
  pool,
  transposedConvolution,
  type Windows,
} from "../channels-last/windows.js";
import type { GraphBuilder } from "../graph-builder.js";
import type { Table } from "./table.js";

/** What an operator of a TFLite file is converted with. */
export interface LiteOperation {
  readonly builder: GraphBuilder;
  readonly name: string;
  /** What it reads; undefined where something optional is left out. */
  readonly inputs: readonly (Operand | undefined)[];
  /** Its options; undefined where the file has none. */
  readonly options: Table | undefined;
}

/** An operator's first output; those behind it are no part of the networks that are read. */
export type LiteConvert = (operation: LiteOperation) => Operand;

/** What the network computes, read by an operator. */
function value({ inputs, builder, name }: LiteOperation, index = 0): Value {
  const operand = inputs[index];
  if (operand === undefined) throw new CamlabError(`it reads nothing in place ${index}`);
  return isConstant(operand) ? stored(builder, operand, `${name}/constant`) : operand;
}

/** Numbers of the file that an operator needs. */
function constant({ inputs }: LiteOperation, index: number): Constant {
  const operand = inputs[index];
  if (operand !== undefined && isConstant(operand)) return operand;
  throw new CamlabError(`what it reads in place ${index} is not in the file, but computed`);
}

function optional({ inputs }: LiteOperation, index: number): Constant | undefined {
  const operand = inputs[index];
  return operand !== undefined && isConstant(operand) ? operand : undefined;
}

function operand({ inputs }: LiteOperation, index: number): Operand {
  const found = inputs[index];
  if (found === undefined) throw new CamlabError(`it reads nothing in place ${index}`);
  return found;
}

const FUSED = ["linear", "relu", "relun1to1", "relu6", "tanh"];

/** With the activation that many operators carry, at a place among their options. */
function fused({ builder, name, options }: LiteOperation, index: number, compute: (name: string) => Value): Value {
  const kind = options?.byte(index) ?? 0;
  if (kind === 0) return compute(name);
  const known = FUSED.at(kind);
  if (kind < 0 || known === undefined) throw new CamlabError(`its fused activation ${kind} is not known`);
  return activate(builder, known, compute(`${name}/linear`), name);
}

function windows(
  options: Table | undefined,
  dilations?: readonly [rows: number, columns: number],
): Omit<Windows, "kernel"> {
  const size = (index: number) => positive(options?.int(index, 1) ?? 1);
  return {
    padding: (options?.byte(0) ?? 0) === 0 ? "same" : "valid",
    strides: [size(2), size(1)],
    ...(dilations && { dilations: [size(dilations[0]), size(dilations[1])] }),
  };
}

function positive(size: number): number {
  if (size >= 1 && size < 2 ** 16) return size;
  throw new CamlabError(`a window or stride has the size ${size}`);
}

/** Kernels lie outputs × rows × columns × channels. */
function kernelOf(operation: LiteOperation, order: readonly number[]): Constant {
  const kernel = constant(operation, 1);
  if (kernel.shape.length !== 4) throw new CamlabError(`its kernels have ${kernel.shape.length} sizes, 4 are needed`);
  return { shape: order.map((axis) => kernel.shape[axis]), data: permuted(kernel, order) };
}

const conv2d: LiteConvert = (operation) =>
  fused(operation, 3, (name) =>
    convolution(
      operation.builder,
      value(operation),
      { kernel: kernelOf(operation, [1, 2, 3, 0]), bias: optional(operation, 2) },
      windows(operation.options, [5, 4]),
      name,
    ),
  );

const depthwiseConv2d: LiteConvert = (operation) =>
  fused(operation, 4, (name) => {
    const input = value(operation);
    const { shape, data } = constant(operation, 1);
    const channels = input.shape.at(-1);
    if (shape.length !== 4 || typeof channels !== "number" || shape[3] % channels !== 0) {
      throw new CamlabError(`its kernels are ${shape.join("×")} for ${channels} channels`);
    }
    const kernel = { shape: [shape[1], shape[2], channels, shape[3] / channels], data };
    return depthwise(
      operation.builder,
      input,
      { kernel, bias: optional(operation, 2) },
      windows(operation.options, [6, 5]),
      name,
    );
  });

const transposeConv: LiteConvert = (operation) => {
  const kernel = kernelOf(operation, [1, 2, 0, 3]);
  return transposedConvolution(
    operation.builder,
    value(operation, 2),
    { kernel, bias: optional(operation, 3) },
    windows(operation.options),
    operation.name,
  );
};

const fullyConnected: LiteConvert = (operation) =>
  fused(operation, 0, (name) => {
    const { shape, data } = constant(operation, 1);
    if (shape.length !== 2) throw new CamlabError(`its weights are ${shape.join("×")}`);
    const weights = { shape: [shape[1], shape[0]], data: permuted({ shape, data }, [1, 0]) };
    const input = value(operation);
    const keeps = operation.options?.flag(2) ?? false;
    const flat = keeps || input.shape.length === 2 ? input : reshape(operation.builder, input, [-1], `${name}/flat`);
    return dense(operation.builder, flat, weights, optional(operation, 2), name);
  });

const pooling =
  (kind: "max" | "mean"): LiteConvert =>
  (operation) =>
    fused(operation, 5, (name) => {
      const kernel = [positive(operation.options?.int(4) ?? 0), positive(operation.options?.int(3) ?? 0)] as const;
      return pool(operation.builder, kind, value(operation), { ...windows(operation.options), kernel }, name);
    });

const elementwise =
  (operator: string, activation?: number): LiteConvert =>
  (operation) => {
    const compute = (name: string) =>
      binary(operation.builder, operator, operand(operation, 0), operand(operation, 1), name);
    return activation === undefined ? compute(operation.name) : fused(operation, activation, compute);
  };

const simple =
  (operator: string): LiteConvert =>
  (operation) =>
    unary(operation.builder, operator, value(operation), operation.name);

const activation =
  (kind: string): LiteConvert =>
  (operation) =>
    activate(operation.builder, kind, value(operation), operation.name);

/** Sizes for each picture: the file's first one is how many pictures it was made for. */
const reshaping: LiteConvert = (operation) => {
  const { inputs, options, builder, name } = operation;
  const sizes = inputs[1] === undefined ? (options?.ints(0) ?? []) : Array.from(constant(operation, 1).data);
  const input = value(operation);
  const isBatched = sizes.length > 1 && (sizes[0] === 1 || sizes[0] === -1);
  return reshape(builder, input, isBatched ? sizes.slice(1) : sizes.length === 1 ? [-1] : sizes, name);
};

const squeeze: LiteConvert = (operation) => {
  const input = value(operation);
  const listed = (operation.options?.ints(0) ?? []).map((axis) => (axis < 0 ? axis + input.shape.length : axis));
  const gone = (axis: number) => axis > 0 && (listed.length > 0 ? listed.includes(axis) : input.shape[axis] === 1);
  const sizes = input.shape.flatMap((dim, axis) =>
    axis === 0 || gone(axis) ? [] : [typeof dim === "number" ? dim : -1],
  );
  return reshape(operation.builder, input, sizes, operation.name);
};

const expand: LiteConvert = (operation) => {
  const input = value(operation);
  const axis = constant(operation, 1).data[0];
  const at = axis < 0 ? axis + input.shape.length + 1 : axis;
  if (!(at >= 1 && at <= input.shape.length)) throw new CamlabError(`it puts an axis at ${axis}`);
  const sizes = input.shape.slice(1).map((dim) => (typeof dim === "number" ? dim : -1));
  sizes.splice(at - 1, 0, 1);
  return reshape(operation.builder, input, sizes, operation.name);
};

const padding =
  (mode: "constant" | "reflect"): LiteConvert =>
  (operation) => {
    const { shape, data } = constant(operation, 1);
    const [, , top, bottom, left, right] = data;
    const isPicture = shape[0] === 4 && shape[1] === 2 && [0, 1, 6, 7].every((i) => data[i] === 0);
    if (!isPicture || data.some((side) => side < 0 || side >= 2 ** 16))
      throw new CamlabError("it pads other axes than rows and columns");
    const filled = optional(operation, 2)?.data[0] ?? 0;
    return pad(operation.builder, value(operation), { top, bottom, left, right }, operation.name, {
      mode,
      value: filled,
    });
  };

const reducing =
  (kind: "mean" | "max" | "sum"): LiteConvert =>
  (operation) => {
    const axes = Array.from(constant(operation, 1).data);
    return reduce(operation.builder, kind, value(operation), axes, operation.options?.flag(0) ?? false, operation.name);
  };

const resizing =
  (kind: Resizing["kind"], first: number): LiteConvert =>
  (operation) => {
    const [rows, columns] = constant(operation, 1).data;
    const { options, builder, name } = operation;
    const how = { kind, alignCorners: options?.flag(first) ?? false, halfPixels: options?.flag(first + 1) ?? false };
    return resize(builder, value(operation), { size: [rows, columns] }, how, name);
  };

const concatenation: LiteConvert = (operation) =>
  fused(operation, 1, (name) =>
    concat(
      operation.builder,
      operation.inputs.map((_, i) => value(operation, i)),
      operation.options?.int(0) ?? 0,
      name,
    ),
  );

/** What is computed of sizes, which are known: TensorFlow's own converter writes a Flatten so. */
const ofSizes =
  (op: string): LiteConvert =>
  ({ inputs }) => {
    const operands = inputs.filter((operand) => operand !== undefined);
    const found = shapeValue(op, operands);
    if (found) return found;
    throw new CamlabError("it computes with something else than the sizes of a picture");
  };

/** With the options that leave a begin or an end open. */
const slicing: LiteConvert = (operation) => {
  const { options } = operation;
  const open = (index: number) => ((options?.int(index) ?? 0) & 1) !== 0;
  const from = constant(operation, 0);
  const place = (at: number, mask: number, instead: number): Constant => {
    const { shape, data } = constant(operation, at);
    return open(mask) ? { shape, data: Int32Array.of(instead) } : { shape, data };
  };
  const inputs = [from, place(1, 0, 0), place(2, 1, from.data.length), constant(operation, 3)];
  return ofSizes("StridedSlice")({ ...operation, inputs });
};

const identity: LiteConvert = (operation) => operand(operation, 0);

/** TFLite's operators by number. */
export const LITE_OPERATORS: ReadonlyMap<number, readonly [name: string, convert: LiteConvert]> = new Map<
  number,
  readonly [string, LiteConvert]
>([
  [0, ["ADD", elementwise("Add", 0)]],
  [1, ["AVERAGE_POOL_2D", pooling("mean")]],
  [2, ["CONCATENATION", concatenation]],
  [3, ["CONV_2D", conv2d]],
  [4, ["DEPTHWISE_CONV_2D", depthwiseConv2d]],
  [6, ["DEQUANTIZE", identity]],
  [9, ["FULLY_CONNECTED", fullyConnected]],
  [14, ["LOGISTIC", simple("Sigmoid")]],
  [17, ["MAX_POOL_2D", pooling("max")]],
  [18, ["MUL", elementwise("Mul", 0)]],
  [19, ["RELU", simple("Relu")]],
  [20, ["RELU_N1_TO_1", activation("relun1to1")]],
  [21, ["RELU6", (operation) => clip(operation.builder, value(operation), 0, 6, operation.name)]],
  [22, ["RESHAPE", reshaping]],
  [23, ["RESIZE_BILINEAR", resizing("bilinear", 2)]],
  [25, ["SOFTMAX", softmaxOf]],
  [28, ["TANH", simple("Tanh")]],
  [34, ["PAD", padding("constant")]],
  [
    39,
    [
      "TRANSPOSE",
      (operation) =>
        transpose(operation.builder, value(operation), Array.from(constant(operation, 1).data), operation.name),
    ],
  ],
  [36, ["GATHER", ofSizes("GatherV2")]],
  [40, ["MEAN", reducing("mean")]],
  [41, ["SUB", elementwise("Sub", 0)]],
  [42, ["DIV", elementwise("Div", 0)]],
  [43, ["SQUEEZE", squeeze]],
  [45, ["STRIDED_SLICE", slicing]],
  [47, ["EXP", simple("Exp")]],
  [
    54,
    [
      "PRELU",
      (operation) => binary(operation.builder, "PRelu", value(operation), constant(operation, 1), operation.name),
    ],
  ],
  [55, ["MAXIMUM", elementwise("Max")]],
  [57, ["MINIMUM", elementwise("Min")]],
  [59, ["NEG", simple("Neg")]],
  [60, ["PADV2", padding("constant")]],
  [67, ["TRANSPOSE_CONV", transposeConv]],
  [70, ["EXPAND_DIMS", expand]],
  [73, ["LOG", simple("Log")]],
  [74, ["SUM", reducing("sum")]],
  [75, ["SQRT", simple("Sqrt")]],
  [77, ["SHAPE", ofSizes("Shape")]],
  [81, ["REDUCE_PROD", ofSizes("Prod")]],
  [82, ["REDUCE_MAX", reducing("max")]],
  [83, ["PACK", ofSizes("Pack")]],
  [97, ["RESIZE_NEAREST_NEIGHBOR", resizing("nearest", 0)]],
  [
    98,
    [
      "LEAKY_RELU",
      (operation) =>
        unary(operation.builder, "LeakyRelu", value(operation), operation.name, {
          alpha: float(operation.options?.float(0) ?? 0),
        }),
    ],
  ],
  [100, ["MIRROR_PAD", mirror]],
  [101, ["ABS", simple("Abs")]],
  [111, ["ELU", simple("Elu")]],
  [114, ["QUANTIZE", identity]],
  [117, ["HARD_SWISH", activation("hardswish")]],
  [150, ["GELU", activation("gelu")]],
]);

function softmaxOf(operation: LiteOperation): Value {
  const beta = operation.options?.float(0, 0) ?? 1;
  const input = value(operation);
  const sharpened =
    beta === 1 || beta === 0
      ? input
      : binary(
          operation.builder,
          "Mul",
          input,
          { shape: [], data: Float32Array.of(beta) },
          `${operation.name}/sharpened`,
        );
  return softmax(operation.builder, sharpened, operation.name);
}

function mirror(operation: LiteOperation): Operand {
  if ((operation.options?.byte(0) ?? 0) !== 0) throw new CamlabError("it mirrors the edge as well");
  return padding("reflect")(operation);
}
