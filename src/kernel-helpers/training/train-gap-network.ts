import { check } from "../support/check.js";
import { performance } from "node:perf_hooks";
import { setImmediate as pause } from "node:timers/promises";
import { withOutputs } from "../graph/surgery/cut-graph.js";
import { withDynamicBatch } from "../graph/surgery/dynamic-batch.js";
import { findGapHead } from "../graph/head/find-gap-head.js";
import type { Graph } from "../graph/onnx/graph.js";
import { writeGraph } from "../graph/onnx/write-graph.js";
import { checkPreprocessing } from "../images/input/check-preprocessing.js";
import type { Preprocessing } from "../images/input/preprocessing.js";
import { listOf, type Picture } from "../images/picture.js";
import { nameOfSource } from "../images/files/readable-name.js";
import { CamlabError, invalid } from "../support/errors.js";
import { sha256 } from "../support/hash.js";
import { packageVersion } from "../support/package-root.js";
import { pictureBatches, stepsOf } from "./data/batches.js";
import { computeFeatures, featureBatches, type KeptFeatures } from "./data/feature-batches.js";
import { learnedNodes } from "./parameters/learned-nodes.js";
import { NEW_HEAD, withNewHead } from "./parameters/new-head.js";
import { parametersOf, type Parameters } from "./parameters/parameters.js";
import { pictureMarks } from "./data/picture-marks.js";
import { openPixels } from "./data/pixel-store.js";
import { runTraining } from "./loop/run-training.js";
import { openProgram } from "./loop/open-program.js";
import {
  featureScale,
  forPlain,
  forStandardised,
  standardiseFeatures,
  type FeatureScale,
} from "./parameters/standard-features.js";
import { checkClasses, classesOf, classIndices, lossFor } from "./data/targets.js";
import { fullRecipe, TRAIN_OPTIONS, type TrainOptions } from "./train-options.js";
import { trainedNetwork, type TrainedNetwork } from "./trained-network.js";
import { withWeights } from "./parameters/with-weights.js";

/**
 * Trains a GAP network (or one that pools maxima): an ONNX graph goes in, an ONNX graph comes out. Everything
 * random follows the seed: the same seed on the same backend gives the same weights, also when the training was broken
 * off and went on from its checkpoint.
 *
 * @throws CamlabError when there is nothing to learn from, a setting cannot be used, the engine lacks an operator or
 *   the loss is no number any more, each with what to do; the signal's reason when it is aborted
 * @example
 * const pictures = await readFolderPerClass("photos");
 * const net = networks.gapArchitecture({ classes: 6, size: 112, stages: [{ channels: 32, stride: 4 }, { channels: 64, stride: 2 }] });
 * const trained = await trainGapNetwork({ graph: net, pictures, epochs: 10 });
 * await trained.save("models/mine");
 */
export async function trainGapNetwork(options: TrainOptions): Promise<TrainedNetwork> {
  const { signal, onProgress, onEvent } = check.known(options, TRAIN_OPTIONS, "trainGapNetwork");
  signal?.throwIfAborted();
  const began = performance.now();
  const items = picturesFor(options);
  const recipe = fullRecipe(options, lossFor(items.all));
  const classes = options.classes ?? classesOf(items.learn);
  const truth = classIndices(items.all, classes, recipe.loss);
  checkClasses(classes, truth.slice(0, items.learn.length), recipe.loss);

  const whole = prepared(options.graph, recipe.trainable === "head");
  const head = findGapHead(whole);
  if (head.logits.classes !== classes.length) {
    throw invalid(
      "classes",
      `${classes.length} (${classes.join(", ")})`,
      `${head.logits.classes}, as the network's head has (${head.summary})`,
    );
  }
  const preprocessing = preprocessingOf(whole, options.preprocessing);
  const wanted = withOutputs(whole, [head.logits.name]);
  const parameters = parametersOf(wanted, learnedNodes(wanted, head, recipe.trainable));

  const setting = {
    graph: wanted,
    logits: head.logits.name,
    classes: classes.length,
    loss: recipe.loss,
    names: parameters.list.map(({ name }) => name),
    batchStatistics: recipe.batchStatistics,
  };
  const program = await openProgram(setting, options);
  try {
    const store = await openPixels(items.all, preprocessing, { memory: options.memory ?? 2e9, onProgress, signal });
    const readable = items.all.map((_, index) => index).filter(store.readable);
    const learn = readable.filter((index) => index < items.learn.length);
    const validate = readable.filter((index) => index >= items.learn.length);
    if (learn.length === 0)
      throw new CamlabError(`none of the ${items.learn.length} pictures can be read: ${store.skipped[0].error}`);
    await pause();
    const startedFrom = sha256(writeGraph(whole));
    const kept =
      recipe.trainable === "head" && !program.startsAtInput
        ? await computeFeatures(program, store, readable, preprocessing, { onProgress, signal })
        : undefined;
    const scale = kept && standardised(kept, items.learn.length, parameters);
    const result = await runTraining({
      program,
      parameters,
      recipe,
      source: kept ? featureBatches(kept) : pictureBatches(store, preprocessing, recipe.augmentation, recipe.seed),
      truth,
      classes: classes.length,
      learn: learn.filter(store.readable),
      validate: validate.filter(store.readable),
      nameOf: (index) => nameOfSource(items.all[index].file),
      fingerprint: sha256(
        JSON.stringify([startedFrom, recipe, classes, preprocessing, items.learn.length, program.backend.name]),
      ),
      pictures: options.checkpoint ? await pictureMarks(items.all, truth, signal) : [],
      checkpoint: options.checkpoint,
      signal,
      onProgress,
      onEvent,
    });
    const weights = new Map(parameters.list.map(({ name }, i) => [name, result.weights[i]]));
    for (const { name, value } of result.running) weights.set(name, value);
    if (scale) {
      const found = { weight: weights.get(NEW_HEAD.weight)!, bias: weights.get(NEW_HEAD.bias)! };
      const { weight, bias } = forPlain(found, scale);
      weights.set(NEW_HEAD.weight, weight).set(NEW_HEAD.bias, bias);
    }
    const provenance = {
      images: { learnedFrom: learn.length, validation: validate.length, unreadable: store.skipped.length },
      imagesOfClass: classes.map((_, index) => learn.filter((item) => truth[item].includes(index)).length),
      recipe,
      backend: `${program.backend.name}: ${program.backend.reason}`,
      versions: {
        camlab: packageVersion(),
        node: process.versions.node,
        ...program.backend.versions,
      },
      steps: recipe.epochs * stepsOf(learn.length, recipe.batchSize),
      seconds: Math.round((performance.now() - began) / 100) / 10,
      epoch: result.epoch,
      history: result.history,
      startedFrom,
    };
    const parts = {
      graph: withWeights(whole, weights),
      classes,
      preprocessing,
      history: result.history,
      skipped: store.skipped,
      provenance,
      notes: [],
    };
    return trainedNetwork(parts, options.card);
  } finally {
    program.dispose();
  }
}

