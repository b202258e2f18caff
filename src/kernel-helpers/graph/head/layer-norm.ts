import { floatAttribute, intAttribute, intsAttribute } from "../onnx/attributes.js";
import { constantOf, integersOf } from "../onnx/constants.js";
import type { Tail } from "./head-steps.js";
import type { NodeProto } from "../onnx/onnx_pb.js";
import { fromFront } from "../shapes/shape-arithmetic.js";
import { toFloat32 } from "../onnx/tensor.js";

/** A layer normalisation of pooled features, and the value that it reads. */
export interface FoundLayerNorm {
  readonly input: string;
  readonly normalisation: { readonly epsilon: number; readonly scale?: Float32Array; readonly shift?: Float32Array };
}

/**
 * A layer normalisation over the channels that ends in this node: the operator itself, or its spelling
 * (x − mean) ÷ √(mean((x − mean)²) + ε) in single operators, which older operator sets need.
 */
export function layerNormAt(tail: Tail, node: NodeProto): FoundLayerNorm | undefined {
  if (node.opType === "LayerNormalization") return asOperator(tail, node);
  if (node.opType === "Div") return spelled(tail, node.input[0], node.input[1]);
  if (node.opType !== "Mul") return undefined;
  for (const [centred, inverse] of [node.input, [...node.input].reverse()]) {
    const reciprocal = tail.graph.producer(inverse);
    if (reciprocal?.opType !== "Reciprocal") continue;
    const found = spelled(tail, centred, reciprocal.input[0]);
    if (found) return found;
  }
  return undefined;
}

function asOperator(tail: Tail, node: NodeProto): FoundLayerNorm | undefined {
  const [input, scale, shift] = node.input;
  const rank = tail.shapes.get(input)?.length;
  const axis = intAttribute(node, "axis", -1);
  const axes = rank === undefined ? [axis] : range(fromFront(axis, rank), rank);
  if (!overChannels(tail, input, axes)) return undefined;
  const [gamma, beta] = [constantOf(tail.graph, scale), shift ? constantOf(tail.graph, shift) : undefined];
  if (!gamma || (shift && !beta)) return undefined;
  return {
    input,
    normalisation: {
      epsilon: floatAttribute(node, "epsilon", 1e-5),
      scale: toFloat32(gamma.data),
      ...(beta && { shift: toFloat32(beta.data) }),
    },
  };
}

function spelled(tail: Tail, centred: string, deviation: string): FoundLayerNorm | undefined {
  const { graph } = tail;
  const input = centredInput(tail, centred);
  const root = graph.producer(deviation);
  const sum = root?.opType === "Sqrt" ? graph.producer(root.input[0]) : undefined;
  if (input === undefined || sum?.opType !== "Add") return undefined;
  const constantFirst = constantOf(graph, sum.input[0]);
  const epsilon = (constantFirst ?? constantOf(graph, sum.input[1]))?.data;
  const variance = graph.producer(sum.input[constantFirst ? 1 : 0]);
  if (epsilon?.length !== 1 || variance?.opType !== "ReduceMean" || !meansChannels(tail, variance)) return undefined;
  const squared = squareOf(tail, variance.input[0]);
  if (squared === undefined || centredInput(tail, squared) !== input) return undefined;
  return { input, normalisation: { epsilon: epsilon[0] } };
}

/** x, when the value is x − mean(x). */
function centredInput(tail: Tail, name: string): string | undefined {
  const difference = tail.graph.producer(name);
  if (difference?.opType !== "Sub") return undefined;
  const mean = tail.graph.producer(difference.input[1]);
  const input = difference.input[0];
  return mean?.opType === "ReduceMean" && mean.input[0] === input && meansChannels(tail, mean) ? input : undefined;
}

/** y, when the value is y². */
function squareOf({ graph }: Tail, name: string): string | undefined {
  const node = graph.producer(name);
  if (node?.opType === "Mul") return node.input[0] === node.input[1] ? node.input[0] : undefined;
  return node?.opType === "Pow" && constantOf(graph, node.input[1])?.data[0] === 2 ? node.input[0] : undefined;
}

function meansChannels(tail: Tail, node: NodeProto): boolean {
  const axes = intsAttribute(node, "axes") ?? integersOf(tail.graph, node.input[1]);
  return axes !== undefined && intAttribute(node, "keepdims", 1) === 1 && overChannels(tail, node.input[0], axes);
}

/** Whether these axes of a pooled value are all its channels and nothing of other photos. */
function overChannels({ shapes }: Tail, name: string, axes: readonly number[]): boolean {
  const shape = shapes.get(name);
  if (!shape) return axes.length === 1 && (axes[0] === 1 || axes[0] === -1);
  const listed = axes.map((axis) => fromFront(axis, shape.length));
  return !listed.includes(0) && shape.every((dim, axis) => axis === 0 || dim === 1 || listed.includes(axis));
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
