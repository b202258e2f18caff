// The attention of a transformer, opened to be asked.
import type { Engine, Tensor } from "../../engines/engine.js";
import { findAttention } from "../../graph/attention/find-attention.js";
import { layerSeed, withLayerGradients } from "../../graph/attention/layer-gradients.js";
import { wholeTokens } from "../../graph/attention/whole-tokens.js";
import { gradientName } from "../../graph/gradient/gradient-of.js";
import { withOutputs } from "../../graph/surgery/cut-graph.js";
import { inferShapes } from "../../graph/shapes/infer-shapes.js";
import type { Network } from "../../networks/network.js";
import { CamlabError } from "../../support/errors.js";
import { engineLike } from "./engine-like.js";
import { type InputPixels, scoredGraph } from "./scored-graph.js";
import type { Attention } from "./way.js";

/** Attention that is open. */
export interface OpenAttention {
  /** The matrices of one photo. */
  readonly matrices: (input: Float32Array) => Promise<Attention>;
  /** ∂s_c^l/∂A^l of one photo: of a class's score, made of what block l hands on, by the attention in that block. */
  readonly gradients: (input: Float32Array, index: number) => Promise<Attention>;
  readonly dispose: () => void;
}

/**
 * Opens the attention of a network whose places are tokens. One whose scores come from a class token is opened with
 * `head: "tokens"`; then the scores are those of its file.
 *
 * @throws CamlabError for a network without attention between all of its tokens, and as `scoredGraph` does
 */
export async function openAttention(network: Network, size: InputPixels): Promise<OpenAttention> {
  const { head } = network;
  const { tokens, height, width } = head.featureMaps;
  if (!tokens || height === undefined || width === undefined) {
    throw new CamlabError(`this way needs a transformer, whose places are tokens (${head.summary})`);
  }
  const { graph, scores, classes } = await scoredGraph(network, size);
  const shapes = inferShapes(graph);
  const whole = wholeTokens(graph, head.featureMaps.name, shapes);
  const [count, first] = whole ? [whole.count, whole.before + tokens.first] : [tokens.count, tokens.first];
  const layers = findAttention(graph, scores, count);
  const shape = shapes.get(scores) ?? [];
  const input = graph.inputs[0].name;
  const feed = (data: Float32Array): Record<string, Tensor> => ({
    [input]: { dims: [1, 3, size.height, size.width], data },
  });
  const engines: Promise<Engine>[] = [];
  const once = (make: () => Promise<Engine>) => {
    let made: Promise<Engine> | undefined;
    return () => {
      if (!made) engines.push((made = make()));
      return made;
    };
  };
  const forward = once(() =>
    engineLike(network, withOutputs(graph, [...layers.map(({ weights }) => weights), scores])),
  );
  const backward = once(() => engineLike(network, withLayerGradients(graph, scores, layers)));
  const attention = (data: readonly Float32Array[], own?: Float32Array): Attention => ({
    layers: data,
    tokens: count,
    first,
    ...{ height, width },
    // Whoever has a class token and no classes was asked for its tokens.
    reads: head.logits.classes === 0 && tokens.first > 0 ? "class token" : "mean",
    ...(own && { scores: own }),
  });
  return {
    async matrices(data) {
      const found = await (await forward()).run(feed(data));
      return attention(
        layers.map(({ weights }) => found[weights].data),
        found[scores].data,
      );
    },
    async gradients(data, index) {
      if (index >= classes) throw new CamlabError(`there is no class ${index} among ${classes}`);
      const dims = shape.map((dim, axis) => (axis === 0 ? 1 : Number(dim)));
      const seed = new Float32Array(classes);
      seed[index] = 1;
      const seeds = Object.fromEntries(layers.map((_, l) => [layerSeed(l), { dims, data: seed }]));
      const found = await (await backward()).run({ ...feed(data), ...seeds });
      return attention(layers.map(({ weights }) => found[gradientName(weights)].data));
    },
    dispose: () => engines.forEach((engine) => void engine.then((open) => open.dispose()).catch(() => undefined)),
  };
}
