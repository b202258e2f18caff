// The questions that ways ask, answered by the network's graph and by its gradient's.
import type { Tensor } from "../../engines/engine.js";
import { gradientName, gradientOf, type GradientOptions } from "../../graph/gradient/gradient-of.js";
import type { GapHead } from "../../graph/head/gap-head.js";
import { headOutputs } from "../../graph/surgery/expose-head.js";
import { withInputSize } from "../../graph/surgery/input-size.js";
import { inferShapes } from "../../graph/shapes/infer-shapes.js";
import type { Graph } from "../../graph/onnx/graph.js";
import type { Network } from "../../networks/network.js";
import { probabilitiesOf } from "../../networks/probabilities-of.js";
import type { FeatureMaps } from "../../networks/seen.js";
import { CamlabError } from "../../support/errors.js";
import { engineLike } from "./engine-like.js";
import type { NetworkQuestions } from "./way.js";

/** As many inputs at once as keep the memory small and both sides of a convolution busy. */
const BATCH = 8;

/** Asks one network; opens what it needs at the first question, and keeps it until it is disposed. */
export class Questioner implements Disposable {
  /** Photos that went through the network since the last look at this number; one with its gradient counts as three. */
  passes = 0;
  readonly #engines = new Map<string, Promise<Asked>>();

  constructor(readonly network: Network) {}

  /** The questions about one class and one photo. */
  of(index: number, input: Float32Array, size: Size, signal?: AbortSignal): NetworkQuestions {
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
    pixels: Size,
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
    pixels: Size,
    relu: "guided" | "deconvolution" | undefined,
    signal?: AbortSignal,
  ): Promise<Float32Array> {
    const asked = await this.#asked("input", pixels, relu);
    const gradients = new Float32Array(inputs.length);
    await inBatches(inputs, count, async (part, size, start) => {
      signal?.throwIfAborted();
      const { data } = await asked.run(part, size, index);
      gradients.set(data, (start * inputs.length) / count);
    });
    this.passes += 3 * count;
    return gradients;
  }

  async #mapGradients(index: number, input: Float32Array, size: Size): Promise<FeatureMaps> {
    const asked = await this.#asked("maps", size);
    this.passes += 1;
    return inMapOrder(await asked.run(input, 1, index), this.network.head);
  }

  #asked(by: "input" | "maps", size: Size, relu?: GradientOptions["relu"]): Promise<Asked> {
    const key = `${by} ${relu} ${size.width}×${size.height}`;
    const open = this.#engines.get(key) ?? openAsked(this.network, by, size, relu);
    this.#engines.set(key, open);
    return open;
  }

  [Symbol.dispose](): void {
    for (const open of this.#engines.values()) void open.then(({ dispose }) => dispose()).catch(() => undefined);
    this.#engines.clear();
  }
}

/** Pixels of the network's input. */
interface Size {
  readonly width: number;
  readonly height: number;
}

interface Asked {
  readonly run: (inputs: Float32Array, count: number, index: number) => Promise<Tensor>;
  readonly dispose: () => void;
}

async function openAsked(
  network: Network,
  by: "input" | "maps",
  { width, height }: Size,
  relu?: GradientOptions["relu"],
): Promise<Asked> {
  if (!network.graph) throw new CamlabError("gradients need the network's graph: open it from its file");
  const read = await network.graph();
  const { head } = network;
  // A gradient needs to know how many places there are.
  const graph = network.preprocessing.fit === "whole" ? withInputSize(read, { width, height }) : read;
  const input = graph.inputs[0].name;
  if (by === "maps" && head.featureMaps.parts) {
    throw new CamlabError(
      `this way needs the gradient of one pooling, and the network joins several (${head.summary})`,
    );
  }
  const target = by === "input" ? input : head.featureMaps.name;
  const { logits } = headOutputs(head);
  const whole = gradientOf(graph, { output: logits, withRespectTo: target, outputs: [logits], relu });
  const engine = await engineLike(network, whole);
  const trailing = Math.max(0, (inferShapes(graph).get(logits)?.length ?? 2) - 2);
  const run = async (inputs: Float32Array, count: number, index: number) => {
    const classes = head.logits.classes;
    const seed = new Float32Array(count * classes);
    for (let i = 0; i < count; i++) seed[i * classes + index] = 1;
    const found = await engine.run({
      [input]: { dims: [count, 3, height, width], data: inputs },
      seed: { dims: [count, classes, ...Array<number>(trailing).fill(1)], data: seed },
    });
    return found[gradientName(target)];
  };
  return { run: inSizes(graph, run), dispose: () => engine.dispose() };
}

/** A graph that takes one photo is asked photo by photo. */
function inSizes({ batch }: Graph, run: Asked["run"]): Asked["run"] {
  if (batch === "any") return run;
  if (batch !== 1)
    throw new CamlabError(`gradients of a network that takes exactly ${batch} photos at once are not known`);
  return async (inputs, count, index) => {
    const each = inputs.length / count;
    const parts: Tensor[] = [];
    for (let i = 0; i < count; i++) parts.push(await run(inputs.subarray(i * each, (i + 1) * each), 1, index));
    const data = new Float32Array(parts.length * parts[0].data.length);
    parts.forEach((part, i) => data.set(part.data, i * parts[0].data.length));
    return { dims: [count, ...parts[0].dims.slice(1)], data };
  };
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
