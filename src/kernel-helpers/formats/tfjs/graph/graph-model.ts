import type { Graph } from "../../../graph/onnx/graph.js";
import { CamlabError } from "../../../support/errors.js";
import { asFile, inputValue, isConstant, type Constant, type Operand } from "../../channels-last/value.js";
import { GraphBuilder } from "../../graph-builder.js";
import { fieldsOf, textIn, type Fields } from "../../keras/fields.js";
import { graphNodes, shapeAttribute, type GraphNode } from "./graph-def.js";
import { GRAPH_OPERATORS, PASSING } from "./operators.js";
import { shapeValue } from "../../channels-last/shape-values.js";

/**
 * A GraphModel as an ONNX graph: a frozen TensorFlow graph, as tfjs-converter writes it, operators fused or not.
 *
 * @param topology its `modelTopology`
 * @param signature its `signature`, where it has one: which nodes are the outputs
 * @throws CamlabError naming a node whose operator is not known
 */
export function graphModelGraph(topology: Fields, signature: Fields, weights: ReadonlyMap<string, Constant>): Graph {
  const builder = new GraphBuilder();
  const nodes = graphNodes(topology);
  const values = new Map<string, readonly Operand[]>();
  for (const node of inOrder(nodes)) values.set(node.name, [converted(node, values, weights, builder)]);
  const outputs = outputsOf(nodes, signature).map((name) => {
    const value = values.get(name)?.[0];
    if (value === undefined || isConstant(value)) throw new CamlabError(`its output "${name}" is computed by nothing`);
    return asFile(builder, value).name;
  });
  if (outputs.length === 0) throw new CamlabError("it has no outputs");
  return builder.finish({ outputs, name: "graph-model" });
}

function converted(
  node: GraphNode,
  values: ReadonlyMap<string, readonly Operand[]>,
  weights: ReadonlyMap<string, Constant>,
  builder: GraphBuilder,
): Operand {
  if (node.op === "Const") {
    const found = weights.get(node.name);
    if (found) return found;
    throw new CamlabError(`the file has no weights "${node.name}"`);
  }
  if (node.op === "Placeholder") {
    const shape = shapeAttribute(node, "shape");
    if (!shape || shape.length < 2) throw new CamlabError(`its input "${node.name}" does not say what it takes`);
    const names = ["N", "rows", "columns"];
    return inputValue(
      builder,
      node.name,
      shape.map((size, i) => (size > 0 && size < 2 ** 31 ? size : (names[i] ?? null))),
    );
  }
  const inputs = node.inputs.map(({ node: from, output }) => {
    const value = output === 0 ? values.get(from)?.[0] : undefined;
    if (value === undefined)
      throw new CamlabError(`the node "${node.name}" (${node.op}) reads "${from}", which gives nothing there`);
    return value;
  });
  if (PASSING.has(node.op) && inputs[0] !== undefined) return inputs[0];
  const convert = GRAPH_OPERATORS.get(node.op);
  try {
    const known = shapeValue(node.op, inputs);
    if (known) return known;
    if (!convert)
      throw new CamlabError(`camlab does not know its operator (it knows ${[...GRAPH_OPERATORS.keys()].join(", ")})`);
    return convert({ builder, node, inputs });
  } catch (error) {
    if (error instanceof CamlabError) throw new CamlabError(`the node "${node.name}" (${node.op}): ${error.message}`);
    throw error;
  }
}

/** Each node behind those that it reads. */
function inOrder(nodes: readonly GraphNode[]): GraphNode[] {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const state = new Map<GraphNode, "begun" | "done">();
  const order: GraphNode[] = [];
  for (const start of nodes) {
    const way = [start];
    while (way.length > 0) {
      const node = way[way.length - 1];
      if (state.get(node) === "done") {
        way.pop();
        continue;
      }
      const before = node.inputs
        .map(({ node: from }) => byName.get(from))
        .filter((each) => each !== undefined && state.get(each) !== "done");
      if (before.length === 0) {
        state.set(node, "done");
        order.push(node);
        way.pop();
      } else if (state.get(node) === "begun") {
        throw new CamlabError(`its nodes wait for each other at "${node.name}"`);
      } else {
        state.set(node, "begun");
        way.push(...(before as GraphNode[]));
      }
    }
  }
  return order;
}

/** The outputs that the signature names; else the nodes that nothing reads. */
function outputsOf(nodes: readonly GraphNode[], signature: Fields): string[] {
  const named = Object.values(fieldsOf(signature.outputs)).map(
    (output) => textIn(fieldsOf(output), "name", "").split(":")[0],
  );
  if (named.length > 0) return named;
  const read = new Set(nodes.flatMap(({ inputs }) => inputs.map(({ node }) => node)));
  return nodes
    .filter(({ name, op }) => !read.has(name) && op !== "Const" && op !== "Placeholder" && op !== "NoOp")
    .map(({ name }) => name);
}
