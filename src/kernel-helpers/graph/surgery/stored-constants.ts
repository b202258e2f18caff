import { tensorAttribute } from "../onnx/attributes.js";
import { changedGraph } from "../onnx/changed-graph.js";
import type { Graph } from "../onnx/graph.js";
import { changed } from "../onnx/messages.js";
import type { GraphProto, NodeProto, TensorProto } from "../onnx/onnx.js";

/** The same network whose matrices and filters are all initializers, those too that its file holds in Constant nodes. */
export function withStoredConstants(graph: Graph): Graph {
  const proto = graph.model.graph as GraphProto;
  const stored: TensorProto[] = [];
  const node = proto.node.filter((each) => {
    const tensor = matrixOf(each);
    if (tensor) stored.push(changed(tensor, { name: each.output[0] }));
    return tensor === undefined;
  });
  return stored.length === 0 ? graph : changedGraph(graph, { node, initializer: [...proto.initializer, ...stored] });
}

function matrixOf(node: NodeProto): TensorProto | undefined {
  const tensor = node.opType === "Constant" ? tensorAttribute(node, "value") : undefined;
  return tensor && tensor.dims.length > 1 ? tensor : undefined;
}
