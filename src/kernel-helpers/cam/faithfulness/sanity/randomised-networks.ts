// The same network with weights that mean nothing, from the classifier down.
import { findGapHead } from "../../../graph/head/find-gap-head.js";
import { isConstant } from "../../../graph/onnx/constants.js";
import type { Graph } from "../../../graph/onnx/graph.js";
import { tensorFloats, typeName } from "../../../graph/onnx/tensor.js";
import { exposeHead, headOutputs } from "../../../graph/surgery/expose-head.js";
import { withStoredConstants } from "../../../graph/surgery/stored-constants.js";
import { withOutputs } from "../../../graph/surgery/cut-graph.js";
import { gapNetwork } from "../../../networks/gap-network.js";
import type { Network } from "../../../networks/network.js";
import { CamlabError } from "../../../support/errors.js";
import { seededRandom, shuffled } from "../../../support/random.js";
import { withWeights } from "../../../training/parameters/with-weights.js";
import { engineLike } from "../../ways/engine-like.js";

/** Shares of the tensors whose numbers are dealt anew, from the scores down: the last one alone, the upper half, all. */
const STAGES = [0, 0.5, 1];

/**
 * The network three times: its last weights, the upper half of them, all of them dealt anew within each tensor, so that each
 * layer keeps the spread of its numbers and loses what it learned. To be disposed.
 *
 * @throws CamlabError for a network that was not opened from its file
 */
export async function randomisedNetworks(network: Network, seed: number | string): Promise<Network[]> {
  if (!network.graph) throw new CamlabError("random weights need the network's graph: open it from its file");
  const graph = withStoredConstants(await network.graph());
  const tensors = learnedTensors(graph);
  if (tensors.length === 0) {
    throw new CamlabError("random weights need weights that the network's file holds as tensors, and there are none");
  }
  const opened: Network[] = [];
  try {
    for (const stage of STAGES) {
      const count = Math.max(1, Math.round(stage * tensors.length));
      opened.push(await reopened(network, graph, tensors.slice(0, count), seed));
    }
  } catch (error) {
    for (const each of opened) each.dispose();
    throw error;
  }
  return opened;
}

/** Names of the tensors of real or quantised numbers that nodes read, directly or made ready, the last node's first. */
function learnedTensors(graph: Graph): string[] {
  const found = new Set<string>();
  const follow = (name: string): void => {
    const tensor = graph.initializer(name);
    if (tensor && tensor.dims.length > 1 && LEARNED.has(typeName(tensor.dataType))) found.add(name);
    else if (!tensor && isConstant(graph, name)) graph.producer(name)?.input.forEach(follow);
  };
  for (const { input, output } of [...graph.nodes].reverse()) {
    if (!isConstant(graph, output[0])) input.forEach(follow);
  }
  return [...found];
}

const LEARNED = new Set(["float32", "float16", "bfloat16", "float64", "int8", "uint8", "int16", "uint16"]);

async function reopened(
  network: Network,
  graph: Graph,
  names: readonly string[],
  seed: number | string,
): Promise<Network> {
  const dealt = new Map(
    names.map((name) => {
      const numbers = tensorFloats(graph.initializer(name)!);
      return [name, Float32Array.from(shuffled([...numbers], seededRandom(`${name} ${seed}`)))];
    }),
  );
  const scores = withOutputs(withWeights(graph, dealt), [headOutputs(network.head).logits]);
  const head = findGapHead(scores, { classes: network.classes.length });
  const exposed = exposeHead(scores, head);
  return gapNetwork({
    ...{ name: network.name, card: network.card, classes: network.classes, notes: [], threads: network.threads },
    head,
    engine: await engineLike(network, exposed),
    inputName: graph.inputs[0].name,
    batch: graph.batch,
    graph: () => Promise.resolve(exposed),
    whole: () => Promise.reject(new CamlabError("a network of random weights has one view only")),
  });
}
