import { intsAttribute } from "../onnx/attributes.js";
import { integersOf } from "../onnx/constants.js";
import type { Graph } from "../onnx/graph.js";
import { fromFront } from "../shapes/shape-arithmetic.js";
import type { Shape } from "../shapes/shape.js";

/** Tokens of which some stand for no place. */
export interface WholeTokens {
  readonly count: number;
  /** How many stand before those that were cut out. */
  readonly before: number;
}

const IN_PLACE: ReadonlySet<string> = new Set(["Identity", "Cast", "Dropout", "LayerNormalization"]);

/**
 * The tokens that a value's were cut out of at the end of a network, as DINOv3 leaves its class and register tokens behind;
 * undefined where they are all that there are.
 *
 * @param value `batch × tokens × channels`
 */
export function wholeTokens(graph: Graph, value: string, shapes: ReadonlyMap<string, Shape>): WholeTokens | undefined {
  let node = graph.producer(value);
  while (node && IN_PLACE.has(node.opType)) node = graph.producer(node.input[0]);
  if (node?.opType !== "Slice") return undefined;
  const shape = shapes.get(node.input[0]);
  const list = (name: string, index: number) => intsAttribute(node, name) ?? integersOf(graph, node.input[index]);
  const [starts, axes] = [list("starts", 1), list("axes", 3)];
  const steps = node.input[4] ? integersOf(graph, node.input[4]) : [1];
  if (shape?.length !== 3 || typeof shape[1] !== "number" || starts?.length !== 1 || starts[0] < 0) return undefined;
  if (fromFront(axes?.[0] ?? 0, 3) !== 1 || steps?.[0] !== 1) return undefined;
  return { count: shape[1], before: starts[0] };
}
