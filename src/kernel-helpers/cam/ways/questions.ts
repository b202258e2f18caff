// The questions that ways ask, answered by the network's graph and by its gradient's.
import type { Tensor } from "../../engines/engine.js";
import type { GradientOptions } from "../../graph/gradient/gradient-of.js";
import type { GapHead } from "../../graph/head/gap-head.js";
import { computedValue } from "../../graph/surgery/float-ports.js";
import type { Picture } from "../../images/picture.js";
import type { Network } from "../../networks/network.js";
import { probabilitiesOf } from "../../networks/probabilities-of.js";
import type { FeatureMaps, Seen } from "../../networks/seen.js";
import { CamlabError } from "../../support/errors.js";
import { mapLayers } from "../layers/map-layers.js";
import { openAttention, type OpenAttention } from "./open-attention.js";
import { openEnd, type OpenEnd } from "./open-end.js";
import { openGradient, type OpenGradient } from "./open-gradient.js";
import { openScores, type OpenScores } from "./open-scores.js";
import { type InputPixels, scoredGraph } from "./scored-graph.js";
import type { Attention, BehindMaps, Copies, LayerMapsWithGradients, NetworkQuestions } from "./way.js";

/** A photo as it is asked about. */
export interface AskedPhoto {
  readonly input: Float32Array;
  readonly size: InputPixels;
  readonly signal?: AbortSignal;
}

/** As many inputs at once as keep the memory small and both sides of a convolution busy. */
const BATCH = 8;

/** Asks one network; opens what it needs at the first question, and keeps it until it is disposed. */
export class Questioner implements Disposable {
  /** Photos that went through the network since the last look at this number; one with its gradient counts as three. */
  passes = 0;
  readonly #engines = new Map<string, Promise<OpenGradient>>();
  #attention: Promise<OpenAttention> | undefined;
  /** Those of the file, where the network was opened for its tokens. */
  #scores: Promise<OpenScores> | undefined;
  /** What follows feature maps of one size, where it can be taken by itself. */
  #end: { readonly size: string; readonly open: Promise<OpenEnd | undefined> } | undefined;
  /** What was asked of a photo, whatever the class; gone with its input. */
  readonly #kept = new WeakMap<Float32Array, Map<string, Promise<unknown>>>();

  constructor(readonly network: Network) {}

  /** The questions about one class and one photo. */
  of(index: number, input: Float32Array, size: InputPixels, signal?: AbortSignal): NetworkQuestions {
    let gradients: Promise<FeatureMaps> | undefined;
    const attending = async (passes: number, ask: (open: OpenAttention) => Promise<Attention>) => {
      signal?.throwIfAborted();
      const open = await (this.#attention ??= openAttention(this.network, size));
      this.passes += passes;
      return ask(open);
    };
    return {
      scoresOfCopies: async (name, copies) => {
        const { classes, run } = await this.#scorer(size);
        const scores = await this.overCopies({ input, size, signal }, name, copies, run);
        return Float32Array.from({ length: copies.count }, (_, i) => scores[i * classes + index]);
      },
      answers: (inputs, count) => this.#answers(index, inputs, count, size, signal),
      inputGradients: (inputs, count, relu) => this.#inputGradients(index, inputs, count, size, relu, signal),
      mapGradients: (maps) => (gradients ??= this.#mapGradients(index, maps, input, size, signal)),
      behindMaps: (maps) => this.#behindMaps(maps),
      layers: () => this.#layers(index, input, size, signal),
      attention: () => this.#once(input, "attention", () => attending(1, ({ matrices }) => matrices(input))),
      attentionGradients: () => attending(3, ({ gradients }) => gradients(input, index)),
    };
  }

  /**
   * What `run` gives of copies of a photo, the same many numbers a copy. They are run once for all that is asked of the photo by
   * this name.
   */
  overCopies(
    { input, signal }: AskedPhoto,
    name: string,
    { count, write }: Copies,
    run: (inputs: Float32Array, count: number) => Promise<Float32Array>,
  ): Promise<Float32Array> {
    return this.#once(input, name, async () => {
      const batch = new Float32Array(Math.min(BATCH, count) * input.length);
      let found = new Float32Array(0);
      for (let start = 0; start < count; start += BATCH) {
        signal?.throwIfAborted();
        const many = Math.min(BATCH, count - start);
        for (let i = 0; i < many; i++) write(start + i, batch.subarray(i * input.length, (i + 1) * input.length));
        const rows = await run(batch.subarray(0, many * input.length), many);
        const each = rows.length / many;
        if (start === 0) found = new Float32Array(count * each);
        found.set(rows, start * each);
      }
      this.passes += count;
      return found;
    });
  }

