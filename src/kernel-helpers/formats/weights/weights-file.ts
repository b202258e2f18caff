import { CamlabError, messageOf } from "../../support/errors.js";
import type { ImportedNetwork, ReadOptions } from "../format.js";
import type { StateDict } from "./state-dict.js";

/**
 * A network of weights alone.
 *
 * @throws CamlabError when nobody says how it is built, or the weights fit nothing
 */
export function builtOf(path: string, weights: StateDict, { build }: ReadOptions): ImportedNetwork {
  if (!build) {
    throw new CamlabError(
      `${path} holds weights and no graph: open it as a network (openNetwork), which finds its architecture`,
    );
  }
  try {
    return build(weights);
  } catch (error) {
    throw new CamlabError(`cannot open ${path}: ${messageOf(error)}`);
  }
}
