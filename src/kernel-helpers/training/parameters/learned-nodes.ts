import type { GapHead } from "../../graph/head/gap-head.js";
import { nodeLabel, type Graph } from "../../graph/onnx/graph.js";
import type { NodeProto } from "../../graph/onnx/onnx.js";
import { invalid } from "../../support/errors.js";
import { learnableNodes } from "./parameters.js";
import type { Trainable } from "../train-options.js";

/**
 * The nodes that learn.
 *
 * @param graph the network up to its logits
 * @throws CamlabError for a layer that is not there
 */
export function learnedNodes(graph: Graph, head: GapHead, trainable: Trainable): NodeProto[] {
  const nodes = learnableNodes(graph);
  if (trainable === "all") return nodes;
  const ofHead = behind(graph, head.featureMaps.name);
  const classifier = nodes.filter((node) => ofHead.has(node));
  if (trainable === "head") return classifier;
  const body = nodes.filter((node) => !ofHead.has(node));
  const first = "last" in trainable ? lastLayers(body, trainable.last) : named(graph, body, trainable.from);
  return [...body.slice(first), ...classifier];
}

/** All nodes that depend on a value. */
function behind(graph: Graph, name: string): Set<NodeProto> {
  const values = new Set([name]);
  const found = new Set<NodeProto>();
  for (const node of graph.nodes) {
    if (!node.input.some((input) => values.has(input))) continue;
    found.add(node);
    for (const output of node.output) values.add(output);
  }
  return found;
}

const LAYERS = ["Conv", "Gemm", "MatMul"];

function lastLayers(body: readonly NodeProto[], count: number): number {
  const layers = body.flatMap(({ opType }, i) => (LAYERS.includes(opType) ? [i] : []));
  return layers.at(-count) ?? 0;
}

function named(graph: Graph, body: readonly NodeProto[], name: string): number {
  const place = graph.nodes.findIndex((node) => nodeLabel(node) === name || node.output.includes(name));
  if (place < 0) {
    const some = body.slice(-3).map(nodeLabel).join(", ");
    throw invalid("trainable.from", name, `a layer of the network, such as ${some}`);
  }
  const after = new Set(graph.nodes.slice(place));
  const first = body.findIndex((node) => after.has(node));
  return first < 0 ? body.length : first;
}
