import type { Device, TfjsDevice } from "../engines/engine.js";
import type { Graph } from "../graph/onnx/graph.js";
import type { Pictures } from "../images/picture.js";
import type { Preprocessing } from "../images/input/preprocessing.js";
import { check, optionNames } from "../support/check.js";
import { invalid } from "../support/errors.js";
import type { OnProgress } from "../support/progress.js";
import { checkAugmentation, type Augmentation } from "./data/augment.js";
import type { LossKind } from "./loop/loss-kind.js";
import { checkOptimizer, type Optimizer } from "./loop/optimizer.js";
import { checkSchedule, type Schedule } from "./loop/schedule.js";
import type { TrainingEvent } from "./loop/training-events.js";

/**
 * Which layers learn: all, the classifier alone (on pooled features that are computed once), the last few layers with
 * weights (the classifier not counted, but learned too), or those from a named layer on.
 */
export type Trainable = "all" | "head" | { readonly last: number } | { readonly from: string };

/** How a network is trained. All of it has defaults. */
export interface Recipe {
  /** `all` unless given. */
  readonly trainable?: Trainable;
  /** `sigmoid` when images have a list of labels, else `softmax`. */
  readonly loss?: LossKind;
  /** From 0 (the default) to below 1. */
  readonly labelSmoothing?: number;
  /** How often every image is learned from; 20 unless given. */
  readonly epochs?: number;
  /** Images a step; 32 unless given. Images that fill no batch are left to later epochs. */
  readonly batchSize?: number;
  /** Stochastic gradient descent with Nesterov momentum 0.9 unless given. */
  readonly optimizer?: Optimizer;
  /** At the schedule's height; 0.05 for `sgd`, 0.001 for `adam` and `adamw` unless given. */
  readonly learningRate?: number;
  /** One cycle with a warm-up of a fifth unless given. */
  readonly schedule?: Schedule;
  /** Pulls filters and class weights towards 0, not biases, gains and normalisations; 5e-4 unless given. */
  readonly weightDecay?: number;
  /** The longest gradient: longer ones are shortened to it. No limit unless given. */
  readonly clipNorm?: number;
  /** Judge and keep an exponential moving average of the weights; its memory, such as 0.998. Not unless given. */
  readonly average?: number;
  /** None unless given. */
  readonly augmentation?: Augmentation;
  /** Stop when so many epochs in a row have not improved the validation figure, and keep the best. Not unless given. */
  readonly patience?: number;
  /** Whether batch normalisations use the batch's statistics: unless given, when `trainable` is `all`. */
  readonly batchStatistics?: boolean;
  /** 1 unless given. */
  readonly seed?: number | string;
}

/** What is trained on what, how, and who is told. */
export interface TrainOptions extends Recipe {
  /** An ONNX network with a GAP or GMP head. */
  readonly graph: Graph;
  /**
   * A set, or a list of pictures with `label` or `labels`; of those with a region only that is learned from. Those of
   * split `val` are for validation, those of split `test` are left out.
   */
  readonly pictures: Pictures;
  /** Pictures for validation, instead of those of split `val`. */
  readonly validation?: Pictures;
  /** Class names in the order of the logits; unless given, all labels in alphabetical order. */
  readonly classes?: readonly string[];
  /** How an image becomes the network's input; unless given it is stretched, and values run from −1 to 1. */
  readonly preprocessing?: Preprocessing;
  /** ONNX Runtime unless given, and TF.js for a network with a layer that has no gradient there. */
  readonly engine?: "onnxruntime" | "tfjs";
  /**
   * `auto` (the default) for the best that works here, or one by name: "cpu", "webgpu" or "cuda" of ONNX Runtime;
   * "tfjs-node-gpu", "tfjs-node", "wasm" or "cpu" of TF.js.
   */
  readonly device?: Device | TfjsDevice | "auto";
  /** Keeps everything needed to go on after a crash in a folder. A training that finds its own checkpoint there goes on. */
  readonly checkpoint?: CheckpointOptions;
  /** Bytes of decoded images to keep in memory; beyond, they are decoded again in every epoch. 2 GB unless given. */
  readonly memory?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  readonly onEvent?: (event: TrainingEvent) => void;
  /** What the network's card says of it. */
  readonly card?: CardTexts;
}

