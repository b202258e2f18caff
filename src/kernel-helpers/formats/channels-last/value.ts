import type { Dim } from "../../graph/onnx/graph.js";
import { CamlabError } from "../../support/errors.js";
import type { GraphBuilder } from "../graph-builder.js";

/**
 * A value of a network whose pictures have their channels last, as TensorFlow's have. In the graph pictures lie channels
 * first; `shape` is what the file means, and a part of a network that never asks for the order of places is not moved about.
 */
export interface Value {
  /** What it is called in the graph. */
  readonly name: string;
  /** N × rows × columns × channels, or any other axes; the first is open. */
  readonly shape: readonly Dim[];
  /** Whether it lies as N × channels × rows × columns. */
  readonly isPicture: boolean;
}

/** Numbers of the file: weights, a scalar, a shape. */
export interface Constant {
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}

/** What an operator reads. */
export type Operand = Value | Constant;

/** Whether an operand is known without running the network. */
export function isConstant(operand: Operand): operand is Constant {
  return "data" in operand;
}

/** Sizes of a picture's axes in the file's order, by where they lie in the graph. */
const FROM_FIRST = [0, 2, 3, 1] as const;
/** And the other way round. */
const FROM_LAST = [0, 3, 1, 2] as const;

/** What the network is fed with: channels first, however many pictures. */
export function inputValue(builder: GraphBuilder, name: string, shape: readonly Dim[]): Value {
  const sizes = shape.map((dim, i) => (i === 0 ? "N" : dim));
  if (sizes.length !== 4) return { name: builder.input(name, sizes), shape: sizes, isPicture: false };
  const first = FROM_LAST.map((axis) => sizes[axis]);
  return { name: builder.input(name, first), shape: sizes, isPicture: true };
}

/** A value that a node gives in the same layout as another. */
export function like(value: Value, name: string, shape: readonly Dim[] = value.shape): Value {
  return { name, shape, isPicture: value.isPicture };
}

/** Where an axis of the file lies in the graph; axes may be counted from the end. */
export function storedAxis({ shape, isPicture }: Value, axis: number): number {
  const front = frontAxis(shape.length, axis);
  return isPicture ? FROM_FIRST[front] : front;
}

/**
 * An axis counted from the front.
 *
 * @throws CamlabError when there is no such axis
 */
export function frontAxis(axes: number, axis: number): number {
  const front = axis < 0 ? axes + axis : axis;
  if (Number.isInteger(front) && front >= 0 && front < axes) return front;
  throw new CamlabError(`there is no axis ${axis} among ${axes}`);
}

/** The value channels first, as convolutions take it. */
export function asPicture(builder: GraphBuilder, value: Value): Value {
  if (value.isPicture) return value;
  if (value.shape.length !== 4) {
    throw new CamlabError(
      `"${value.name}" has ${value.shape.length} axes, a picture has 4: batch, rows, columns, channels`,
    );
  }
  return { ...value, name: moved(builder, value, FROM_LAST), isPicture: true };
}

/** The value with its axes as the file has them. */
export function asFile(builder: GraphBuilder, value: Value): Value {
  if (!value.isPicture) return value;
  return { ...value, name: moved(builder, value, FROM_FIRST), isPicture: false };
}

/** Axes exchanged; where a picture is a single place nothing moves, and sizes are only written otherwise. */
function moved(builder: GraphBuilder, value: Value, to: readonly number[]): string {
  const { name, shape, isPicture } = value;
  if (shape[1] === 1 && shape[2] === 1 && typeof shape[3] === "number") {
    const sizes = isPicture ? [0, 1, 1, shape[3]] : [0, shape[3], 1, 1];
    return builder.node("Reshape", [name, builder.wholeNumbers(`${name}.sizes`, sizes)], `${name}.moved`);
  }
  return builder.node("Transpose", [name], `${name}.moved`, { perm: to });
}

/** A constant as a stored value of the graph, with its axes as the file has them. */
export function stored(builder: GraphBuilder, { shape, data }: Constant, wanted: string): Value {
  const floats = data instanceof Float32Array ? data : Float32Array.from(data);
  return { name: builder.floats(wanted, shape, floats), shape, isPicture: false };
}
