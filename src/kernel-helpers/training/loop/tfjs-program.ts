// Scores, loss and gradients of a batch, by TF.js.
import type { Rank, Tensor } from "@tensorflow/tfjs-core";
import { activate, type LoadedBackend } from "../../engines/tfjs/backends.js";
import { makeProgram, type Program } from "../../engines/tfjs/program.js";
import { runProgram } from "../../engines/tfjs/run-program.js";
import type { BatchStatistics } from "../../engines/tfjs/training/training-ops.js";
import { trainingOps } from "../../engines/tfjs/training/training-ops.js";
import type { TensorValue, Tf } from "../../engines/tfjs/value.js";
import { tensorDims } from "../../graph/onnx/tensor.js";
import { lossOf } from "./loss.js";
import { SplitProgram } from "./split-program.js";
import type { Between, Feeds, ProgramBackend, StepOutcome, StepProgram, StepSetting } from "./step-program.js";

type TfFeeds = ReadonlyMap<string, Tensor | TensorValue>;

/** Makes a network ready to learn in TF.js. */
export async function openTfjsProgram(setting: StepSetting, loaded: LoadedBackend): Promise<StepProgram> {
  return new TfjsProgram(setting, loaded, await SplitProgram.open(setting));
}

class TfjsProgram implements StepProgram {
  readonly backend: ProgramBackend;
  readonly between;
  readonly running;
  readonly startsAtInput;
  readonly #setting: StepSetting;
  readonly #loaded: LoadedBackend;
  readonly #dims: readonly number[][];
  readonly #input: string;
  readonly #split: SplitProgram;
  readonly #learned: Program;

  constructor(setting: StepSetting, loaded: LoadedBackend, split: SplitProgram) {
    this.#setting = setting;
    this.#loaded = loaded;
    this.#input = setting.graph.inputs[0].name;
    this.#dims = setting.names.map((name) => tensorDims(setting.graph.initializer(name)!));
    this.#split = split;
    this.#learned = makeProgram(split.split.learned);
    this.running = split.averages.list;
    this.between = split.split.between;
    this.startsAtInput = split.startsAtInput;
    const versions = { "@tensorflow/tfjs-core": loaded.tf.version_core };
    this.backend = { name: loaded.backend, reason: loaded.reason, versions };
  }

  async feeds(pixels: Float32Array, size: readonly [number, number, number]): Promise<Feeds> {
    return this.startsAtInput ? this.#pictures(pixels, size) : this.feedsOf(await this.frozen(pixels, size));
  }

  frozen(pixels: Float32Array, size: readonly [number, number, number]): Promise<Between> {
    return this.#split.run(pixels, size);
  }

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

  step(feeds: Feeds, weights: readonly Float32Array[], targets: Float32Array): Promise<StepOutcome> {
    return this.#soon((tf) => {
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
          const all = new Map([...(feeds as TfFeeds), ...running, ...named]);
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
        for (const [output, { mean, variance, count }] of statistics) {
          this.#split.averages.take(output, { mean: mean.dataSync(), variance: variance.dataSync(), count });
        }
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

  scores(feeds: Feeds, weights: readonly Float32Array[]): Promise<Float32Array> {
    return this.#soon((tf) => {
      const tensors = this.#tensors(tf, weights);
      const running = this.#runningFeeds(tf);
      const named = this.#setting.names.map((name, i) => [name, tensors[i]] as const);
      try {
        const outputs = drained(runProgram(tf, this.#learned, new Map([...(feeds as TfFeeds), ...running, ...named])));
        const logits = outputs.get(this.#setting.logits)!;
        const numbers = Float32Array.from(logits.dataSync());
        logits.dispose();
        return numbers;
      } finally {
        for (const tensor of [...tensors, ...running.values()]) tensor.dispose();
      }
    });
  }

  release(feeds: Feeds): void {
    for (const feed of (feeds as TfFeeds).values()) ("kind" in feed ? feed.tensor : feed).dispose();
  }

  dispose(): void {
    this.#split.dispose();
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

  /** What is done in TF.js is done at once; what fails, fails like what waits. */
  async #soon<T>(compute: (tf: Tf) => T): Promise<T> {
    return Promise.resolve(this.#on(compute));
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

function drained<T>(run: Generator<void, T, void>): T {
  for (;;) {
    const { done, value } = run.next();
    if (done) return value;
  }
}
