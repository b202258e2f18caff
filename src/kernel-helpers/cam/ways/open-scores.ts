// The class scores of a network's file, where the network was opened for its tokens.
import { withOutputs } from "../../graph/surgery/cut-graph.js";
import type { Network } from "../../networks/network.js";
import { engineLike } from "./engine-like.js";
import { type InputPixels, scoredGraph } from "./scored-graph.js";

/** Scores that are open. */
export interface OpenScores {
  readonly classes: number;
  /** Of `count` inputs, `count × classes`. */
  readonly run: (inputs: Float32Array, count: number) => Promise<Float32Array>;
  readonly dispose: () => void;
}

/**
 * Opens the class scores of a network's file.
 *
 * @throws CamlabError as `scoredGraph` does
 */
export async function openScores(network: Network, size: InputPixels): Promise<OpenScores> {
  const { graph, scores, classes } = await scoredGraph(network, size);
  const input = graph.inputs[0].name;
  const engine = await engineLike(network, withOutputs(graph, [scores]));
  const most = graph.batch === "any" ? Infinity : 1;
  return {
    classes,
    async run(inputs, count) {
      const found = new Float32Array(count * classes);
      const each = inputs.length / count;
      for (let start = 0; start < count; start += most) {
        const many = Math.min(most, count - start);
        const data = inputs.subarray(start * each, (start + many) * each);
        const outputs = await engine.run({ [input]: { dims: [many, 3, size.height, size.width], data } });
        found.set(outputs[scores].data, start * classes);
      }
      return found;
    },
    dispose: () => engine.dispose(),
  };
}
