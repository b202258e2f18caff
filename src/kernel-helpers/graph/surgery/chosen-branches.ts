import { constantOf } from "../onnx/constants.js";
import { changedGraph } from "../onnx/changed-graph.js";
import { isStandard, type Graph } from "../onnx/graph.js";
import { changed } from "../onnx/messages.js";
import { makeNode } from "../onnx/create-graph.js";
import type { GraphProto, NodeProto, TensorProto } from "../onnx/onnx.js";
import { knownLists } from "../gradient/known-lists.js";
import { inferShapes } from "../shapes/infer-shapes.js";

/** No network nests choices deeper; a damaged one must end. */
const DEEPEST = 16;

/**
 * The same network, with each If whose condition does not depend on the photo (a constant, or a question about sizes, as
 * exporters write for `squeeze` and for flags) replaced by the branch that it takes.
 *
 * @example
 * withChosenBranches(await graph.readGraph("scripted.onnx"));
 */
export function withChosenBranches(graph: Graph): Graph {
  let chosen = graph;
  for (let depth = 0; depth < DEEPEST; depth++) {
    const next = once(chosen);
    if (next === chosen) break;
    chosen = next;
  }
  return chosen;
}

function once(graph: Graph): Graph {
  if (!graph.nodes.some((node) => node.opType === "If" && isStandard(node))) return graph;
  const lists = knownLists(graph, inferShapes(graph));
  const taken = new Map<NodeProto, GraphProto>();
  for (const node of graph.nodes) {
    if (node.opType !== "If" || !isStandard(node)) continue;
    const [name] = node.input;
    const condition = lists(name) ?? constantOf(graph, name)?.data;
    if (condition?.length !== 1) continue;
    const branch = condition[0] !== 0 ? "then_branch" : "else_branch";
    const body = node.attribute.find((attribute) => attribute.name === branch)?.g;
    if (body?.output.length === node.output.length) taken.set(node, body);
  }
  if (taken.size === 0) return graph;
  const proto = graph.model.graph as GraphProto;
  const used = namesOf(proto);
  const initializers: TensorProto[] = [];
  const nodes = proto.node.flatMap((node) => {
    const body = taken.get(node);
    return body ? inlined(node, body, used, initializers) : [node];
  });
  return changedGraph(graph, { node: nodes, initializer: [...proto.initializer, ...initializers] });
}

/** A branch's nodes, with names of their own in the graph around it. */
function inlined(node: NodeProto, body: GraphProto, used: Set<string>, initializers: TensorProto[]): NodeProto[] {
  const names = new Map<string, string>();
  const own = (name: string) => {
    if (name === "" || names.has(name)) return;
    let fresh = name;
    for (let i = 0; used.has(fresh); i++) fresh = `${name}_branch_${i}`;
    used.add(fresh);
    names.set(name, fresh);
  };
  for (const tensor of body.initializer) own(tensor.name);
  for (const inner of body.node) inner.output.forEach(own);
  for (const tensor of body.initializer) {
    initializers.push(changed(tensor, { name: names.get(tensor.name) ?? tensor.name }));
  }
  const nodes = body.node.map((inner) => renamed(inner, names));
  const outputs = body.output.flatMap(({ name }, i) =>
    node.output[i] ? [makeNode("Identity", [names.get(name) ?? name], [node.output[i]])] : [],
  );
  return [...nodes, ...outputs];
}

/** A node that reads and writes other names, in the bodies within it too. */
function renamed(node: NodeProto, names: ReadonlyMap<string, string>): NodeProto {
  const called = (name: string) => names.get(name) ?? name;
  const attribute = node.attribute.map((each) => (each.g ? changed(each, { g: renamedBody(each.g, names) }) : each));
  return changed(node, { input: node.input.map(called), output: node.output.map(called), attribute });
}

/** What a body names itself hides the same name around it. */
function renamedBody(body: GraphProto, names: ReadonlyMap<string, string>): GraphProto {
  const outer = new Map(names);
  for (const { name } of [...body.input, ...body.initializer]) outer.delete(name);
  for (const node of body.node) for (const name of node.output) outer.delete(name);
  const output = body.output.map((port) => changed(port, { name: outer.get(port.name) ?? port.name }));
  return changed(body, { node: body.node.map((node) => renamed(node, outer)), output });
}

function namesOf(proto: GraphProto): Set<string> {
  const names = new Set([...proto.input, ...proto.initializer].map(({ name }) => name));
  for (const node of proto.node) for (const name of node.output) names.add(name);
  return names;
}
