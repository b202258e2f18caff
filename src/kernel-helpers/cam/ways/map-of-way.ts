import { notLocalized } from "../../graph/head/gap-head.js";
import { CamlabError } from "../../support/errors.js";
import type { HeatMap } from "../heat-map.js";
import type { Looking, Way } from "./way.js";

/**
 * The map of one way.
 *
 * @throws CamlabError of the way itself, and where it is made of last maps that are a single place
 */
export async function mapOfWay(way: Way, looking: Looking): Promise<HeatMap> {
  const why = way.ofLastMaps ? notLocalized(looking.seen.network.head) : undefined;
  if (why !== undefined) throw new CamlabError(why);
  return way.map(looking);
}
