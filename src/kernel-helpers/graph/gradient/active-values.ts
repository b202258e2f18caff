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

/** Quantised numbers are whole too, but stand for real ones. */
function carriesDerivative(graph: Graph, node: NodeProto, name: string): boolean {
  const type = elementTypeOf(graph, name);
  return node.opType === "QuantizeLinear" || isFloat(dataTypeOf(type)) || QUANTISED.has(type);
}

const QUANTISED = new Set(["uint8", "int8", "uint16", "int16", "uint4", "int4"]);

/** Whether a node makes quantised numbers of real ones, or hands them on as they are. */
export function movesQuantised({ opType }: NodeProto): boolean {
  return opType === "QuantizeLinear" || MOVING.has(opType);
}

const MOVING = new Set(
  "Identity Reshape Flatten Squeeze Unsqueeze Transpose Concat Split Slice Gather Expand Tile DepthToSpace SpaceToDepth".split(
    " ",
  ),
);
