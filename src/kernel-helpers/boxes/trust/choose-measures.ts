import type { Measure } from "../../cam/faithfulness/measure.js";
import { MEASURES } from "../../cam/faithfulness/measures.js";
import type { Network } from "../../networks/network.js";
import { CamlabError } from "../../support/errors.js";
import { nearestNames } from "../../support/nearest-names.js";

/**
 * The measure of a name.
 *
 * @throws CamlabError when there is none; it names the nearest
 */
export function measureCalled(name: string): Measure {
  const measure = MEASURES.find((each) => each.name === name);
  if (measure) return measure;
  const names = MEASURES.map((each) => each.name);
  const [near] = nearestNames(name, names);
  throw new CamlabError(
    `no measure is called ${JSON.stringify(name)}${near ? `; did you mean ${near}?` : ""} (there are ${names.join(", ")})`,
  );
}

/** All that a network allows: without its graph its weights cannot be dealt anew. */
export function usualMeasures(network: Network): readonly Measure[] {
  return network.graph ? MEASURES : MEASURES.filter(({ name }) => name !== "random-weights");
}
