import { activeValues } from "../gradient/active-values.js";
import { gradientName, gradientOf } from "../gradient/gradient-of.js";
import { changedGraph } from "../onnx/changed-graph.js";
import type { Graph } from "../onnx/graph.js";
import { changed } from "../onnx/messages.js";
import type { GraphProto } from "../onnx/onnx.js";
import { withOutputs } from "../surgery/cut-graph.js";
import type { AttentionLayer } from "./find-attention.js";

/** What `withLayerGradients` calls a layer's seed. */
export function layerSeed(layer: number): string {
  return `camlab_seed_${layer}`;
}

/**
 * The graph that scores what every block of a transformer hands on by what follows the last one, and differentiates each
 * of these scores by the attention of that block: outputs `gradientName(weights)` of every layer, inputs `layerSeed(l)`
 * of the scores' shape.
 *
 * @param scores the class scores
 * @param layers as `findAttention` found them
 * @throws CamlabError as `gradientOf` does
 */
export function withLayerGradients(graph: Graph, scores: string, layers: readonly AttentionLayer[]): Graph {
  const last = layers[layers.length - 1].stream;
  const needed = withOutputs(graph, [scores]);
  const behind = activeValues(needed, [last], scores);
  const proto = needed.model.graph as GraphProto;
  const tail = proto.node.filter(({ output }) => output.some((name) => name !== last && behind.has(name)));
  const renamed = (layer: number, name: string): string => {
    if (name === last) return layers[layer].stream;
    return behind.has(name) ? `camlab_layer_${layer}_${name}` : name;
  };
  const copies = layers.slice(0, -1).flatMap((_, layer) =>
    tail.map((node) =>
      changed(node, {
        name: `camlab_layer_${layer}_${node.name}`,
        input: node.input.map((name) => renamed(layer, name)),
        output: node.output.map((name) => renamed(layer, name)),
      }),
    ),
  );
  const scoresOf = layers.map((_, layer) => (layer === layers.length - 1 ? scores : renamed(layer, scores)));
  const given = changedGraph(needed, { node: [...proto.node, ...copies] });
  const gradients: string[] = [];
  const whole = layers.reduce(
    (so, { weights }, layer) => {
      const outputs = [...scoresOf, ...gradients];
      gradients.push(gradientName(weights));
      return gradientOf(so, { output: scoresOf[layer], withRespectTo: weights, seed: layerSeed(layer), outputs });
    },
    withOutputs(given, scoresOf),
  );
  return withOutputs(whole, gradients);
}
