// The end of a network, behind its feature maps, opened with its backward pass: it costs next to nothing.
import type { Tensor } from "../../engines/engine.js";
import { gradientName, gradientOf } from "../../graph/gradient/gradient-of.js";
import { elementTypeOf } from "../../graph/onnx/element-type.js";
import { inferShapes } from "../../graph/shapes/infer-shapes.js";
import { headOutputs } from "../../graph/surgery/expose-head.js";
import { withInputAt } from "../../graph/surgery/input-at.js";
import type { Network } from "../../networks/network.js";
import type { FeatureMaps } from "../../networks/seen.js";
import { engineLike } from "./engine-like.js";

/** An end that is open. */
export interface OpenEnd {
  /** ∂S_c/∂f of one photo's feature maps. */
  readonly run: (maps: Float32Array, index: number) => Promise<Tensor>;
  readonly dispose: () => void;
}

/**
 * Opens what follows the feature maps, from them to the class scores; undefined for a network whose maps lie in another order
 * than `look` gives them, that pads its pictures, or whose scores depend on the photo by another way, too.
 */
export async function openEnd(
  network: Network,
  name: string,
  { channels, height, width }: FeatureMaps,
): Promise<OpenEnd | undefined> {
  const { head, device, threads, preprocessing } = network;
  if (!network.graph || head.featureMaps.layout || head.logits.classes === 0 || preprocessing.fit === "whole")
    return undefined;
  const { logits } = headOutputs(head);
  const dims = [1, channels, height, width];
  const graph = await network.graph();
  if ((graph.batch !== "any" && graph.batch !== 1) || elementTypeOf(graph, name) !== "float32") return undefined;
  const end = withInputAt(graph, name, dims, logits);
  if (!end) return undefined;
  const whole = gradientOf(end, { output: logits, withRespectTo: name, outputs: [logits] });
  const shape = (inferShapes(end).get(logits) ?? []).map((dim, axis) => (axis === 0 ? 1 : Number(dim)));
  const engine = await engineLike({ device, threads }, whole);
  return {
    async run(data, index) {
      const seed = new Float32Array(head.logits.classes);
      seed[index] = 1;
      const found = await engine.run({ [name]: { dims, data }, seed: { dims: shape, data: seed } });
      return found[gradientName(name)];
    },
    dispose: () => engine.dispose(),
  };
}
