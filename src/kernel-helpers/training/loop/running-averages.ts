import type { Graph } from "../../graph/onnx/graph.js";
import { tensorFloats } from "../../graph/onnx/tensor.js";
import { CamlabError } from "../../support/errors.js";
import type { RunningAverage, StepSetting } from "./step-program.js";

/** The statistics of one batch. */
export interface BatchMoments {
  readonly mean: ArrayLike<number>;
  /** Of the biased kind. */
  readonly variance: ArrayLike<number>;
  /** How many numbers a channel has in the batch. */
  readonly count: number;
}

/** How much of a running average the newest batch makes up. */
const NEWEST = 0.1;

/** The running averages of the batch normalisations that learn. */
export class RunningAverages {
  readonly list: readonly RunningAverage[];
  readonly #pairs: ReadonlyMap<string, readonly [RunningAverage, RunningAverage]>;

  constructor({ graph, names, batchStatistics }: StepSetting) {
    this.#pairs = new Map(batchStatistics ? normsOf(graph, names) : []);
    this.list = [...this.#pairs.values()].flat();
  }

  /** The outputs of the normalisations. */
  get outputs(): readonly string[] {
    return [...this.#pairs.keys()];
  }

  /** Takes in the statistics of a batch. The running variance is of the unbiased kind, as PyTorch keeps it. */
  take(output: string, { mean, variance, count }: BatchMoments): void {
    const pair = this.#pairs.get(output);
    if (!pair) return;
    const unbiased = count / Math.max(1, count - 1);
    pair[0].value.forEach((old, i) => (pair[0].value[i] = (1 - NEWEST) * old + NEWEST * mean[i]));
    pair[1].value.forEach((old, i) => (pair[1].value[i] = (1 - NEWEST) * old + NEWEST * unbiased * variance[i]));
  }
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
