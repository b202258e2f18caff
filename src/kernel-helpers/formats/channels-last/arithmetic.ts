import { float, type AttributeValue } from "../../graph/onnx/create-graph.js";
import type { Dim } from "../../graph/onnx/graph.js";
import { CamlabError } from "../../support/errors.js";
import type { GraphBuilder } from "../graph-builder.js";
import {
  asFile,
  asPicture,
  frontAxis,
  isConstant,
  like,
  stored,
  storedAxis,
  type Constant,
  type Operand,
  type Value,
} from "./value.js";

/** An operator that treats each number by itself. */
export function unary(
  builder: GraphBuilder,
  operator: string,
  input: Value,
  name: string,
  attributes: Readonly<Record<string, AttributeValue>> = {},
): Value {
  return like(input, builder.node(operator, [input.name], name, attributes));
}

/**
 * An operator of two values, or of a value and numbers of the file, which are broadcast from the last axis on.
 *
 * @throws CamlabError when both are numbers of the file
 */
export function binary(builder: GraphBuilder, operator: string, a: Operand, b: Operand, name: string): Value {
  const [left, right] = [a, b].map((operand) => (isConstant(operand) ? undefined : operand));
  if (left && right) return ofValues(builder, operator, left, right, name);
  const [value, constant] = left ? [left, b as Constant] : [right, a as Constant];
  if (!value) throw new CamlabError(`"${name}" computes with numbers of the file only`);
  const other = broadcast(builder, constant, value, `${name}/constant`);
  const inputs = left ? [value.name, other] : [other, value.name];
  return like(value, builder.node(operator, inputs, name), broadcastShape(value.shape, constant.shape));
}

function ofValues(builder: GraphBuilder, operator: string, left: Value, right: Value, name: string): Value {
  const pictures = left.isPicture || right.isPicture;
  const layout = (value: Value) =>
    pictures && value.shape.length === 4 ? asPicture(builder, value) : asFile(builder, value);
  const [a, b] = [left, right].map(layout);
  if (a.isPicture !== b.isPicture) {
    const [c, d] = [asFile(builder, a), asFile(builder, b)];
    return {
      name: builder.node(operator, [c.name, d.name], name),
      shape: broadcastShape(c.shape, d.shape),
      isPicture: false,
    };
  }
  return like(a, builder.node(operator, [a.name, b.name], name), broadcastShape(a.shape, b.shape));
}

/** Numbers of the file beside a value: for a picture they lie channels first. */
function broadcast(builder: GraphBuilder, constant: Constant, value: Value, wanted: string): string {
  const { shape, data } = constant;
  if (!value.isPicture || data.length === 1) {
    const own = data.length === 1 ? { shape: [], data } : constant;
    return stored(builder, own, wanted).name;
  }
  const full = [...new Array<number>(Math.max(0, 4 - shape.length)).fill(1), ...shape];
  if (full.length !== 4) throw new CamlabError(`${shape.join("×")} numbers do not fit a picture`);
  if (full[0] === 1 && full[1] === 1 && full[2] === 1)
    return stored(builder, { shape: [full[3], 1, 1], data }, wanted).name;
  return asPicture(builder, stored(builder, { shape: full, data }, wanted)).name;
}

function broadcastShape(a: readonly Dim[], b: readonly Dim[]): Dim[] {
  const axes = Math.max(a.length, b.length);
  return Array.from({ length: axes }, (_, i) => {
    const [x, y] = [a, b].map((shape) => (i - axes + shape.length < 0 ? 1 : shape[i - axes + shape.length]));
    return x === 1 ? y : x;
  });
}

/** Least and largest value that stay. */
export function clip(builder: GraphBuilder, input: Value, low: number, high: number, name: string): Value {
  const ends = [builder.number(`${name}/low`, low), builder.number(`${name}/high`, high)];
  return like(input, builder.node("Clip", [input.name, ...ends], name));
}

/** eˣ over its sum along an axis, the last unless given. */
export function softmax(builder: GraphBuilder, input: Value, name: string, axis = -1): Value {
  return unary(builder, "Softmax", input, name, { axis: storedAxis(input, axis) });
}

/** x · w + b over the last axis; `weights` are inputs × outputs. */
export function dense(
  builder: GraphBuilder,
  input: Value,
  weights: Constant,
  bias: Constant | undefined,
  name: string,
): Value {
  const [inputs, outputs] = weights.shape;
  const plain = flatPlace(builder, input) ?? asFile(builder, input);
  const last = plain.shape.at(-1);
  if (weights.shape.length !== 2 || last !== inputs) {
    throw new CamlabError(`"${name}" has weights ${weights.shape.join("×")} for ${last} numbers`);
  }
  const shape = [...plain.shape.slice(0, -1), outputs];
  const kernel = stored(builder, weights, `${name}/weight`).name;
  const parts = [plain.name, kernel];
  if (plain.shape.length === 2) {
    if (bias) parts.push(builder.floats(`${name}/bias`, [outputs], Float32Array.from(bias.data)));
    return { name: builder.node("Gemm", parts, name), shape, isPicture: false };
  }
  const product = { name: builder.node("MatMul", parts, bias ? `${name}/product` : name), shape, isPicture: false };
  return bias ? binary(builder, "Add", product, bias, name) : product;
}

/** A picture of one place over which a Dense layer goes stays a picture for TensorFlow; nothing has to move. */
function flatPlace(builder: GraphBuilder, value: Value): Value | undefined {
  return value.isPicture && value.shape[1] === 1 && value.shape[2] === 1 ? asFile(builder, value) : undefined;
}

/** Learned or known statistics: (x − mean) / √(variance + ε) · scale + shift along an axis, the last unless given. */
export function normalised(
  builder: GraphBuilder,
  input: Value,
  statistics: {
    readonly mean: Constant;
    readonly variance: Constant;
    readonly scale?: Constant;
    readonly shift?: Constant;
  },
  epsilon: number,
  name: string,
  axis = -1,
): Value {
  const front = frontAxis(input.shape.length, axis);
  const count = statistics.mean.data.length;
  if (front !== input.shape.length - 1 || (input.shape.length !== 4 && input.shape.length !== 2)) {
    throw new CamlabError(`"${name}" normalises axis ${axis} of ${input.shape.length}, which is not the channels'`);
  }
  const value = input.shape.length === 4 ? asPicture(builder, input) : input;
  const list = (label: string, constant: Constant | undefined, usual: number) =>
    builder.floats(
      `${name}/${label}`,
      [count],
      constant ? Float32Array.from(constant.data) : new Float32Array(count).fill(usual),
    );
  const inputs = [
    value.name,
    list("scale", statistics.scale, 1),
    list("shift", statistics.shift, 0),
    list("mean", statistics.mean, 0),
    list("variance", statistics.variance, 1),
  ];
  return like(value, builder.node("BatchNormalization", inputs, name, { epsilon: float(epsilon) }));
}
