import { graphOf, type Graph } from "../onnx/graph.js";
import { changed } from "../onnx/messages.js";
import type { GraphProto, NodeProto } from "../onnx/onnx.js";

/** The same graph with other names for some of its values: inputs, weights, what nodes compute, outputs. */
export function withRenamedValues(graph: Graph, names: ReadonlyMap<string, string>): Graph {
  const proto = graph.model.graph as GraphProto;
  return graphOf(changed(graph.model, { graph: renamedIn(proto, names) }));
}

/** Bodies of control flow read values from around them, and may not call their own like those. */
function renamedIn(proto: GraphProto, names: ReadonlyMap<string, string>): GraphProto {
  const to = (name: string) => names.get(name) ?? name;
  const each = <T extends { readonly name: string }>(list: readonly T[], rename: (one: T) => T): T[] =>
    list.map((one) => (names.has(one.name) ? rename(one) : one));
  return changed(proto, {
    input: each(proto.input, (port) => changed(port, { name: to(port.name) })),
    output: each(proto.output, (port) => changed(port, { name: to(port.name) })),
    valueInfo: each(proto.valueInfo, (port) => changed(port, { name: to(port.name) })),
    initializer: each(proto.initializer, (tensor) => changed(tensor, { name: to(tensor.name) })),
    node: proto.node.map((node) => renamedNode(node, names)),
  });
}

function renamedNode(node: NodeProto, names: ReadonlyMap<string, string>): NodeProto {
  const to = (name: string) => names.get(name) ?? name;
  const bodies = node.attribute.some(({ g, graphs }) => g !== undefined || graphs.length > 0);
  if (!bodies && ![...node.input, ...node.output].some((name) => names.has(name))) return node;
  const attribute = node.attribute.map((one) =>
    one.g || one.graphs.length > 0
      ? changed(one, {
          ...(one.g && { g: renamedIn(one.g, names) }),
          graphs: one.graphs.map((graph) => renamedIn(graph, names)),
        })
      : one,
  );
  return changed(node, { input: node.input.map(to), output: node.output.map(to), attribute });
}
