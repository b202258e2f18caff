// What the layers behind the pooling make of the features is computed by every run of the network, with its matrices in the
// cache. Kept from the last runs, it spares weights along a path one of the two products with each matrix.
import type { HeadNetwork } from "../gap-head.js";

interface Run {
  readonly features: Float32Array;
  readonly values: readonly Float32Array[];
}

/** More than one, since photos are run ahead of what is done with them. */
const RUNS = 4;

const lastRuns = new WeakMap<HeadNetwork, Run[]>();

/** Keeps what a run gave: features of some photos, and for them the values of `network.hidden`, one behind the other. */
export function keepRun(network: HeadNetwork, features: Float32Array, values: readonly Float32Array[]): void {
  const runs = lastRuns.get(network) ?? [];
  lastRuns.set(network, [{ features, values }, ...runs.slice(0, RUNS - 1)]);
}

/** The values of `network.hidden` of one photo, where a kept run had its features. */
export function keptFor(network: HeadNetwork, features: ArrayLike<number>): readonly Float32Array[] | undefined {
  const size = features.length;
  for (const run of lastRuns.get(network) ?? []) {
    for (let start = 0, photo = 0; start + size <= run.features.length; start += size, photo++) {
      let k = 0;
      while (k < size && features[k] === run.features[start + k]) k++;
      if (k < size) continue;
      const photos = run.features.length / size;
      return run.values.map((all) => {
        const each = all.length / photos;
        return all.subarray(photo * each, (photo + 1) * each);
      });
    }
  }
  return undefined;
}