/** Takes any number of images at once; for head-only training with a classifier of a form that is known. */
function prepared(given: Graph, headOnly: boolean): Graph {
  const { graph } = withDynamicBatch(given);
  if (!headOnly) return graph;
  const head = findGapHead(graph);
  if (head.form !== "pool-then-classify" || head.normalisation) return graph;
  const bias = head.bias ?? new Float32Array(head.logits.classes);
  return withNewHead(graph, head, { weight: Float32Array.from(head.weights), bias: Float32Array.from(bias) });
}

/** Brings features to one scale, and the classifier with them; not where the learned part is more than a classifier. */
function standardised(
  { items, values }: KeptFeatures,
  learned: number,
  parameters: Parameters,
): FeatureScale | undefined {
  const [[, value], ...others] = [...values];
  const at = (name: string) => parameters.variables.find(({ key }) => key === name)?.value;
  const [weight, bias] = [at(NEW_HEAD.weight), at(NEW_HEAD.bias)];
  if (!weight || !bias || others.length > 0 || parameters.list.length > 2) return undefined;
  const channels = weight.length / bias.length;
  if (value.data.length !== items.length * channels) return undefined;
  const rows = items.filter((item) => item < learned).length;
  const scale = featureScale(value.data.subarray(0, rows * channels), channels);
  standardiseFeatures(value.data, scale);
  const scaled = forStandardised({ weight, bias }, scale);
  weight.set(scaled.weight);
  bias.set(scaled.bias);
  return scale;
}

/** Those to learn from first, then those for validation. */
function picturesFor({ pictures, validation }: TrainOptions): { learn: Picture[]; all: Picture[] } {
  const list = listOf(pictures);
  if (list.length === 0) throw invalid("pictures", list, "pictures with labels");
  const learn = list.filter(({ split }) => split !== "val" && split !== "test");
  const judge = validation ? listOf(validation) : list.filter(({ split }) => split === "val");
  if (learn.length === 0) throw new CamlabError("no picture is there to learn from: all are of the split val or test");
  return { learn, all: [...learn, ...judge] };
}

/** The input's size is the graph's where that is fixed. */
function preprocessingOf(graph: Graph, given: Preprocessing | undefined): Preprocessing {
  const [, , height, width] = graph.inputs[0]?.dims ?? [];
  if (graph.inputs.length !== 1)
    throw new CamlabError(`this network has ${graph.inputs.length} inputs, camlab trains those with one image`);
  if (given) {
    const preprocessing = checkPreprocessing(given);
    const fits = (size: unknown, own: number) => typeof size !== "number" || size === own;
    if (fits(width, preprocessing.width) && fits(height, preprocessing.height)) return preprocessing;
    throw invalid(
      "preprocessing",
      `${preprocessing.width}×${preprocessing.height}`,
      `${width}×${height}, the network's input`,
    );
  }
  if (typeof width !== "number" || typeof height !== "number") {
    throw invalid("preprocessing", given, "the input's width and height, which this network leaves open");
  }
  const half: [number, number, number] = [127.5, 127.5, 127.5];
  return { width, height, fit: "squash", channelOrder: "RGB", mean: half, std: half };
}
