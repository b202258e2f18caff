import { floatAttribute, intAttribute, intsAttribute } from "../onnx/attributes.js";
import { constantOf, integersOf, isConstant, numberOf } from "../onnx/constants.js";
import type { Graph } from "../onnx/graph.js";
import type { NodeProto } from "../onnx/onnx.js";
import type { Numbers } from "../onnx/tensor.js";
import type { Shape } from "../shapes/shape.js";
import { axesFrom, fromFront } from "../shapes/shape-arithmetic.js";

/** What the search for a head knows of a graph. */
export interface Tail {
  readonly graph: Graph;
  readonly shapes: ReadonlyMap<string, Shape>;
}

/**
 * A normalisation over the channels, and the value that it reads: `layer` is (x − mean x) / √(mean (x − mean x)² + ε),
 * `rms` is x / √(mean x² + ε), `variance` is x over the deviation of `layer`, `length` is x / √(Σ x²).
 */
export interface FoundNorm {
  readonly input: string;
  readonly norm: "layer" | "rms" | "variance" | "length";
  /** Whether the variance is Σ (x − mean x)² / (K − 1). */
  readonly unbiased?: boolean;
  readonly epsilon: number;
  readonly scale?: Numbers;
  readonly shift?: Numbers;
}

/** The normalisation that ends in this node, as an operator of its own or written out in single ones. */
export function normAt(tail: Tail, node: NodeProto): FoundNorm | undefined {
  const { opType } = node;
  if (opType === "LayerNormalization") return asOperator(tail, node, "layer", 1e-5);
  if (opType === "RMSNormalization") return asOperator(tail, node, "rms", 1e-5);
  if (opType === "SimplifiedLayerNormalization") return asOperator(tail, node, "rms", 1e-5);
  if (opType === "LpNormalization") {
    const over = overChannels(tail, node.input[0], [intAttribute(node, "axis", -1)]);
    return over && intAttribute(node, "p", 2) === 2 ? { input: node.input[0], norm: "length", epsilon: 0 } : undefined;
  }
  if (opType === "Div") return divided(tail, node.input[0], node.input[1]);
  if (opType !== "Mul") return undefined;
  for (const [value, inverse] of [node.input, [...node.input].reverse()]) {
    const below = reciprocalOf(tail.graph, inverse);
    const found = below === undefined ? undefined : divided(tail, value, below);
    if (found) return found;
  }
  return undefined;
}

function asOperator(tail: Tail, node: NodeProto, norm: "layer" | "rms", usual: number): FoundNorm | undefined {
  const [input, scale, shift] = node.input;
  const rank = tail.shapes.get(input)?.length;
  const axis = intAttribute(node, "axis", -1);
  const axes = rank === undefined ? [axis] : axesFrom(axis, rank);
  if (!overChannels(tail, input, axes)) return undefined;
  const [gamma, beta] = [
    scale ? constantOf(tail.graph, scale) : undefined,
    shift ? constantOf(tail.graph, shift) : undefined,
  ];
  if ((scale && !gamma) || (shift && !beta)) return undefined;
  return {
    input,
    norm,
    epsilon: floatAttribute(node, "epsilon", usual),
    ...(gamma && { scale: gamma.data }),
    ...(beta && { shift: beta.data }),
  };
}

/** y, when the value is 1 / y. */
function reciprocalOf(graph: Graph, name: string): string | undefined {
  const node = graph.producer(name);
  if (node?.opType === "Reciprocal") return node.input[0];
  return node?.opType === "Div" && numberOf(graph, node.input[0]) === 1 ? node.input[1] : undefined;
}

/** value / deviation, when that is a normalisation. */
function divided(tail: Tail, value: string, deviation: string): FoundNorm | undefined {
  const length = lengthAt(tail, value, deviation);
  if (length) return length;
  const { graph } = tail;
  const root = graph.producer(deviation);
  if (root?.opType !== "Sqrt") return undefined;
  const sum = graph.producer(root.input[0]);
  if (sum?.opType !== "Add") return undefined;
  const first = numberOf(graph, sum.input[0]);
  const epsilon = first ?? numberOf(graph, sum.input[1]);
  const { variance, unbiased, reshaped } = varianceAt(tail, sum.input[first === undefined ? 0 : 1]);
  if (epsilon === undefined || variance?.opType !== "ReduceMean" || !overAllChannels(tail, variance, reshaped))
    return undefined;
  const squared = squareOf(tail, variance.input[0]);
  if (squared === undefined) return undefined;
  const more = unbiased ? { unbiased } : {};
  const input = centredInput(tail, value);
  if (squared === value && input === undefined) return { input: value, norm: "rms", epsilon, ...more };
  const spread = centredInput(tail, squared);
  if (spread === value) return { input: value, norm: "variance", epsilon, ...more };
  return input !== undefined && spread === input ? { input, norm: "layer", epsilon, ...more } : undefined;
}

