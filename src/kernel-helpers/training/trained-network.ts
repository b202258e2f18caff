import { basename, join, resolve } from "node:path";
import type { Graph } from "../graph/onnx/graph.js";
import { writeGraph } from "../graph/onnx/write-graph.js";
import type { Preprocessing } from "../images/input/preprocessing.js";
import type { SkippedPicture } from "../images/picture.js";
import type { NetworkCard } from "../networks/network-card.js";
import { sha256 } from "../support/hash.js";
import { makeFolder } from "../support/make-folder.js";
import { writeWhole } from "../support/write-file.js";
import type { CardTexts, FullRecipe } from "./train-options.js";
import type { EpochRecord } from "./loop/training-events.js";

/** How a network came about, for its card. */
export interface Provenance {
  readonly images: { readonly learnedFrom: number; readonly validation: number; readonly unreadable: number };
  /** Images of each class, in the order of the classes. */
  readonly imagesOfClass: readonly number[];
  readonly recipe: FullRecipe;
  readonly backend: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly steps: number;
  /** Of all runs together, validation included. */
  readonly seconds: number;
  /** The epoch whose weights these are. */
  readonly epoch: number;
  readonly history: readonly EpochRecord[];
  /** SHA-256 of the network before, weights included. */
  readonly startedFrom: string;
}

/** A network that was trained. */
export interface TrainedNetwork {
  /** ONNX, ready for inference. */
  readonly graph: Graph;
  readonly classes: readonly string[];
  readonly preprocessing: Preprocessing;
  /** One record an epoch. */
  readonly history: readonly EpochRecord[];
  /** Pictures that could not be read; they were left out. */
  readonly skipped: readonly SkippedPicture[];
  readonly provenance: Provenance;
  /** What had to be assumed of a network that was fine-tuned, one sentence each. */
  readonly notes: readonly string[];
  /**
   * Writes `model.onnx`, `classes.json` and `card.json` into a folder, which `openNetwork` opens then.
   *
   * @param texts what the card says besides, over what was given when the training began
   */
  save(folder: string, texts?: CardTexts): Promise<void>;
}

/** The result of a training, with its `save`. */
export function trainedNetwork(parts: Omit<TrainedNetwork, "save">, texts: CardTexts = {}): TrainedNetwork {
  return { ...parts, save: (folder, more = {}) => saveNetwork(parts, folder, { ...texts, ...more }) };
}

async function saveNetwork(
  { graph, classes, preprocessing, provenance }: Omit<TrainedNetwork, "save">,
  folder: string,
  texts: CardTexts,
): Promise<void> {
  await makeFolder(folder);
  const model = writeGraph(graph);
  const names = `${JSON.stringify(classes, undefined, 2)}\n`;
  const name = texts.name ?? basename(resolve(folder));
  const card: NetworkCard & { readonly training: Provenance } = {
    name,
    title: texts.title ?? `${name}: ${classes.length} classes, trained by camlab`,
    preprocessing,
    classes: { file: "classes.json" },
    ...(provenance.recipe.loss === "sigmoid" && { probabilities: "sigmoid" as const }),
    licence: texts.licence ?? "not stated",
    origin: texts.origin ?? `trained by camlab on ${provenance.images.learnedFrom} images`,
    hashes: { "model.onnx": sha256(model), "classes.json": sha256(names) },
    training: provenance,
  };
  await writeWhole(join(folder, "model.onnx"), model);
  await writeWhole(join(folder, "classes.json"), names);
  await writeWhole(join(folder, "card.json"), `${JSON.stringify(card, undefined, 2)}\n`);
}
