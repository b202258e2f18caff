import type { ImportedNetwork } from "../../formats/format.js";
import { importGraph } from "../../formats/import-graph.js";
import { fitWeights } from "../architectures/fit-weights.js";

/**
 * The network in a model file of any format. Weights without a graph are put into the architecture that they fit.
 *
 * @param architecture the name of that, instead of the one that is recognised
 * @param bytes the file's, where they were read already
 * @throws CamlabError as `importGraph` and `fitWeights` do
 */
export function readNetworkFile(path: string, architecture?: string, bytes?: Uint8Array): Promise<ImportedNetwork> {
  return importGraph(path, {
    bytes,
    build(weights) {
      const fitted = fitWeights(weights, { architecture });
      const from = `the architecture ${fitted.architecture.name}`;
      return {
        graph: fitted.graph,
        preprocessing: [{ settings: fitted.architecture.preprocessing, from }],
        notes: fitted.notes,
      };
    },
  });
}
