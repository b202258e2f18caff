import { classWeightsFor } from "../../../graph/head/class-weights.js";
import { positive } from "../map-sums.js";
import type { Way } from "../way.js";
import { checkLinearHead } from "./check-linear-head.js";

/**
 * Maps weighed by what the score loses without them. Behind a GAP head the score is linear in them, and the loss needs no
 * run of the network: S_c − S_c without k = w_k^c F_k.
 */
export const ablationCam: Way = {
  name: "ablation-cam",
  title: "Ablation-CAM",
  equation: "max(0, Σ_k (S_c − S_c without f_k) / S_c · f_k(x, y))",
  citation: "Desai, Ramaswamy, Ablation-CAM, 2020",
  grain: "regions",
  ofLastMaps: true,
  map: ({ seen, index }) => {
    const { head } = seen.network;
    checkLinearHead("Ablation-CAM", head);
    const weights = classWeightsFor(head, index, seen.features);
    const score = seen.logits[index];
    const map = positive(
      seen.featureMaps,
      Float64Array.from(weights, (w, k) => (w * seen.features[k]) / score),
    );
    return { ...map, placement: seen.placement };
  },
};
