import { createEngine } from "../../engines/create-engine.js";
import type { Engine } from "../../engines/engine.js";
import type { Graph } from "../../graph/onnx/graph.js";
import type { Network } from "../../networks/network.js";

/** A graph on what a network itself runs, where that is ONNX Runtime; on its CPU for TF.js's networks. */
export function engineLike({ device, threads }: Pick<Network, "device" | "threads">, graph: Graph): Promise<Engine> {
  const own = device === "webgpu" || device === "cuda" ? device : "cpu";
  return createEngine(graph, { device: own, threads });
}
