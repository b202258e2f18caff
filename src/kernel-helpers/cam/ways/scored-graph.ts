import { logitsBehind } from "../../graph/head/logits.js";
import type { Graph } from "../../graph/onnx/graph.js";
import { inferShapes } from "../../graph/shapes/infer-shapes.js";
import { headOutputs } from "../../graph/surgery/expose-head.js";
import { withInputSize } from "../../graph/surgery/input-size.js";
import type { Network } from "../../networks/network.js";
import { CamlabError } from "../../support/errors.js";

/** Pixels of the network's input. */
export interface InputPixels {
  readonly width: number;
  readonly height: number;
}

/** A graph, and the value in it that holds the class scores. */
export interface ScoredGraph {
  readonly graph: Graph;
  readonly scores: string;
  readonly classes: number;
}

/**
 * A network's graph for an input of one size, to be taken apart or differentiated: neither can be where the number of places
 * is open. Of a network whose tokens were asked for, the graph and scores of its file.
 *
 * @throws CamlabError for a network without its graph, one that takes several photos at once and no other number, and one
 * without class scores
 */
export async function scoredGraph(network: Network, size: InputPixels): Promise<ScoredGraph> {
  const { head, preprocessing } = network;
  const isOwn = head.logits.classes > 0;
  const read = await (isOwn ? network.graph?.() : network.ownGraph?.());
  if (!network.graph) throw new CamlabError("gradients need the network's graph: open it from its file");
  if (!read) throw new CamlabError(`this way needs class scores, and the network has none (${head.summary})`);
  const graph = preprocessing.fit === "whole" ? withInputSize(read, size) : read;
  if (graph.batch !== "any" && graph.batch !== 1) {
    throw new CamlabError(`gradients of a network that takes exactly ${graph.batch} photos at once are not known`);
  }
  if (isOwn) return { graph, scores: headOutputs(head).logits, classes: head.logits.classes };
  const scores = logitsBehind(graph, graph.outputs[0].name).name;
  const dims = inferShapes(graph).get(scores)?.slice(1) ?? [];
  return { graph, scores, classes: dims.reduce<number>((product, dim) => product * Number(dim), 1) };
}
