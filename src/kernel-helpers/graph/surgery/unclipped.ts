import { makeNode } from "../onnx/create-graph.js";
import { floatAttribute } from "../onnx/attributes.js";
import { numberOf } from "../onnx/constants.js";
import { changedGraph } from "../onnx/changed-graph.js";
import type { Graph } from "../onnx/graph.js";
import type { GraphProto, NodeProto } from "../onnx/onnx.js";
import { withOutputs } from "./cut-graph.js";
import { requireGraph } from "../onnx/require-graph.js";

/** Values of a graph before they were held below a limit. */
export interface Unclipped {
  /** Its only output has the values, still held above the lower limit where there is one at 0. */
  readonly graph: Graph;
  /** What held them: "Clip at 6". */
  readonly by: string;
}

const NAME = "camlab_unclipped";

/**
 * The same network with one output: a value before the activation that holds it below a limit (ReLU6, sigmoid, hard
 * sigmoid, tanh). At the limit all strong places are alike; before it they are not, and their order is the same.
 *
 * @param value the name of the value
 * @returns undefined where nothing holds the value below a limit
 * @example
 * graph.unclipped(net, "conv_pw_13_relu")?.by; // "Clip at 6"
 */
export function unclipped(graph: Graph, value: string): Unclipped | undefined {
  requireGraph(graph);
  const node = graph.producer(value);
  const found = node && limitOf(graph, node);
  if (!node || !found) return undefined;
  const proto = graph.model.graph as GraphProto;
  const added = makeNode(found.above ? "Relu" : "Identity", [node.input[0]], [NAME]);
  const longer = changedGraph(graph, { node: [...proto.node, added] });
  return { graph: withOutputs(longer, [NAME]), by: found.by };
}

/** What holds a node's output below a limit, and whether it also holds it above 0. */
function limitOf(graph: Graph, node: NodeProto): { readonly by: string; readonly above: boolean } | undefined {
  if (node.opType === "Clip") {
    const bound = (input: number, name: "min" | "max", none: number) =>
      node.input[input] ? numberOf(graph, node.input[input]) : floatAttribute(node, name, none);
    const highest = bound(2, "max", Infinity);
    if (highest === undefined || highest > 1e30) return undefined;
    return { by: `Clip at ${Number(highest.toPrecision(6))}`, above: bound(1, "min", -Infinity) === 0 };
  }
  return ["Sigmoid", "HardSigmoid", "Tanh"].includes(node.opType) ? { by: node.opType, above: false } : undefined;
}
