import { graphOf, type Graph } from "./graph.js";
import { changed } from "./messages.js";
import type { GraphProto } from "./onnx_pb.js";

/** The same network with some parts replaced: its nodes, its weights, its ports. Everything else is shared with it. */
export function changedGraph(graph: Graph, parts: Partial<GraphProto>): Graph {
  return graphOf(changed(graph.model, { graph: changed(graph.model.graph as GraphProto, parts) }));
}
