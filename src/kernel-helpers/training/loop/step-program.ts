// The part of training that runs in TF.js: scores, loss and gradients of one batch.
import type { Rank, Tensor } from "@tensorflow/tfjs-core";
import { activate, type LoadedBackend } from "../../engines/tfjs/backends.js";
import { makeProgram, type Program } from "../../engines/tfjs/program.js";
import { runProgram } from "../../engines/tfjs/run-program.js";
import type { BatchStatistics } from "../../engines/tfjs/training/training-ops.js";
import { trainingOps } from "../../engines/tfjs/training/training-ops.js";
import { createEngine } from "../../engines/create-engine.js";
import type { Engine, Tensor as Numbers } from "../../engines/engine.js";
import type { TensorValue, Tf } from "../../engines/tfjs/value.js";
import type { Graph } from "../../graph/onnx/graph.js";
import { tensorDims, tensorFloats } from "../../graph/onnx/tensor.js";
import { writeGraph } from "../../graph/onnx/write-graph.js";
import { CamlabError } from "../../support/errors.js";
import { lossOf } from "./loss.js";
import type { LossKind } from "./loss-kind.js";
import { splitGraph, type SplitGraph } from "../parameters/split-graph.js";

/** Numbers that the learned part of a network reads. */
export type Feeds = ReadonlyMap<string, Tensor | TensorValue>;

/** A running average of a batch normalisation: an initializer and its numbers, which training changes. */
export interface RunningAverage {
  readonly name: string;
  readonly value: Float32Array;
}

/** What one batch gave. */
export interface StepOutcome {
  readonly loss: number;
  /** By what the network computes with, one list a learned initializer. */
  readonly gradients: Float32Array[];
  /** Pictures × classes. */
  readonly logits: Float32Array;
}

/** What is run. */
export interface StepSetting {
  readonly graph: Graph;
  /** The value of the class scores. */
  readonly logits: string;
  readonly classes: number;
  readonly loss: LossKind;
  /** Initializers that are learned. */
  readonly names: readonly string[];
  /** Whether batch normalisations in the learned part use the batch's statistics. */
  readonly batchStatistics: boolean;
}

/** How much of a running average the newest batch makes up. */
const NEWEST = 0.1;

/** What the learned part reads of some pictures, on the host. */
export type Between = Readonly<Record<string, Numbers>>;

/**
 * Makes a network ready to learn. The part before the first learned weight runs in ONNX Runtime, which is quicker; the
 * rest in TF.js.
 */
export async function openStepProgram(setting: StepSetting, loaded: LoadedBackend): Promise<StepProgram> {
  const norms = setting.batchStatistics ? normsOf(setting.graph, setting.names) : [];
  const open = [...setting.names, ...norms.flatMap(([, pair]) => pair.map(({ name }) => name))];
  const split = splitGraph(setting.graph, open, setting.logits);
  const frozen = split.frozen && (await createEngine(writeGraph(split.frozen), { engine: "onnxruntime" }));
  return new StepProgram(setting, loaded, split, frozen, norms);
}

/** A network made ready to learn. What it does in TF.js it does at once, without waiting. */
export class StepProgram {
  /** Values that the learned part reads: of the frozen part, or the network's input itself. */
  readonly between: readonly string[];
  /** Means and variances of batch normalisations in the learned part. */
  readonly running: readonly RunningAverage[];
  readonly #setting: StepSetting;
  readonly #loaded: LoadedBackend;
  readonly #dims: readonly number[][];
  readonly #averages: ReadonlyMap<string, readonly [RunningAverage, RunningAverage]>;
  readonly #input: string;
  readonly #frozen?: Engine;
  readonly #learned: Program;

