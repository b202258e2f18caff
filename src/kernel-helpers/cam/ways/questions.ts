// The questions that ways ask, answered by the network's graph and by its gradient's.
import type { Tensor } from "../../engines/engine.js";
import type { GradientOptions } from "../../graph/gradient/gradient-of.js";
import type { GapHead } from "../../graph/head/gap-head.js";
import type { Network } from "../../networks/network.js";
import { probabilitiesOf } from "../../networks/probabilities-of.js";
import type { FeatureMaps } from "../../networks/seen.js";
import { CamlabError } from "../../support/errors.js";
import { type InputPixels, openGradient, type OpenGradient } from "./open-gradient.js";
import type { NetworkQuestions } from "./way.js";

/** As many inputs at once as keep the memory small and both sides of a convolution busy. */
const BATCH = 8;

/** Asks one network; opens what it needs at the first question, and keeps it until it is disposed. */
export class Questioner implements Disposable {
  /** Photos that went through the network since the last look at this number; one with its gradient counts as three. */
  passes = 0;
  readonly #engines = new Map<string, Promise<OpenGradient>>();

  constructor(readonly network: Network) {}

  /** The questions about one class and one photo. */
  of(index: number, input: Float32Array, size: InputPixels, signal?: AbortSignal): NetworkQuestions {
    let maps: Promise<FeatureMaps> | undefined;
    return {
      scores: async (inputs, count) => (await this.#answers(index, inputs, count, size, signal)).scores,
      answers: (inputs, count) => this.#answers(index, inputs, count, size, signal),
      inputGradients: (inputs, count, relu) => this.#inputGradients(index, inputs, count, size, relu, signal),
      mapGradients: () => (maps ??= this.#mapGradients(index, input, size)),
    };
  }

  async #answers(
    index: number,
    inputs: Float32Array,
    count: number,
    pixels: InputPixels,
    signal?: AbortSignal,
  ): Promise<{ scores: Float32Array; probabilities: Float32Array }> {
    const [scores, probabilities] = [new Float32Array(count), new Float32Array(count)];
    const classes = this.network.classes.length;
    await inBatches(inputs, count, async (part, size, start) => {
      signal?.throwIfAborted();
      const { logits } = await this.network.run(part, size, pixels);
      for (let i = 0; i < size; i++) {
        const own = logits.subarray(i * classes, (i + 1) * classes);
        scores[start + i] = own[index];
        probabilities[start + i] = probabilitiesOf(this.network, own)[index];
      }
    });
    this.passes += count;
    return { scores, probabilities };
  }

  async #inputGradients(
    index: number,
    inputs: Float32Array,
    count: number,
    pixels: InputPixels,
    relu: "guided" | "deconvolution" | undefined,
    signal?: AbortSignal,
  ): Promise<Float32Array> {
    const asked = await this.#asked("input", pixels, relu);
    const gradients = new Float32Array(inputs.length);
    await inBatches(inputs, count, async (part, size, start) => {
      signal?.throwIfAborted();
      const { gradient } = await asked.run(part, size, index);
      gradients.set(gradient.data, (start * inputs.length) / count);
    });
    this.passes += 3 * count;
    return gradients;
  }

  async #mapGradients(index: number, input: Float32Array, size: InputPixels): Promise<FeatureMaps> {
    const asked = await this.#asked("maps", size);
    this.passes += 1;
    return inMapOrder((await asked.run(input, 1, index)).gradient, this.network.head);
  }

  #asked(by: "input" | "maps", size: InputPixels, relu?: GradientOptions["relu"]): Promise<OpenGradient> {
    const key = `${by} ${relu} ${size.width}×${size.height}`;
    const open = this.#engines.get(key) ?? this.#open(by, size, relu);
    this.#engines.set(key, open);
    return open;
  }

  async #open(by: "input" | "maps", size: InputPixels, relu?: GradientOptions["relu"]): Promise<OpenGradient> {
    const { head } = this.network;
    if (by === "maps" && head.featureMaps.parts) {
      throw new CamlabError(
        `this way needs the gradient of one pooling, and the network joins several (${head.summary})`,
      );
    }
    return openGradient(this.network, { by: by === "input" ? by : head.featureMaps.name, relu }, size);
  }

  [Symbol.dispose](): void {
    for (const open of this.#engines.values()) void open.then(({ dispose }) => dispose()).catch(() => undefined);
    this.#engines.clear();
  }
}

async function inBatches(
  inputs: Float32Array,
  count: number,
  each: (part: Float32Array, size: number, start: number) => Promise<void>,
): Promise<void> {
  const length = inputs.length / count;
  for (let start = 0; start < count; start += BATCH) {
    const size = Math.min(BATCH, count - start);
    await each(inputs.subarray(start * length, (start + size) * length), size, start);
  }
}

/** A gradient that lies as the graph's own value, in the order of the feature maps: channels, rows, columns. */
export function inMapOrder({ dims, data }: Tensor, { featureMaps }: Pick<GapHead, "featureMaps">): FeatureMaps {
  const { channels, layout = "NCHW", tokens } = featureMaps;
  const at = (axis: string) => layout.indexOf(axis);
  const size = (axis: string) => (at(axis) < 0 ? 1 : dims[at(axis)]);
  const step = (axis: string) => (at(axis) < 0 ? 0 : dims.slice(at(axis) + 1).reduce((a, b) => a * b, 1));
  const height = tokens ? (featureMaps.height ?? 1) : size("H");
  const width = tokens ? (featureMaps.width ?? size("P")) : size("W");
  const ordered = new Float32Array(channels * height * width);
  let to = 0;
  for (let k = 0; k < channels; k++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const place = tokens ? (tokens.first + y * width + x) * step("P") : y * step("H") + x * step("W");
        ordered[to++] = data[k * step("C") + place];
      }
    }
  }
  return { channels, height, width, data: ordered };
}
