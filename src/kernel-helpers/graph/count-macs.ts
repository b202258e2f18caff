import { inferShapes } from "./shapes/infer-shapes.js";
import type { Graph } from "./onnx/graph.js";
import { elementCount, tensorDims } from "./onnx/tensor.js";
import { requireGraph } from "./onnx/require-graph.js";

/**
 * How many multiplications and additions (MACs) a network needs for one picture: those of its convolutions and its matrix
 * products with stored weights. Twice as many as floating-point operations are often counted.
 *
 * @returns undefined where the size of a layer's result is not known, as for an input of open size
 * @example
 * graph.countMacs(net); // 1814073344 for ResNet-18 at 224 px
 */
export function countMacs(graph: Graph): number | undefined {
  requireGraph(graph);
  const [batch] = graph.inputs[0]?.dims ?? [];
  const shapes = inferShapes(graph, typeof batch === "string" ? { [batch]: 1 } : {});
  let total = 0;
  for (const node of graph.nodes) {
    const weight = graph.initializer(node.input[1] ?? "");
    if (!weight || !["Conv", "Gemm", "MatMul"].includes(node.opType)) continue;
    const results = shapes.get(node.output[0])?.map((size) => (typeof size === "number" ? size : NaN));
    if (!results || results.includes(NaN)) return undefined;
    const dims = tensorDims(weight);
    const isTransposed = node.attribute.some(({ name, i }) => name === "transB" && i === 1n);
    const each = node.opType === "Conv" ? elementCount(dims.slice(1)) : isTransposed ? dims[1] : dims[0];
    total += elementCount(results) * each;
  }
  return total;
}
