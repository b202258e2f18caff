import { CamlabError } from "../../support/errors.js";
import type { Network } from "../network.js";
import type { View } from "./view.js";

/**
 * A network that sees pictures in a view: the network itself where it does.
 *
 * @param view the view that is wanted; the network's own unless given
 * @param usual the view where neither asks for one: whole pictures only where the card would cut them
 * @throws CamlabError for another view of something that has one view only
 */
export async function inView(network: Network, view: View | undefined, usual?: View): Promise<Network> {
  const wanted = view ?? network.view ?? (usual === "whole" && !cutsPictures(network) ? undefined : usual);
  if (wanted === undefined || wanted === network.view) return network;
  if (network.inView) return network.inView(wanted);
  if (view === undefined || view === "card") return network;
  throw new CamlabError(`${network.name} has one view only, the card's: it was not opened from a file`);
}

/** Whether the network has another view than its card's, and that would cut pictures. */
export function cutsPictures(network: Network): boolean {
  const { fit } = network.card.preprocessing;
  return network.inView !== undefined && (fit === "cover" || fit === "centre-crop");
}
