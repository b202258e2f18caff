import type { Tensor } from "@tensorflow/tfjs-core";
import type { Numbers } from "../../graph/onnx/tensor.js";

/** The module `@tensorflow/tfjs-core`, as loaded. */
export type Tf = typeof import("@tensorflow/tfjs-core");

/**
 * What a node reads or computes. `dims` are always in ONNX's order. Images stay channels last (NHWC) in memory, which
 * is what every TF.js backend convolves: they are transposed only where a node looks at the order itself.
 */
export type Value = TensorValue | ListValue | ConstantValue;

/** Numbers in the backend. */
export interface TensorValue {
  readonly kind: "tensor";
  readonly dims: readonly number[];
  readonly tensor: Tensor;
  /** Whether `dims` are N×C×H×W and the tensor is N×H×W×C. */
  readonly channelsLast: boolean;
}

/** A few numbers that are known without the backend: shapes and what is computed from them. */
export interface ListValue {
  readonly kind: "list";
  readonly dims: readonly number[];
  readonly list: readonly number[];
  /** Whether they are integers to the network. */
  readonly whole: boolean;
}

/** Weights: uploaded in the form that their reader needs. */
export interface ConstantValue {
  readonly kind: "constant";
  readonly dims: readonly number[];
  readonly data: Numbers;
  readonly type: "float32" | "int32" | "bool";
}

/** A computed value in ONNX's order. */
export function plainValue(tensor: Tensor): TensorValue {
  return { kind: "tensor", dims: tensor.shape, tensor, channelsLast: false };
}

/** A computed value that lies channels last: N×H×W×C. */
export function imageValue(tensor: Tensor): TensorValue {
  const [count, height, width, channels] = tensor.shape;
  return { kind: "tensor", dims: [count, channels, height, width], tensor, channelsLast: true };
}

/** A computed value in the order that its inputs lay in. */
export function valueIn(channelsLast: boolean, tensor: Tensor): TensorValue {
  return channelsLast ? imageValue(tensor) : plainValue(tensor);
}

/** Where an axis of N×C×H×W lies in N×H×W×C. */
export function axisChannelsLast(axis: number): number {
  return [0, 3, 1, 2][axis];
}

/** N×H×W×C as N×C×H×W. */
export function channelsFirst(tf: Tf, tensor: Tensor): Tensor {
  const [count, height, width, channels] = tensor.shape;
  const sameOrder = channels === 1 || height * width === 1;
  return sameOrder ? tf.reshape(tensor, [count, channels, height, width]) : tf.transpose(tensor, [0, 3, 1, 2]);
}

/** N×C×H×W as N×H×W×C. */
export function channelsLast(tf: Tf, tensor: Tensor): Tensor {
  const [count, channels, height, width] = tensor.shape;
  const sameOrder = channels === 1 || height * width === 1;
  return sameOrder ? tf.reshape(tensor, [count, height, width, channels]) : tf.transpose(tensor, [0, 2, 3, 1]);
}

/** A value that is known on the host as a new tensor, in ONNX's order. */
export function upload(tf: Tf, value: ListValue | ConstantValue): Tensor {
  const dims = [...value.dims];
  if (value.kind === "list") return tf.tensor([...value.list], dims, value.whole ? "int32" : "float32");
  return tf.tensor(typedFor(value), dims, value.type);
}

function typedFor({ data, type }: ConstantValue): Float32Array | Int32Array | Uint8Array {
  if (type === "float32") return data instanceof Float32Array ? data : Float32Array.from(data);
  if (type === "bool") return Uint8Array.from(data);
  return data instanceof Int32Array ? data : Int32Array.from(data, clampToInt32);
}

/** Exporters write the largest 64-bit integer for "to the end". */
function clampToInt32(value: number): number {
  return Math.min(Math.max(value, -(2 ** 31)), 2 ** 31 - 1);
}
