import type { Measure } from "../../cam/faithfulness/measure.js";
import { MEASURES } from "../../cam/faithfulness/measures.js";
import type { Network } from "../../networks/network.js";
import { oneCalled } from "../../support/nearest-names.js";

/**
 * The measure of a name.
 *
 * @throws CamlabError when there is none; it names the nearest
 */
export function measureCalled(name: string): Measure {
  return oneCalled("measure", MEASURES, name);
}

/** All that a network allows: without its graph its weights cannot be dealt anew. */
export function usualMeasures(network: Network): readonly Measure[] {
  return network.graph ? MEASURES : MEASURES.filter(({ name }) => name !== "random-weights");
}
