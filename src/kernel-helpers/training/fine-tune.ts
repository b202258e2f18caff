import { check, namesWithout, optionNames } from "../support/check.js";
import { findGapHead } from "../graph/head/find-gap-head.js";
import type { Graph } from "../graph/onnx/graph.js";
import { listOf } from "../images/picture.js";
import { checkPreprocessing } from "../images/input/check-preprocessing.js";
import type { Preprocessing } from "../images/input/preprocessing.js";
import { prepareNetwork } from "../networks/opening/prepare.js";
import type { PreprocessingOptions } from "../networks/opening/preprocessing-options.js";
import { withNewHead } from "./parameters/new-head.js";
import { classesOf } from "./data/targets.js";
import { TRAIN_OPTIONS, type TrainOptions } from "./train-options.js";
import { trainGapNetwork } from "./train-gap-network.js";
import type { TrainedNetwork } from "./trained-network.js";

/** What is fine-tuned on what. */
export interface FineTuneOptions extends Omit<TrainOptions, "graph" | "preprocessing"> {
  /** A name, the path of an `.onnx` file or of a folder with `model.onnx`, as for `openNetwork`; or a graph. */
  readonly network: string | Graph;
  /** Fields of the preprocessing, over those of the network's card; all of them for a graph. */
  readonly preprocessing?: PreprocessingOptions;
  /** A folder to look names up in before all others. */
  readonly models?: string;
}

const OPTIONS = optionNames<FineTuneOptions, Exclude<keyof TrainOptions, "graph">>(
  { network: true, models: true },
  namesWithout(TRAIN_OPTIONS, "graph"),
);

/**
 * Teaches a trained network new classes: its classifier is replaced by one for the new classes, which starts at 0, and
 * learned; with `trainable` other than `head` (the default) layers before it learn on. Head-only training computes the
 * pooled features once. Preprocessing is that of the network's card unless given.
 *
 * A layer normalisation between pooling and classifier (ConvNeXt) goes with the old classifier.
 *
 * @throws CamlabError as `openNetwork` and `trainGapNetwork` do
 * @example
 * const pictures = await readFolderPerClass("scenes");
 * const tuned = await fineTune({ network: "mobilenet_v1_0.75_224", pictures });
 * await tuned.save("models/scenes");
 */
export async function fineTune(options: FineTuneOptions): Promise<TrainedNetwork> {
  const { network, models, preprocessing: given, ...rest } = check.known(options, OPTIONS, "fineTune");
  const { graph, preprocessing, notes = [] } = await opened(network, models, given);
  const learned = listOf(rest.pictures).filter(({ split }) => split !== "val" && split !== "test");
  const classes = rest.classes ?? classesOf(learned);
  const head = findGapHead(graph);
  const weight = new Float32Array(classes.length * head.featureMaps.channels);
  const fresh = withNewHead(graph, head, { weight, bias: new Float32Array(classes.length) });
  const headOnly = (rest.trainable ?? "head") === "head";
  const trained = await trainGapNetwork({
    trainable: "head",
    ...(headOnly && { epochs: 60, optimizer: { kind: "adamw" }, learningRate: 0.003, weightDecay: 0.05 }),
    ...rest,
    graph: fresh,
    classes,
    ...(preprocessing && { preprocessing }),
  });
  return { ...trained, notes };
}

async function opened(
  network: string | Graph,
  models: string | undefined,
  given: PreprocessingOptions | undefined,
): Promise<{ graph: Graph; preprocessing?: Preprocessing; notes?: readonly string[] }> {
  if (typeof network === "string") return prepareNetwork(network, { models, preprocessing: given });
  return { graph: network, ...(given && { preprocessing: checkPreprocessing(given) }) };
}
