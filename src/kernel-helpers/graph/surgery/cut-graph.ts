import { CamlabError, invalid } from "../../support/errors.js";
import { makePort } from "../onnx/create-graph.js";
import { elementTypeOf } from "../onnx/element-type.js";
import { changedGraph } from "../onnx/changed-graph.js";
import type { Graph } from "../onnx/graph.js";
import { inferShapes } from "../shapes/infer-shapes.js";
import type { GraphProto, NodeProto, ValueInfoProto } from "../onnx/onnx.js";
import { requireGraph } from "../onnx/require-graph.js";

/**
 * The part of a network that computes these values, with them as its outputs, in this order. Nodes and weights that
 * they do not need are left out; so are inputs, except that at least one stays.
 *
 * @param names values of the graph; every one must be computed by a node
 * @throws CamlabError when a name is no value of the graph
 * @example
 * const early = graph.withOutputs(net, ["relu1", "relu2"]);
 */
export function withOutputs(graph: Graph, names: readonly string[]): Graph {
  requireGraph(graph);
  const proto = graph.model.graph as GraphProto;
  if (names.length === 0 || new Set(names).size !== names.length) {
    throw invalid("outputs", names, "one or more names, each once");
  }
  for (const name of names) {
    if (!graph.producer(name)) {
      throw invalid("output", name, `a value that a node computes, such as ${proto.node.at(-1)?.output[0]}`);
    }
  }
  const { nodes, values } = ancestors(graph, names);
  const inputs = proto.input.filter(({ name }) => values.has(name));
  if (inputs.length === 0) throw new CamlabError(`the values ${names.join(", ")} do not depend on the network's input`);
  return changedGraph(graph, {
    node: proto.node.filter((node) => nodes.has(node)),
    initializer: proto.initializer.filter(({ name }) => values.has(name)),
    sparseInitializer: proto.sparseInitializer.filter((sparse) => values.has(sparse.values?.name ?? "")),
    input: inputs,
    output: outputPorts(graph, names),
    valueInfo: proto.valueInfo.filter(({ name }) => values.has(name) && !names.includes(name)),
  });
}

/**
 * The network up to one value: what comes after it is cut off.
 *
 * @example
 * const backbone = graph.cutAfter(net, graph.findGapHead(net).featureMaps.name);
 */
export function cutAfter(graph: Graph, name: string): Graph {
  return withOutputs(graph, [name]);
}

function ancestors(graph: Graph, names: readonly string[]): { nodes: Set<NodeProto>; values: Set<string> } {
  const nodes = new Set<NodeProto>();
  const values = new Set<string>();
  const waiting = [...names];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name === "" || values.has(name)) continue;
    values.add(name);
    const node = graph.producer(name);
    if (!node || nodes.has(node)) continue;
    nodes.add(node);
    for (const output of node.output) values.add(output);
    waiting.push(...node.input, ...capturedNames(node));
  }
  return { nodes, values };
}

/** Values that the bodies of control-flow nodes (If, Loop) read from around them; a few names too many do no harm. */
function capturedNames(node: NodeProto): string[] {
  const bodies = node.attribute.flatMap((a) => (a.g ? [a.g, ...a.graphs] : a.graphs));
  return bodies.flatMap((body) => [
    ...body.node.flatMap((inner) => [...inner.input, ...capturedNames(inner)]),
    ...body.output.map(({ name }) => name),
  ]);
}

function outputPorts(graph: Graph, names: readonly string[]): ValueInfoProto[] {
  const proto = graph.model.graph as GraphProto;
  const known = new Map([...proto.valueInfo, ...proto.output].map((info) => [info.name, info]));
  let shapes: ReturnType<typeof inferShapes> | undefined;
  return names.map((name) => {
    const found = known.get(name);
    if (found) return found;
    shapes ??= inferShapes(graph);
    return makePort(name, shapes.get(name), elementTypeOf(graph, name));
  });
}
