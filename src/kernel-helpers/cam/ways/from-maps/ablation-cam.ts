import { classWeightsFor } from "../../../graph/head/class-weights.js";
import { areaOf, positive } from "../map-sums.js";
import type { Looking, Way } from "../way.js";
import { isLinearHead } from "./is-linear-head.js";

/**
 * Maps weighed by what the score loses without them. Behind a GAP head the score is linear in them, and the loss needs no
 * run of the network: S_c − S_c without k = w_k^c F_k. Of another head what follows the maps is run without each.
 */
export const ablationCam: Way = {
  name: "ablation-cam",
  title: "Ablation-CAM",
  equation: "max(0, Σ_k (S_c − S_c without f_k) / S_c · f_k(x, y))",
  citation: "Desai, Ramaswamy, Ablation-CAM, 2020",
  grain: "regions",
  ofLastMaps: true,
  map: async (looking) => {
    const { seen, index } = looking;
    const { head } = seen.network;
    const drops = isLinearHead(head)
      ? Float64Array.from(classWeightsFor(head, index, seen.features), (w, k) => w * seen.features[k])
      : await dropsByRuns(looking);
    // A score may be cut off at 0, and has no shares then.
    const score = seen.logits[index] || 1;
    return {
      ...positive(
        seen.featureMaps,
        drops.map((drop) => drop / score),
      ),
      placement: seen.placement,
    };
  },
};

/** S_c − S_c without f_k, a channel each. */
async function dropsByRuns({ seen: { featureMaps }, index, network }: Looking): Promise<Float64Array> {
  const { channels, data } = featureMaps;
  const area = areaOf(featureMaps);
  const behind = await network.behindMaps(featureMaps);
  const whole = (await behind.scores(data))[index];
  const drops = new Float64Array(channels);
  const without = data.slice();
  for (let k = 0; k < channels; k++) {
    const own = data.subarray(k * area, (k + 1) * area);
    if (own.every((value) => value === 0)) continue;
    without.fill(0, k * area, (k + 1) * area);
    drops[k] = whole - (await behind.scores(without))[index];
    without.set(own, k * area);
  }
  return drops;
}
