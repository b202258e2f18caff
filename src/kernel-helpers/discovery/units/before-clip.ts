import { createEngine, type EngineChoice } from "../../engines/create-engine.js";
import { headOutputs } from "../../graph/surgery/expose-head.js";
import { unclipped } from "../../graph/surgery/unclipped.js";
import type { Network } from "../../networks/network.js";

/** A network whose feature maps are those before a limit, and what limits them; it owns what it opened. */
export interface BeforeClip extends Disposable {
  readonly network: Network;
  readonly by: string;
}

/**
 * A network that gives its last feature maps before the activation that holds them below a limit, and no scores: where
 * many units are at the limit, nothing tells their images apart.
 *
 * @returns undefined where nothing limits them, and for a network whose graph is not at hand or takes a fixed number of
 * pictures at once
 */
export async function beforeClip(network: Network): Promise<BeforeClip | undefined> {
  const graph = await network.graph?.();
  if (graph?.batch !== "any") return undefined;
  const found = unclipped(graph, headOutputs(network.head).featureMaps);
  if (!found) return undefined;
  const engine = await createEngine(found.graph, {
    engine: network.engine as EngineChoice["engine"],
    device: network.device as EngineChoice["device"],
    threads: network.threads,
  });
  const [{ name: input }] = engine.inputs;
  const [{ name: output }] = engine.outputs;
  const run: Network["run"] = async (batch, count, { width, height } = network.preprocessing) => {
    const data = batch.subarray(0, count * 3 * width * height);
    const { [output]: maps } = await engine.run({ [input]: { dims: [count, 3, height, width], data } });
    const [, channels, rows, columns] = maps.dims;
    return {
      featureMaps: { channels, height: rows, width: columns, data: maps.data },
      features: new Float32Array(0),
      logits: new Float32Array(0),
    };
  };
  return { network: { ...network, run }, by: found.by, [Symbol.dispose]: () => engine.dispose() };
}
