import type { Network } from "../../../src/kernel-helpers/networks/network.js";

/** A network that counts the photos that go through it. */
export function countingRuns(network: Network): { readonly network: Network; readonly photos: () => number } {
  let photos = 0;
  const run: Network["run"] = (batch, count, size) => {
    photos += count;
    return network.run(batch, count, size);
  };
  return { network: { ...network, run }, photos: () => photos };
}
