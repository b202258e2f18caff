import type { Network } from "../network.js";
import { inView } from "./in-view.js";
import { checkLookView, type LookView } from "./view.js";

/** The networks of one look. */
export interface LookViews {
  /** Gives maps and features, and classes where `scores` is absent. */
  readonly maps: Network;
  /** Gives the classes where they come from another view. */
  readonly scores?: Network;
}

/**
 * The networks that a look in some view needs.
 *
 * @throws CamlabError for a view that there is not
 */
export async function lookViews(network: Network, view: LookView | undefined): Promise<LookViews> {
  checkLookView(view);
  if (view !== "both") return { maps: await inView(network, view) };
  const [maps, scores] = [await inView(network, "whole"), await inView(network, "card")];
  return { maps, scores };
}
