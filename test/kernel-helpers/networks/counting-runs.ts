import type { Network } from "../../../src/kernel-helpers/networks/network.js";

/** A network that counts its runs, and the photos that go through it. */
export function countingRuns(network: Network) {
  let [photos, runs] = [0, 0];
  const run: Network["run"] = (batch, count, size) => {
    photos += count;
    runs += 1;
    return network.run(batch, count, size);
  };
  return { network: { ...network, run }, photos: () => photos, runs: () => runs };
}
