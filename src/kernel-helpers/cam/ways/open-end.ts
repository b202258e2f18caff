// The end of a network, behind its feature maps, opened with its backward pass: it costs next to nothing.
import type { Engine, Tensor } from "../../engines/engine.js";
import { gradientName, gradientOf } from "../../graph/gradient/gradient-of.js";
import { elementTypeOf } from "../../graph/onnx/element-type.js";
import { inferShapes } from "../../graph/shapes/infer-shapes.js";
import { headOutputs } from "../../graph/surgery/expose-head.js";
import { withInputAt } from "../../graph/surgery/input-at.js";
import type { Network } from "../../networks/network.js";
import type { FeatureMaps } from "../../networks/seen.js";
import { engineLike } from "./engine-like.js";

/** An end that is open, for feature maps of one size. */
export interface OpenEnd {
  /** The class scores, were these the photo's feature maps. */
  readonly scores: (maps: Float32Array) => Promise<Float32Array>;
  /** Σ_j by_j ∂S_j/∂f at feature maps. */
  readonly gradient: (maps: Float32Array, by: Float32Array) => Promise<Tensor>;
  readonly dispose: () => void;
}

/**
 * Opens what follows the feature maps, from them to the class scores; undefined for a network whose maps lie in another order
 * than `look` gives them, and for one whose scores depend on the photo by another way, too.
 */
export async function openEnd(
  network: Network,
  name: string,
  { channels, height, width }: FeatureMaps,
): Promise<OpenEnd | undefined> {
  const { head, device, threads } = network;
  if (!network.graph || head.featureMaps.layout || head.logits.classes === 0) return undefined;
  const { logits } = headOutputs(head);
  const dims = [1, channels, height, width];
  const graph = await network.graph();
  if ((graph.batch !== "any" && graph.batch !== 1) || elementTypeOf(graph, name) !== "float32") return undefined;
  const end = withInputAt(graph, name, dims, logits);
  if (!end) return undefined;
  const back = gradientOf(end, { output: logits, withRespectTo: name, outputs: [logits] });
  const shape = (inferShapes(end).get(logits) ?? []).map((dim, axis) => (axis === 0 ? 1 : Number(dim)));
  const backward = await engineLike({ device, threads }, back);
  let forward: Promise<Engine> | undefined;
  return {
    async scores(data) {
      forward ??= engineLike({ device, threads }, end);
      return (await (await forward).run({ [name]: { dims, data } }))[logits].data;
    },
    async gradient(data, by) {
      const found = await backward.run({ [name]: { dims, data }, seed: { dims: shape, data: by } });
      return found[gradientName(name)];
    },
    dispose() {
      backward.dispose();
      void forward?.then((engine) => engine.dispose()).catch(() => undefined);
    },
  };
}
