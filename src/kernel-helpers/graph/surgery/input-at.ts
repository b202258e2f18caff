import { changedGraph } from "../onnx/changed-graph.js";
import { makePort } from "../onnx/create-graph.js";
import type { Graph } from "../onnx/graph.js";
import type { GraphProto } from "../onnx/onnx.js";
import { withOutputs } from "./cut-graph.js";

/**
 * The end of a network: a value that it computes becomes its only input.
 *
 * @param dims the value's shape
 * @returns undefined where the output depends on the network's input by another way, too
 * @example
 * withInputAt(net, "relu5", [1, 512, 7, 7], "logits");
 */
export function withInputAt(graph: Graph, value: string, dims: readonly number[], output: string): Graph | undefined {
  const proto = graph.model.graph as GraphProto;
  const given = changedGraph(graph, {
    node: proto.node.filter((node) => !node.output.includes(value)),
    input: [...proto.input, makePort(value, dims)],
    valueInfo: [],
  });
  const end = withOutputs(given, [output]);
  return end.inputs.length === 1 && end.inputs[0].name === value ? end : undefined;
}
