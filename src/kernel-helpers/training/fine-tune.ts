import { findGapHead } from "../graph/head/find-gap-head.js";
import type { Graph } from "../graph/onnx/graph.js";
import { readGraph } from "../graph/onnx/read-graph.js";
import type { Preprocessing } from "../images/input/preprocessing.js";
import { choosePreprocessing } from "../networks/choose-preprocessing.js";
import { findNetwork } from "../networks/find-network.js";
import { readCard } from "../networks/read-card.js";
import { withNewHead } from "./parameters/new-head.js";
import { classesOf } from "./data/targets.js";
import type { TrainOptions } from "./train-options.js";
import { trainGapNetwork } from "./train-gap-network.js";
import type { TrainedNetwork } from "./trained-network.js";

/** What is fine-tuned on what. */
export interface FineTuneOptions extends Omit<TrainOptions, "graph"> {
  /** A name, the path of an `.onnx` file or of a folder with `model.onnx`, as for `openNetwork`; or a graph. */
  readonly network: string | Graph;
  /** A folder to look names up in before all others. */
  readonly models?: string;
}

/**
 * Teaches a trained network new classes: its classifier is replaced by one for the new classes, which starts at 0, and
 * learned; with `trainable` other than `head` (the default) layers before it learn on. Head-only training computes the
 * pooled features once. Preprocessing is that of the network's card unless given.
 *
 * A layer normalisation between pooling and classifier (ConvNeXt) goes with the old classifier.
 *
 * @throws CamlabError as `openNetwork` and `trainGapNetwork` do
 * @example
 * const { pictures } = await readFolderPerClass("scenes");
 * const tuned = await fineTune({ network: "mobilenet_v1_0.75_224", images: pictures });
 * await tuned.save("models/scenes");
 */
export async function fineTune({ network, models, ...options }: FineTuneOptions): Promise<TrainedNetwork> {
  const { graph, preprocessing } = await opened(network, models, options.preprocessing);
  const learned = options.images.filter(({ split }) => split !== "val" && split !== "test");
  const classes = options.classes ?? classesOf(learned);
  const head = findGapHead(graph);
  const weight = new Float32Array(classes.length * head.featureMaps.channels);
  const fresh = withNewHead(graph, head, { weight, bias: new Float32Array(classes.length) });
  const headOnly = (options.trainable ?? "head") === "head";
  return trainGapNetwork({
    trainable: "head",
    ...(headOnly && { epochs: 60, optimizer: { kind: "adamw" }, learningRate: 0.003, weightDecay: 0.05 }),
    ...options,
    graph: fresh,
    classes,
    ...(preprocessing && { preprocessing }),
  });
}

async function opened(
  network: string | Graph,
  models: string | undefined,
  given: Preprocessing | undefined,
): Promise<{ graph: Graph; preprocessing?: Preprocessing }> {
  if (typeof network !== "string") return { graph: network, ...(given && { preprocessing: given }) };
  const files = findNetwork(network, models);
  const card = files.card === undefined ? undefined : await readCard(files.card);
  const graph = await readGraph(files.model);
  const [, , height, width] = graph.inputs[0]?.dims ?? [];
  const fixed = (size: unknown) => (typeof size === "number" ? size : undefined);
  const size = { height: fixed(height), width: fixed(width) };
  return { graph, preprocessing: choosePreprocessing(size, card?.preprocessing, given).preprocessing };
}