/** The names of all options of `trainGapNetwork`. */
export const TRAIN_OPTIONS = optionNames<TrainOptions>({
  trainable: true,
  loss: true,
  labelSmoothing: true,
  epochs: true,
  batchSize: true,
  optimizer: true,
  learningRate: true,
  schedule: true,
  weightDecay: true,
  clipNorm: true,
  average: true,
  augmentation: true,
  patience: true,
  batchStatistics: true,
  seed: true,
  pictures: true,
  validation: true,
  classes: true,
  preprocessing: true,
  engine: true,
  device: true,
  checkpoint: true,
  memory: true,
  signal: true,
  onProgress: true,
  onEvent: true,
  card: true,
  graph: true,
});

/** Where and how often a training is kept. */
export interface CheckpointOptions {
  readonly folder: string;
  /** 60 unless given; besides, after every epoch. */
  readonly everySeconds?: number;
  readonly everySteps?: number;
  /** Whether to go on from a checkpoint in the folder; yes unless given. */
  readonly resume?: boolean;
}

/** What only a person can say of a network. */
export interface CardTexts {
  readonly name?: string;
  readonly title?: string;
  readonly licence?: string;
  readonly origin?: string;
}

/** A recipe with all defaults filled in. */
export type FullRecipe = Required<Omit<Recipe, "clipNorm" | "average" | "patience" | "loss">> &
  Pick<Recipe, "clipNorm" | "average" | "patience"> & { readonly loss: LossKind };

/**
 * Fills in the defaults.
 *
 * @throws CamlabError naming the first setting that cannot be used
 */
export function fullRecipe(given: Recipe, loss: LossKind): FullRecipe {
  const optimizer = given.optimizer ?? { kind: "sgd", momentum: 0.9, nesterov: true };
  checkOptimizer(optimizer);
  const trainable = given.trainable ?? "all";
  const recipe: FullRecipe = {
    trainable,
    loss: given.loss ?? loss,
    labelSmoothing: given.labelSmoothing ?? 0,
    epochs: given.epochs ?? 20,
    batchSize: given.batchSize ?? 32,
    optimizer,
    learningRate: given.learningRate ?? (optimizer.kind === "sgd" ? 0.05 : 0.001),
    schedule: given.schedule ?? { kind: "one-cycle", warmup: 0.2 },
    weightDecay: given.weightDecay ?? 5e-4,
    ...(given.clipNorm !== undefined && { clipNorm: given.clipNorm }),
    ...(given.average !== undefined && { average: given.average }),
    ...(given.patience !== undefined && { patience: given.patience }),
    augmentation: given.augmentation ?? {},
    batchStatistics: given.batchStatistics ?? trainable === "all",
    seed: given.seed ?? 1,
  };
  checkRecipe(recipe);
  return recipe;
}

function checkRecipe(recipe: FullRecipe): void {
  const { trainable, loss, labelSmoothing, epochs, batchSize, learningRate, weightDecay, clipNorm, average, patience } =
    recipe;
  check.oneOf("loss", loss, ["softmax", "sigmoid"]);
  const named = trainable === "all" || trainable === "head";
  if (!named && !(typeof trainable === "object" && ("last" in trainable || "from" in trainable))) {
    throw invalid("trainable", trainable, '"all", "head", { last: 3 } or { from: "layer name" }');
  }
  if (typeof trainable === "object" && "last" in trainable) check.count("trainable.last", trainable.last);
  check.number("labelSmoothing", labelSmoothing, { from: 0, below: 1 });
  check.counts({ epochs, batchSize, patience });
  check.positive("learningRate", learningRate);
  check.number("weightDecay", weightDecay, { from: 0 });
  if (clipNorm !== undefined) check.positive("clipNorm", clipNorm);
  if (average !== undefined) check.number("average", average, { above: 0, below: 1 });
  checkSchedule(recipe.schedule);
  checkAugmentation(recipe.augmentation);
}
