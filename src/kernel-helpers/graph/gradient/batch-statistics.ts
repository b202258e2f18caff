import { floatAttribute } from "../onnx/attributes.js";
import { changedGraph } from "../onnx/changed-graph.js";
import type { Graph } from "../onnx/graph.js";
import { changed } from "../onnx/messages.js";
import type { GraphProto, NodeProto } from "../onnx/onnx.js";
import { inferShapes } from "../shapes/infer-shapes.js";
import { Emitter, freePrefix } from "./emitter.js";

/** Where a graph gives the statistics of the batch that it normalises: values by name. */
export interface BatchStatisticsNames {
  /** 1 × channels × 1 × 1. */
  readonly mean: string;
  /** Of the biased kind, 1 × channels × 1 × 1. */
  readonly variance: string;
  /** How many numbers a channel has in the batch, as a number. */
  readonly count: string;
}

/**
 * Normalises by the batch's own statistics where the file has stored ones, in operators that have gradients:
 * y = a x + β − a m with a = γ ÷ √(v + ε), and m and v the mean and the variance over photos and places.
 *
 * @param outputs the outputs of the BatchNormalization nodes that are changed
 */
export function withBatchStatistics(
  graph: Graph,
  outputs: readonly string[],
): { readonly graph: Graph; readonly statistics: ReadonlyMap<string, BatchStatisticsNames> } {
  if (outputs.length === 0) return { graph, statistics: new Map() };
  const shapes = inferShapes(graph);
  const emit = new Emitter(graph.opset, freePrefix(graph, "statistics"));
  const statistics = new Map<string, BatchStatisticsNames>();
  const nodes: NodeProto[] = [];
  const proto = graph.model.graph as GraphProto;
  for (const node of proto.node) {
    if (node.opType !== "BatchNormalization" || !outputs.includes(node.output[0])) {
      nodes.push(node);
      continue;
    }
    statistics.set(node.output[0], normalise(emit, node, shapes.get(node.input[0])?.length ?? 4));
    nodes.push(...emit.nodes.splice(0));
  }
  return {
    graph: changedGraph(graph, { node: nodes, initializer: [...proto.initializer, ...emit.initializers] }),
    statistics,
  };
}

function normalise(emit: Emitter, node: NodeProto, rank: number): BatchStatisticsNames {
  const [input, gain, shift] = node.input;
  const places = Array.from({ length: rank - 2 }, (_, i) => i + 2);
  const perChannel = (value: string) => emit.reshape(value, [null, ...places.map(() => 1)]);
  const mean = emit.mean(input, [0, ...places]);
  const centred = emit.sub(input, mean);
  const variance = emit.mean(emit.mul(centred, centred), [0, ...places]);
  const deviation = emit.node("Sqrt", [emit.add(variance, floatAttribute(node, "epsilon", 1e-5))]);
  const factor = emit.div(perChannel(gain), deviation);
  const offset = emit.sub(perChannel(shift), emit.mul(mean, factor));
  const [whole, each] = [input, mean].map((value) => emit.cast(emit.node("Size", [value]), "float32"));
  const count = emit.div(whole, each);
  emit.add(emit.mul(input, factor), offset);
  const last = emit.nodes.length - 1;
  emit.nodes[last] = changed(emit.nodes[last], { output: [node.output[0]], name: node.name });
  return { mean, variance, count };
}
