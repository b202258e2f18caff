import { elementTypeOf } from "../onnx/element-type.js";
import type { Graph } from "../onnx/graph.js";
import type { NodeProto } from "../onnx/onnx.js";
import { dataTypeOf, isFloat } from "../onnx/tensor.js";

/**
 * The values on the ways from some values to an output, both ends included: a change of the first moves them, and they
 * move the output. Whole numbers and truth values, such as shapes and comparisons, carry no derivative and end a way.
 */
export function activeValues(graph: Graph, from: readonly string[], output: string): Set<string> {
  const moved = new Set(from);
  for (const node of graph.nodes) {
    if (!node.input.some((name) => moved.has(name))) continue;
    for (const name of node.output) if (name !== "" && carriesDerivative(graph, node, name)) moved.add(name);
  }
  const active = new Set<string>();
  const waiting = [output];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (!moved.has(name) || active.has(name)) continue;
    active.add(name);
    waiting.push(...(graph.producer(name)?.input ?? []));
  }
  return active;
}

/** Quantised numbers are whole too, but to end there in silence would hide that a network is quantised. */
function carriesDerivative(graph: Graph, node: NodeProto, name: string): boolean {
  return node.opType === "QuantizeLinear" || isFloat(dataTypeOf(elementTypeOf(graph, name)));
}
