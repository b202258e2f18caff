import { changedGraph } from "../../graph/onnx/changed-graph.js";
import { makeStoredTensor } from "../../graph/onnx/create-graph.js";
import type { Graph } from "../../graph/onnx/graph.js";
import type { GraphProto } from "../../graph/onnx/onnx.js";
import { tensorDims, typeName } from "../../graph/onnx/tensor.js";
import { numbersToHalf } from "../../support/half-float.js";

/**
 * The same network with other numbers in some of its initializers, in the type that each has (bfloat16 is cut off, not
 * rounded). Nothing is changed in place.
 */
export function withWeights(graph: Graph, weights: ReadonlyMap<string, Float32Array>): Graph {
  const proto = graph.model.graph as GraphProto;
  const initializer = proto.initializer.map((tensor) => {
    const numbers = weights.get(tensor.name);
    if (!numbers) return tensor;
    const type = typeName(tensor.dataType);
    const { buffer, byteOffset, byteLength } = stored(numbers, type);
    return makeStoredTensor(tensor.name, tensorDims(tensor), type, new Uint8Array(buffer, byteOffset, byteLength));
  });
  return changedGraph(graph, { initializer });
}

function stored(numbers: Float32Array, type: string): ArrayBufferView<ArrayBufferLike> {
  if (type === "float64") return Float64Array.from(numbers);
  if (type === "float16") return numbersToHalf(numbers);
  if (type === "bfloat16")
    return new Uint16Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length).filter((_, i) => i % 2 === 1);
  return WHOLE[type]?.from(numbers) ?? numbers;
}

/** Quantised weights. */
const WHOLE: Readonly<Record<string, { from(numbers: Float32Array): ArrayBufferView<ArrayBufferLike> } | undefined>> = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
};
