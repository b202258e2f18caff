import { listLayers } from "../../graph/list-layers.js";
import { isConstant } from "../../graph/onnx/constants.js";
import { elementTypeOf } from "../../graph/onnx/element-type.js";
import type { Graph } from "../../graph/onnx/graph.js";
import { dataTypeOf, isFloat } from "../../graph/onnx/tensor.js";

/** A layer before the last maps, of which a map can be made. */
export interface MapLayer {
  /** The value of the graph. */
  readonly name: string;
  /** For people: its operator and the size of its maps. */
  readonly label: string;
}

/** Operators that begin a network's layers: what stands before the first of them prepares the photo. */
const LEARNED = new Set(["Conv", "ConvTranspose", "QLinearConv", "ConvInteger", "Gemm", "MatMul", "Einsum"]);

/** The last value of each size of maps before the network's own, the coarsest first. */
export function mapLayers(graph: Graph, last: string): MapLayer[] {
  const bySize = new Map<string, MapLayer>();
  let hasLearned = false;
  for (const { op, outputs } of listLayers(graph, { N: 1, batch: 1 })) {
    const first = outputs.at(0);
    hasLearned ||= LEARNED.has(op);
    if (!hasLearned || first?.dims?.length !== 4) continue;
    const [, channels, height, width] = first.dims;
    if (![channels, height, width].every((size) => typeof size === "number" && size > 1)) continue;
    if (isConstant(graph, first.name) || !isFloat(dataTypeOf(elementTypeOf(graph, first.name)))) continue;
    const size = `${Number(width)} × ${Number(height)}`;
    if (first.name === last) {
      // What is as coarse as the last maps says what they say.
      bySize.delete(size);
      break;
    }
    bySize.set(size, { name: first.name, label: `${size}: ${op}` });
  }
  return [...bySize.values()].reverse();
}
