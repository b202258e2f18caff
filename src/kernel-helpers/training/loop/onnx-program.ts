// Scores, loss and gradients of a batch as one ONNX graph, run by ONNX Runtime.
import { createEngine } from "../../engines/create-engine.js";
import type { Device, Engine, Tensor as Numbers } from "../../engines/engine.js";
import { loadOnnxRuntime } from "../../engines/load-onnxruntime.js";
import { type BatchStatisticsNames, withBatchStatistics } from "../../graph/gradient/batch-statistics.js";
import { gradientName } from "../../graph/gradient/gradient-of.js";
import { LOSS_INPUTS, lossGradientOf } from "../../graph/gradient/loss-gradient.js";
import { tensorDims } from "../../graph/onnx/tensor.js";
import { writeGraph } from "../../graph/onnx/write-graph.js";
import { lossValue } from "./loss-value.js";
import { SplitProgram } from "./split-program.js";
import type { Between, Feeds, ProgramBackend, StepOutcome, StepProgram, StepSetting } from "./step-program.js";

/**
 * Makes a network ready to learn in ONNX Runtime.
 *
 * @throws CamlabError when an operator of the learned part has no gradient, or the device is missing
 */
export async function openOnnxProgram(setting: StepSetting, device: Device | "auto" = "auto"): Promise<StepProgram> {
  const split = await SplitProgram.open(setting);
  const opened: { dispose(): void }[] = [split];
  try {
    const { graph, statistics } = withBatchStatistics(split.split.learned, split.averages.outputs);
    const names = [...statistics.values()];
    const gradients = lossGradientOf(graph, {
      logits: setting.logits,
      classes: setting.classes,
      loss: setting.loss,
      withRespectTo: setting.names,
      outputs: names.flatMap(({ mean, variance, count }) => [mean, variance, count]),
    });
    const step = await createEngine(writeGraph(gradients), { device });
    opened.push(step);
    const scores = await createEngine(writeGraph(split.split.learned), { device: step.device as Device });
    const version = (await loadOnnxRuntime()).env.versions;
    const backend: ProgramBackend = {
      name: `onnxruntime ${step.device}`,
      reason: step.deviceReason,
      versions: { "onnxruntime-node": version.node ?? version.common },
    };
    return new OnnxProgram(setting, split, backend, step, scores, statistics);
  } catch (error) {
    for (const part of opened) part.dispose();
    throw error;
  }
}

class OnnxProgram implements StepProgram {
  readonly between;
  readonly running;
  readonly startsAtInput;
  readonly #setting: StepSetting;
  readonly #split: SplitProgram;
  readonly #dims: readonly (readonly number[])[];
  readonly #step: Engine;
  readonly #scores: Engine;
  readonly #statistics: ReadonlyMap<string, BatchStatisticsNames>;

  constructor(
    setting: StepSetting,
    split: SplitProgram,
    readonly backend: ProgramBackend,
    step: Engine,
    scores: Engine,
    statistics: ReadonlyMap<string, BatchStatisticsNames>,
  ) {
    [this.#setting, this.#split, this.#step, this.#scores] = [setting, split, step, scores];
    this.#statistics = statistics;
    this.#dims = setting.names.map((name) => tensorDims(setting.graph.initializer(name)!));
    this.between = split.split.between;
    this.running = split.averages.list;
    this.startsAtInput = split.startsAtInput;
  }

  async feeds(pixels: Float32Array, size: readonly [number, number, number]): Promise<Feeds> {
    return this.feedsOf(await this.frozen(pixels, size));
  }

  frozen(pixels: Float32Array, size: readonly [number, number, number]): Promise<Between> {
    return this.#split.run(pixels, size);
  }

  feedsOf(between: Between): Feeds {
    return new Map(Object.entries(between));
  }

  async step(feeds: Feeds, weights: readonly Float32Array[], targets: Float32Array): Promise<StepOutcome> {
    const { names, classes, loss, logits } = this.#setting;
    const terms = loss === "softmax" ? targets.length / classes : targets.length;
    const found = await this.#step.run(
      fed(this.#step, feeds, this.#weights(weights), {
        [LOSS_INPUTS.targets]: { dims: [targets.length / classes, classes], data: targets },
        [LOSS_INPUTS.share]: { dims: [1], data: Float32Array.of(1 / terms) },
      }),
    );
    for (const [output, { mean, variance, count }] of this.#statistics) {
      const [means, variances, counts] = [mean, variance, count].map((name) => found[name].data);
      this.#split.averages.take(output, { mean: means, variance: variances, count: counts[0] });
    }
    const scores = found[logits].data;
    return {
      loss: lossValue(loss, scores, targets, classes),
      gradients: names.map((name) => found[gradientName(name)].data),
      logits: scores,
    };
  }

  async scores(feeds: Feeds, weights: readonly Float32Array[]): Promise<Float32Array> {
    const running = Object.fromEntries(
      this.running.map(({ name, value }) => [name, { dims: [value.length], data: value }]),
    );
    const found = await this.#scores.run(fed(this.#scores, feeds, this.#weights(weights), running));
    return found[this.#setting.logits].data;
  }

  release(): void {}

  dispose(): void {
    for (const part of [this.#split, this.#step, this.#scores]) part.dispose();
  }

  #weights(lists: readonly Float32Array[]): Between {
    return Object.fromEntries(
      this.#setting.names.map((name, i) => [name, { dims: [...this.#dims[i]], data: lists[i] }]),
    );
  }
}

/** What an engine reads of all that there is. */
function fed({ inputs }: Engine, feeds: Feeds, ...more: readonly Between[]): Between {
  const all = Object.assign({}, Object.fromEntries(feeds as ReadonlyMap<string, Numbers>), ...more) as Between;
  return Object.fromEntries(inputs.map(({ name }) => [name, all[name]]));
}
