import { nodeLabel, operator, type Graph } from "./graph.js";
import type { GraphProto } from "./onnx_pb.js";
import { tensorNumbers } from "./tensor.js";
import { messageOf } from "../../support/errors.js";
import { requireGraph } from "./require-graph.js";

const OLDEST_OPSET = 7;
const NEWEST_OPSET = 26;

/**
 * What is wrong with a graph, in words; an empty list when nothing is. A graph with problems may still be read, listed
 * and mended, but an engine will refuse it.
 *
 * @example
 * graph.checkGraph(net); // ["node "relu" (Relu) reads "conv1", which nothing computes before it"]
 */
export function checkGraph(graph: Graph): string[] {
  requireGraph(graph);
  const proto = graph.model.graph as GraphProto;
  return [...opsetProblems(graph), ...nameProblems(proto), ...orderProblems(graph, proto), ...tensorProblems(proto)];
}

function opsetProblems({ model, opset }: Graph): string[] {
  if (!model.opsetImport.some(({ domain }) => domain === "" || domain === "ai.onnx")) {
    return ["no version of the standard operator set is named"];
  }
  if (opset >= OLDEST_OPSET && opset <= NEWEST_OPSET) return [];
  return [`operator set ${opset} is outside ${OLDEST_OPSET} to ${NEWEST_OPSET}, which engines run`];
}

function nameProblems(proto: GraphProto): string[] {
  const problems = [
    ...repeated(proto.initializer.map(({ name }) => name)).map((name) => `two initializers are called "${name}"`),
    ...repeated(proto.input.map(({ name }) => name)).map((name) => `two inputs are called "${name}"`),
    ...repeated(proto.output.map(({ name }) => name)).map((name) => `two outputs are called "${name}"`),
    ...repeated(proto.node.map(({ name }) => name)).map((name) => `two nodes are called "${name}"`),
  ];
  if (proto.output.length === 0) problems.push("the graph has no output");
  if (proto.input.length === 0) problems.push("the graph has no input");
  return problems;
}

function repeated(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return [...new Set(names.filter((name) => name !== "" && (seen.has(name) || !seen.add(name))))];
}

function orderProblems(graph: Graph, proto: GraphProto): string[] {
  const stored = [
    ...proto.initializer.map(({ name }) => name),
    ...proto.sparseInitializer.map((s) => s.values?.name ?? ""),
  ];
  const known = new Set([...proto.input.map(({ name }) => name), ...stored]);
  const problems: string[] = [];
  for (const node of proto.node) {
    const label = `node "${nodeLabel(node)}" (${operator(node)})`;
    for (const name of node.input) {
      if (name === "" || known.has(name)) continue;
      const late = graph.producer(name) ? "which is computed only after it" : "which nothing computes";
      problems.push(`${label} reads "${name}", ${late}`);
    }
    for (const name of node.output) {
      if (name === "") continue;
      if (known.has(name)) problems.push(`${label} computes "${name}", a name that is taken`);
      known.add(name);
    }
  }
  for (const { name } of proto.output) {
    if (!known.has(name)) problems.push(`output "${name}" is computed by no node`);
  }
  return problems;
}

function tensorProblems(proto: GraphProto): string[] {
  return proto.initializer.flatMap((tensor) => {
    try {
      tensorNumbers(tensor);
      return [];
    } catch (error) {
      return [messageOf(error)];
    }
  });
}