  /** What is made of a photo at the first question, and kept as long as its input is; not what failed. */
  #once<T>(input: Float32Array, name: string, make: () => Promise<T>): Promise<T> {
    const kept = this.#kept.get(input) ?? new Map<string, Promise<unknown>>();
    this.#kept.set(input, kept);
    const made = (kept.get(name) as Promise<T> | undefined) ?? make();
    kept.set(name, made);
    made.catch(() => kept.delete(name));
    return made;
  }

  /**
   * A photo that was seen with its class scores, which are those of its file where the network was opened for its tokens.
   */
  async scored<P extends Picture>(seen: Seen<P>, { input, size }: AskedPhoto): Promise<Seen<P>> {
    if (seen.logits.length > 0 || !this.network.ownGraph) return seen;
    const { run } = await this.#scorer(size);
    const logits = await run(input, 1);
    return { ...seen, logits, probabilities: probabilitiesOf(this.network, logits) };
  }

  /** @throws CamlabError for a network without class scores */
  async #scorer(size: InputPixels): Promise<Pick<OpenScores, "classes" | "run">> {
    const { network } = this;
    const { length: classes } = network.classes;
    if (classes > 0) return { classes, run: async (inputs, count) => (await network.run(inputs, count, size)).logits };
    if (network.ownGraph) return (this.#scores ??= openScores(network, size));
    throw new CamlabError(`this way needs class scores, and the network has none (${network.head.summary})`);
  }

  async #answers(
    index: number,
    inputs: Float32Array,
    count: number,
    pixels: InputPixels,
    signal?: AbortSignal,
  ): Promise<{ scores: Float32Array; probabilities: Float32Array }> {
    const [scores, probabilities] = [new Float32Array(count), new Float32Array(count)];
    const { classes, run } = await this.#scorer(pixels);
    await inBatches(inputs, count, async (part, size, start) => {
      signal?.throwIfAborted();
      const logits = await run(part, size);
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
    const asked = await this.#asked("input", pixels, () => this.#open(["input"], pixels, { relu }), relu);
    const gradients = new Float32Array(inputs.length);
    await inBatches(inputs, count, async (part, size, start) => {
      signal?.throwIfAborted();
      const [{ gradient }] = await asked.run(part, size, index);
      gradients.set(gradient.data, (start * inputs.length) / count);
    });
    this.passes += 3 * count;
    return gradients;
  }

  async #mapGradients(
    index: number,
    maps: FeatureMaps,
    input: Float32Array,
    size: InputPixels,
    signal?: AbortSignal,
  ): Promise<FeatureMaps> {
    signal?.throwIfAborted();
    const { head } = this.network;
    if (isPlainGap(head)) return evenGradients(maps, head.weights.subarray(index * maps.channels));
    const name = await this.#mapsName();
    // Pictures seen whole differ in size: the network that is open serves them all.
    const end = this.network.preprocessing.fit === "whole" ? undefined : await this.#openEnd(name, maps);
    if (end) {
      const by = new Float32Array(head.logits.classes);
      by[index] = 1;
      return inMapOrder(await end.gradient(maps.data, by), head);
    }
    const asked = await this.#asked("maps", size, () => this.#open([name], size));
    this.passes += 1;
    const [{ gradient }] = await asked.run(input, 1, index);
    return this.#told(inMapOrder(gradient, head));
  }

  async #behindMaps(maps: FeatureMaps): Promise<BehindMaps> {
    const end = await this.#openEnd(await this.#mapsName(), maps);
    if (!end) {
      throw new CamlabError(`what follows the last maps cannot be taken by itself (${this.network.head.summary})`);
    }
    return { scores: end.scores, gradient: async (values, by) => (await end.gradient(values, by)).data };
  }

  #openEnd(name: string, maps: FeatureMaps): Promise<OpenEnd | undefined> {
    const size = `${maps.width}×${maps.height}`;
    if (this.#end?.size !== size) {
      this.#closeEnd();
      this.#end = { size, open: openEnd(this.network, name, maps) };
    }
    return this.#end.open;
  }

  #closeEnd(): void {
    void this.#end?.open.then((end) => end?.dispose()).catch(() => undefined);
    this.#end = undefined;
  }

  async #layers(
    index: number,
    input: Float32Array,
    size: InputPixels,
    signal?: AbortSignal,
  ): Promise<LayerMapsWithGradients[]> {
    signal?.throwIfAborted();
    const { network } = this;
    const asked = await this.#asked("layers", size, async () => {
      const name = await this.#mapsName();
      const before = network.head.featureMaps.layout ? [] : mapLayers((await scoredGraph(network, size)).graph, name);
      return this.#open([...before.map((layer) => layer.name).reverse(), name], size, { withValue: true });
    });
    this.passes += 3;
    const found = await asked.run(input, 1, index);
    return found.map(({ gradient, value }, i) => {
      const of = i === found.length - 1 ? network.head : { featureMaps: { channels: value!.dims[1] } };
      return { maps: inMapOrder(value!, of), gradients: this.#told(inMapOrder(gradient, of)) };
    });
  }

  /** A class token has read the patch tokens before the last of them: what is left of these tells nothing of the class. */
  #told(gradients: FeatureMaps): FeatureMaps {
    if (!this.network.ownGraph || gradients.data.some((value) => value !== 0)) return gradients;
    throw new CamlabError("the class's score does not depend on its last patch tokens, but on the class token");
  }

  #asked(
    what: string,
    size: InputPixels,
    make: () => Promise<OpenGradient>,
    relu?: GradientOptions["relu"],
  ): Promise<OpenGradient> {
    const key = `${what} ${relu} ${size.width}×${size.height}`;
    const open = this.#engines.get(key) ?? make();
    this.#engines.set(key, open);
    return open;
  }

  #open(
    by: readonly string[],
    size: InputPixels,
    options: { readonly relu?: GradientOptions["relu"]; readonly withValue?: boolean } = {},
  ): Promise<OpenGradient> {
    return openGradient(this.network, { by, ...options }, size);
  }

  /** @throws CamlabError for a network that pools several values */
  async #mapsName(): Promise<string> {
    const { featureMaps, summary } = this.network.head;
    const graph = await this.network.graph?.();
    if (!featureMaps.parts) return graph ? computedValue(graph, featureMaps.name) : featureMaps.name;
    throw new CamlabError(`this way needs the gradient of one pooling, and the network joins several (${summary})`);
  }

  [Symbol.dispose](): void {
    for (const open of this.#engines.values()) void open.then(({ dispose }) => dispose()).catch(() => undefined);
    this.#engines.clear();
    void this.#attention?.then(({ dispose }) => dispose()).catch(() => undefined);
    this.#closeEnd();
    void this.#scores?.then(({ dispose }) => dispose()).catch(() => undefined);
    this.#attention = this.#scores = undefined;
  }
}

/** Whether S_c = Σ_k w_k^c mean(f_k) + b_c: then the gradient by the maps needs no run. */
function isPlainGap({ form, pooling, normalisation, featureMaps }: GapHead): boolean {
  const isWhole = !featureMaps.parts && !featureMaps.tokens;
  return form === "pool-then-classify" && pooling === "average" && !normalisation && isWhole;
}

/** ∂S_c/∂f_k(x, y) = w_k / (H · W), at every place. */
function evenGradients({ channels, height, width }: FeatureMaps, weights: Float32Array): FeatureMaps {
  const area = height * width;
  const data = new Float32Array(channels * area);
  for (let k = 0; k < channels; k++) data.fill(weights[k] / area, k * area, (k + 1) * area);
  return { channels, height, width, data };
}

/** Inputs a few at a time, in turn. */
export async function inBatches(
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
export function inMapOrder(
  { dims, data }: Tensor,
  { featureMaps }: { readonly featureMaps: Omit<GapHead["featureMaps"], "name"> },
): FeatureMaps {
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
