import { makeTensor } from "../../graph/onnx/create-graph.js";
import { changedGraph } from "../../graph/onnx/changed-graph.js";
import type { Graph } from "../../graph/onnx/graph.js";
import type { GraphProto } from "../../graph/onnx/onnx.js";
import { tensorDims } from "../../graph/onnx/tensor.js";

/** The same network with other numbers in some of its initializers, as float32. Nothing is changed in place. */
export function withWeights(graph: Graph, weights: ReadonlyMap<string, Float32Array>): Graph {
  const proto = graph.model.graph as GraphProto;
  const initializer = proto.initializer.map((tensor) => {
    const numbers = weights.get(tensor.name);
    return numbers ? makeTensor(tensor.name, tensorDims(tensor), numbers) : tensor;
  });
  return changedGraph(graph, { initializer });
}