  constructor(
    setting: StepSetting,
    loaded: LoadedBackend,
    { between, learned }: SplitGraph,
    frozen: Engine | undefined,
    norms: readonly (readonly [string, readonly [RunningAverage, RunningAverage]])[],
  ) {
    this.#setting = setting;
    this.#loaded = loaded;
    this.#input = setting.graph.inputs[0].name;
    this.#dims = setting.names.map((name) => tensorDims(setting.graph.initializer(name)!));
    this.#averages = new Map(norms);
    this.running = norms.flatMap(([, pair]) => pair);
    this.between = between;
    this.#frozen = frozen;
    this.#learned = makeProgram(learned);
  }

  /** Whether the learned part begins at the network's input. */
  get startsAtInput(): boolean {
    return this.#frozen === undefined;
  }

  /** What the learned part reads of some pictures (N×H×W×3, as numbers). The tensors become the caller's. */
  async feeds(pixels: Float32Array, size: readonly [number, number, number]): Promise<Feeds> {
    return this.#frozen ? this.feedsOf(await this.frozen(pixels, size)) : this.#pictures(pixels, size);
  }

  /** What the frozen part computes of some pictures. */
  async frozen(pixels: Float32Array, [count, height, width]: readonly [number, number, number]): Promise<Between> {
    const input = { dims: [count, 3, height, width], data: planar(pixels, count, height * width) };
    const outputs = await this.#frozen!.run({ [this.#input]: input });
    const all: Between = { ...outputs, [this.#input]: input };
    return Object.fromEntries(this.between.map((name) => [name, all[name]]));
  }

  /** Numbers as tensors, which become the caller's. */
  feedsOf(between: Between): Feeds {
    return this.#on((tf) => {
      return new Map(
        Object.entries(between).map(([name, { dims, data }]) => [name, tf.tensor(data, [...dims], "float32")]),
      );
    });
  }

  #pictures(pixels: Float32Array, [count, height, width]: readonly [number, number, number]): Feeds {
    return this.#on((tf) => {
      const tensor = tf.tensor4d(pixels, [count, height, width, 3]);
      return new Map([[this.#input, { kind: "tensor", dims: [count, 3, height, width], tensor, channelsLast: true }]]);
    });
  }

