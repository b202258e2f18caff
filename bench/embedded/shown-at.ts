import { type Network, openNetwork } from "../../src/index.js";

/** The same network with an input of another size: small things are seen larger, and maps are finer. */
export async function shownAt(network: Network, size: number): Promise<Network> {
  if (network.modelFile === undefined) throw new Error(`${network.name} was not opened from a file`);
  return openNetwork(network.modelFile, { size });
}
