import { listLayers } from "../../graph/list-layers.js";
import type { Graph } from "../../graph/onnx/graph.js";

/** A layer before the last maps, of which a map can be made. */
export interface MapLayer {
  /** The value of the graph. */
  readonly name: string;
  /** For people: its operator and the size of its maps. */
  readonly label: string;
}

/** The last value of each size of maps before the network's own, the coarsest first. */
export function mapLayers(graph: Graph, last: string): MapLayer[] {
  const bySize = new Map<string, MapLayer>();
  for (const { op, outputs } of listLayers(graph, { N: 1, batch: 1 })) {
    const first = outputs.at(0);
    if (first?.dims?.length !== 4) continue;
    const [, channels, height, width] = first.dims;
    if (![channels, height, width].every((size) => typeof size === "number" && size > 1)) continue;
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
