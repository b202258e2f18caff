import { findGapHead } from "../head/find-gap-head.js";
import { makeNode } from "../onnx/create-graph.js";
import { changedGraph } from "../onnx/changed-graph.js";
import type { Graph } from "../onnx/graph.js";
import type { GraphProto } from "../onnx/onnx.js";

/** A pooling whose window is the whole map is one over all of any map. */
export function withOpenWindow(graph: Graph, { features } = findGapHead(graph)): Graph {
  const name = features?.name;
  const pooling = name === undefined ? undefined : graph.producer(name);
  if (pooling?.opType !== "AveragePool" && pooling?.opType !== "MaxPool") return graph;
  const proto = graph.model.graph as GraphProto;
  const open = makeNode(
    `Global${pooling.opType}`,
    pooling.input,
    pooling.output.slice(0, 1),
    {},
    { name: pooling.name },
  );
  return changedGraph(graph, { node: proto.node.map((node) => (node === pooling ? open : node)) });
}