interface FoundVariance {
  readonly variance?: NodeProto;
  readonly unbiased: boolean;
  /** Whether axes that the mean took away are put back as ones. */
  readonly reshaped: boolean;
}

/** The mean of squares behind a variance, and whether it was made unbiased: v · K / (K − 1). */
function varianceAt(tail: Tail, name: string): FoundVariance {
  const { graph } = tail;
  let at = name;
  for (let above = graph.producer(at); isOneEach(tail, above, at); above = graph.producer(at)) [at] = above.input;
  const reshaped = at !== name;
  const node = graph.producer(at);
  if (node?.opType !== "Div") return { variance: node, unbiased: false, reshaped };
  const [product, less] = node.input.map((input) => graph.producer(input));
  const [all, fewer] = [product?.input.map((input) => numberOf(graph, input)), numberOf(graph, node.input[1])];
  const counted = all?.findIndex((value) => value !== undefined) ?? -1;
  if (product?.opType === "Mul" && all && counted >= 0 && fewer !== undefined) {
    const mean = graph.producer(product.input[1 - counted]);
    const channels = mean && tail.shapes.get(mean.input[0])?.reduce<number>(largest, 1);
    const fits = channels !== undefined && all[counted] === channels && fewer === channels - 1;
    return { variance: fits ? mean : undefined, unbiased: true, reshaped };
  }
  const count = less?.opType === "Sub" && numberOf(graph, less.input[1]) === 1 ? less.input[0] : undefined;
  const mean =
    count !== undefined && product?.opType === "Mul" ? product.input.find((input) => input !== count) : undefined;
  const whole = product?.input.includes(count ?? "") ?? false;
  return { variance: mean === undefined || !whole ? undefined : graph.producer(mean), unbiased: true, reshaped };
}

/** Whether a value only gives each photo's number as many axes of length 1 as are wanted. */
function isOneEach({ shapes }: Tail, node: NodeProto | undefined, name: string): node is NodeProto {
  if (node?.opType !== "Reshape" && node?.opType !== "Unsqueeze") return false;
  return shapes.get(name)?.every((dim, axis) => axis === 0 || dim === 1) ?? false;
}

/** The length of the channels: every other axis but the first is 1 where a variance is taken. */
function largest(most: number, dim: unknown, axis: number): number {
  return axis > 0 && typeof dim === "number" ? Math.max(most, dim) : most;
}

/** x / ‖x‖, perhaps with a smallest length. */
function lengthAt(tail: Tail, value: string, deviation: string): FoundNorm | undefined {
  const { graph } = tail;
  let node = graph.producer(deviation);
  while (node && ["Expand", "Clip", "Max"].includes(node.opType)) {
    const input = node.input.find((name) => name !== "" && !isConstant(graph, name));
    node = input === undefined ? undefined : graph.producer(input);
  }
  if (node?.opType === "Sqrt") {
    const sum = graph.producer(node.input[0]);
    const written = sum?.opType === "ReduceSum" && squareOf(tail, sum.input[0]) === value;
    return written && overAllChannels(tail, sum) ? { input: value, norm: "length", epsilon: 0 } : undefined;
  }
  const own = node?.opType === "ReduceL2" && node.input[0] === value && overAllChannels(tail, node);
  return own ? { input: value, norm: "length", epsilon: 0 } : undefined;
}

/** x, when the value is x − mean(x). */
function centredInput(tail: Tail, name: string): string | undefined {
  const difference = tail.graph.producer(name);
  if (difference?.opType !== "Sub") return undefined;
  const mean = tail.graph.producer(difference.input[1]);
  const input = difference.input[0];
  return mean?.opType === "ReduceMean" && mean.input[0] === input && overAllChannels(tail, mean) ? input : undefined;
}

/** y, when the value is y². */
function squareOf({ graph }: Tail, name: string): string | undefined {
  const node = graph.producer(name);
  if (node?.opType === "Mul") return node.input[0] === node.input[1] ? node.input[0] : undefined;
  return node?.opType === "Pow" && numberOf(graph, node.input[1]) === 2 ? node.input[0] : undefined;
}

function overAllChannels(tail: Tail, node: NodeProto, reshaped = false): boolean {
  const axes = intsAttribute(node, "axes") ?? integersOf(tail.graph, node.input[1]);
  const keeps = reshaped || intAttribute(node, "keepdims", 1) === 1;
  return axes !== undefined && keeps && overChannels(tail, node.input[0], axes);
}

/** Whether these axes of a pooled value are all its channels and nothing of other photos. */
function overChannels({ shapes }: Tail, name: string, axes: readonly number[]): boolean {
  const shape = shapes.get(name);
  if (!shape) return axes.length === 1 && (axes[0] === 1 || axes[0] === -1);
  const listed = axes.map((axis) => fromFront(axis, shape.length));
  return !listed.includes(0) && shape.every((dim, axis) => axis === 0 || dim === 1 || listed.includes(axis));
}
