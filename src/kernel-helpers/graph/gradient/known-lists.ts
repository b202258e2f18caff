import { integersOf } from "../onnx/constants.js";
import { elementTypeOf } from "../onnx/element-type.js";
import { isStandard, type Graph } from "../onnx/graph.js";
import { allNumbers, type Shape } from "../shapes/shape.js";
import { VALUE_RULES } from "../shapes/shape-values.js";
import { dataTypeOf, isFloat } from "../onnx/tensor.js";

/**
 * A look-up for short lists of whole numbers, such as pads and axes, that are constants or follow from the sizes of
 * values (exporters write half a layer's channels as Shape, Gather and Div). Undefined for what is open, like the batch.
 */
export function knownLists(
  graph: Graph,
  shapes: ReadonlyMap<string, Shape>,
): (name: string | undefined) => readonly number[] | undefined {
  const found = new Map<string, Shape | undefined>();
  const valueOf = (name: string): Shape | undefined => {
    if (!found.has(name)) found.set(name, compute(name));
    return found.get(name);
  };
  const compute = (name: string): Shape | undefined => {
    const node = graph.producer(name);
    const rule =
      node && isStandard(node) && Object.hasOwn(VALUE_RULES, node.opType) ? VALUE_RULES[node.opType] : undefined;
    if (!node || !rule) return integersOf(graph, name);
    return rule({
      node,
      opset: graph.opset,
      shape: (index) => shapes.get(node.input[index]),
      value: (index) => (node.input[index] ? valueOf(node.input[index]) : undefined),
      whole: (index) => !isFloat(dataTypeOf(elementTypeOf(graph, node.input[index]))),
    });
  };
  return (name) => {
    const list = name ? valueOf(name) : undefined;
    return list && allNumbers(list) ? list : undefined;
  };
}