  /**
   * Loss and gradients of a batch; running averages take in its statistics.
   *
   * @param weights what the network computes with, one list a learned initializer
   * @param targets pictures × classes
   */
  step(feeds: Feeds, weights: readonly Float32Array[], targets: Float32Array): StepOutcome {
    return this.#on((tf) => {
      const statistics: [string, BatchStatistics][] = [];
      const { batchStatistics, classes, loss } = this.#setting;
      const onStatistics = (output: string, found: BatchStatistics) => statistics.push([output, found]);
      const ops = trainingOps({ ...(batchStatistics && { onStatistics }) });
      const kept: Tensor[] = [];
      const tensors = this.#tensors(tf, weights);
      const wanted = tf.tensor2d(targets, [targets.length / classes, classes]);
      const running = this.#runningFeeds(tf);
      try {
        const { value, grads } = tf.valueAndGrads((...own: Tensor[]) => {
          const named = this.#setting.names.map((name, i) => [name, own[i]] as const);
          const all = new Map([...feeds, ...running, ...named]);
          const outputs = drained(runProgram(tf, this.#learned, all, ops));
          const logits = outputs.get(this.#setting.logits)!;
          kept.push(logits);
          return lossOf(tf, loss, tf.reshape<Rank.R2>(logits, wanted.shape), wanted);
        })(tensors);
        kept.push(value, ...grads);
        const outcome = {
          loss: value.dataSync()[0],
          gradients: grads.map((gradient) => gradient.dataSync() as Float32Array),
          logits: kept[0].dataSync() as Float32Array,
        };
        for (const [output, found] of statistics) this.#take(output, found);
        return outcome;
      } finally {
        for (const tensor of [...tensors, wanted, ...running.values(), ...kept]) tensor.dispose();
        for (const [, { mean, variance }] of statistics) {
          mean.dispose();
          variance.dispose();
        }
      }
    });
  }

  /** Class scores of a batch, pictures × classes, as the exported network computes them. */
  scores(feeds: Feeds, weights: readonly Float32Array[]): Float32Array {
    return this.#on((tf) => {
      const tensors = this.#tensors(tf, weights);
      const running = this.#runningFeeds(tf);
      const named = this.#setting.names.map((name, i) => [name, tensors[i]] as const);
      try {
        const outputs = drained(runProgram(tf, this.#learned, new Map([...feeds, ...running, ...named])));
        const logits = outputs.get(this.#setting.logits)!;
        const numbers = Float32Array.from(logits.dataSync());
        logits.dispose();
        return numbers;
      } finally {
        for (const tensor of [...tensors, ...running.values()]) tensor.dispose();
      }
    });
  }

  /** The loss of scores that are known. */
  loss(logits: Float32Array, targets: Float32Array): number {
    return this.#on((tf) =>
      tf.tidy(() => {
        const shape: [number, number] = [targets.length / this.#setting.classes, this.#setting.classes];
        const scores = tf.tensor2d(logits, shape);
        return lossOf(tf, this.#setting.loss, scores, tf.tensor2d(targets, shape)).dataSync()[0];
      }),
    );
  }

  /** Frees what a batch was fed with. */
  release(feeds: Feeds): void {
    for (const feed of feeds.values()) ("kind" in feed ? feed.tensor : feed).dispose();
  }

  dispose(): void {
    this.#frozen?.dispose();
    for (const { prepared } of this.#learned.steps) {
      for (const tensor of prepared.values()) tensor.dispose();
      prepared.clear();
    }
  }

  #tensors(tf: Tf, weights: readonly Float32Array[]): Tensor[] {
    return weights.map((numbers, i) => tf.tensor(numbers, this.#dims[i], "float32"));
  }

  #runningFeeds(tf: Tf): Map<string, Tensor> {
    return new Map(this.running.map(({ name, value }) => [name, tf.tensor1d(value.slice())]));
  }

  /** The running variance is of the unbiased kind, as PyTorch keeps it. */
  #take(output: string, { mean, variance, count }: BatchStatistics): void {
    const pair = this.#averages.get(output);
    if (!pair) return;
    const [means, variances] = [mean.dataSync(), variance.dataSync()];
    const unbiased = count / Math.max(1, count - 1);
    pair[0].value.forEach((old, i) => (pair[0].value[i] = (1 - NEWEST) * old + NEWEST * means[i]));
    pair[1].value.forEach((old, i) => (pair[1].value[i] = (1 - NEWEST) * old + NEWEST * unbiased * variances[i]));
  }

  /** Whoever uses TF.js besides keeps their backend. */
  #on<T>(compute: (tf: Tf) => T): T {
    const { tf } = this.#loaded;
    const before = tf.getBackend();
    activate(this.#loaded);
    try {
      return compute(tf);
    } finally {
      if (before && before !== this.#loaded.registered) void tf.setBackend(before);
    }
  }
}

/** N×H×W×3 as N×3×H×W. */
function planar(pixels: Float32Array, count: number, area: number): Float32Array {
  const result = new Float32Array(pixels.length);
  for (let image = 0, from = 0; image < count; image++) {
    const start = image * area * 3;
    for (let i = start; i < start + area; i++) {
      result[i] = pixels[from++];
      result[i + area] = pixels[from++];
      result[i + 2 * area] = pixels[from++];
    }
  }
  return result;
}

function normsOf(graph: Graph, names: readonly string[]) {
  return graph.nodes
    .filter(({ opType, input }) => opType === "BatchNormalization" && names.includes(input[1]))
    .map(({ input, output }) => {
      const average = (name: string): RunningAverage => {
        const tensor = graph.initializer(name);
        if (!tensor)
          throw new CamlabError(`the statistics "${name}" of a batch normalisation are computed, not stored`);
        return { name, value: Float32Array.from(tensorFloats(tensor)) };
      };
      return [output[0], [average(input[3]), average(input[4])]] as const;
    });
}

function drained<T>(run: Generator<void, T, void>): T {
  for (;;) {
    const { done, value } = run.next();
    if (done) return value;
  }
}
