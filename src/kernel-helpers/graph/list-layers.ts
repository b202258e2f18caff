import { isConstant } from "./onnx/constants.js";
import { nodeLabel, operator, type Graph } from "./onnx/graph.js";
import { inferShapes } from "./shapes/infer-shapes.js";
import type { Shape } from "./shapes/shape.js";
import type { NodeProto } from "./onnx/onnx.js";
import { elementCount, isFloat, tensorDims } from "./onnx/tensor.js";

/** One node of a network, for a table. */
export interface Layer {
  readonly name: string;
  /** The operator: `"Conv"`; with its vendor when it is not of the standard set. */
  readonly op: string;
  /** The values it computes and their dimensions, as far as they are known. */
  readonly outputs: readonly { readonly name: string; readonly dims?: Shape }[];
  /**
   * Learned numbers that this layer is the first to read: weights, biases, scales. Running means and variances are not
   * learned; single numbers (an epsilon, a clipping bound) are not counted.
   */
  readonly parameters: number;
}

/**
 * The nodes of a network in order of execution. Nodes that only prepare constants are left out.
 *
 * @param sizes numbers for symbols in input shapes, e.g. `{ batch: 1 }`
 * @example
 * const layers = graph.listLayers(await graph.readGraph("resnet18.onnx"));
 * layers[0]; // { name: "/conv1/Conv", op: "Conv", outputs: [{ name: …, dims: ["N", 64, 112, 112] }], parameters: 9472 }
 */
export function listLayers(graph: Graph, sizes: Readonly<Record<string, number>> = {}): Layer[] {
  const shapes = inferShapes(graph, sizes);
  const counted = new Set<string>();
  return graph.nodes
    .filter((node) => !node.output.every((name) => name === "" || isConstant(graph, name)))
    .map((node) => ({
      name: nodeLabel(node),
      op: operator(node),
      outputs: node.output
        .filter((name) => name !== "")
        .map((name) => ({ name, ...(shapes.has(name) && { dims: shapes.get(name) }) })),
      parameters: parametersOf(graph, node, counted),
    }));
}

/**
 * How many learned numbers a network has.
 *
 * @example
 * graph.countParameters(net); // 11689512 for ResNet-18 with its batch normalisations kept apart
 */
export function countParameters(graph: Graph): number {
  return listLayers(graph).reduce((sum, { parameters }) => sum + parameters, 0);
}

function parametersOf(graph: Graph, node: NodeProto, counted: Set<string>): number {
  const learned = node.opType === "BatchNormalization" ? node.input.slice(0, 3) : node.input;
  return learned.reduce((sum, name) => sum + storedNumbers(graph, name, counted), 0);
}

/** Numbers of the initializer behind a name, through nodes that move or convert it; 0 the second time. */
function storedNumbers(graph: Graph, name: string, counted: Set<string>): number {
  if (name === "" || counted.has(name)) return 0;
  const tensor = graph.initializer(name);
  if (!tensor) {
    const node = graph.producer(name);
    if (!node || !isConstant(graph, name)) return 0;
    if (node.opType === "DequantizeLinear") return storedNumbers(graph, node.input[0], counted);
    return node.input.reduce((sum, input) => sum + storedNumbers(graph, input, counted), 0);
  }
  counted.add(name);
  const count = elementCount(tensorDims(tensor));
  const small = tensor.dataType === 2 || tensor.dataType === 3;
  return count > 1 && (isFloat(tensor.dataType) || small) ? count : 0;
}
