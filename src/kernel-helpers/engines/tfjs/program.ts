import { constantOf, isConstant } from "../../graph/onnx/constants.js";
import { elementTypeOf } from "../../graph/onnx/element-type.js";
import { isStandard, nodeLabel, operator, type Graph } from "../../graph/onnx/graph.js";
import type { NodeProto } from "../../graph/onnx/onnx.js";
import { VALUE_RULES } from "../../graph/shapes/shape-values.js";
import { CamlabError } from "../../support/errors.js";
import type { Prepared } from "./node-inputs.js";
import { OP_TABLE } from "./ops/op-table.js";
import type { ConstantValue } from "./value.js";

/** A graph made ready to run: its nodes in order, its constants, and when each value is read for the last time. */
export interface Program {
  readonly opset: number;
  readonly steps: readonly Step[];
  readonly constants: ReadonlyMap<string, ConstantValue>;
  readonly outputs: readonly string[];
}

/** One node of a program. */
export interface Step {
  readonly node: NodeProto;
  /** Values that no later node reads: freed after this one. */
  readonly lastReads: readonly string[];
  /** Tensors that the node made of its constants. */
  readonly prepared: Prepared;
}

/**
 * Makes a graph ready to run in TF.js: what depends on constants alone is computed now, and what no output needs is
 * left out.
 *
 * @throws CamlabError that names every operator which the engine lacks, each with its first node
 */
export function makeProgram(graph: Graph): Program {
  const outputs = graph.outputs.map(({ name }) => name);
  const nodes = neededNodes(graph, outputs);
  refuseMissing(nodes);
  const constants = new Map<string, ConstantValue>();
  for (const name of new Set([...nodes.flatMap(({ input }) => input), ...outputs])) {
    const constant =
      name === "" || graph.inputs.some((input) => input.name === name) ? undefined : constantOf(graph, name);
    if (constant) constants.set(name, { kind: "constant", ...constant, type: storedType(elementTypeOf(graph, name)) });
  }
  const lastReads = lastReadsOf(nodes, outputs);
  const steps = nodes.map((node, i) => ({ node, lastReads: lastReads[i], prepared: new Map() }));
  return { opset: graph.opset, steps, constants, outputs };
}

/** In order, without those that compute constants. */
function neededNodes(graph: Graph, outputs: readonly string[]): NodeProto[] {
  const needed = new Set(outputs);
  const nodes: NodeProto[] = [];
  for (const node of [...graph.nodes].reverse()) {
    if (!node.output.some((name) => needed.has(name))) continue;
    if (node.output.every((name) => name === "" || isConstant(graph, name))) continue;
    nodes.unshift(node);
    for (const name of node.input) needed.add(name);
  }
  return nodes;
}

function refuseMissing(nodes: readonly NodeProto[]): void {
  const missing = nodes.filter(
    (node) => !isStandard(node) || !(Object.hasOwn(OP_TABLE, node.opType) || Object.hasOwn(VALUE_RULES, node.opType)),
  );
  const kinds = [...new Set(missing.map(operator))];
  if (kinds.length === 0) return;
  const listed = kinds.map((kind) => {
    const of = missing.filter((node) => operator(node) === kind);
    return `${kind} (node "${nodeLabel(of[0])}"${of.length > 1 ? ` and ${of.length - 1} more` : ""})`;
  });
  throw new CamlabError(
    `the TF.js engine lacks ${kinds.length === 1 ? "an operator" : `${kinds.length} operators`} of this network: ` +
      `${listed.join(", ")}; use engine "onnxruntime"`,
  );
}

function lastReadsOf(nodes: readonly NodeProto[], outputs: readonly string[]): string[][] {
  const last = new Map<string, number>();
  nodes.forEach(({ input, output }, i) => [...output, ...input].forEach((name) => last.set(name, i)));
  const lists = nodes.map((): string[] => []);
  for (const [name, i] of last) if (name !== "" && !outputs.includes(name)) lists[i].push(name);
  return lists;
}

function storedType(type: string): ConstantValue["type"] {
  if (type === "bool") return "bool";
  return /float/.test(type) ? "float32" : "int32";
}
