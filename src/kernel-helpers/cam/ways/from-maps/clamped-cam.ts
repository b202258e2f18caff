import { classWeightsFor } from "../../../graph/head/class-weights.js";
import { weightedMap } from "../../weighted-map.js";
import type { Way } from "../way.js";

/** CAM without the units that speak against the class: boxes become larger, for those units cut holes. */
export const clampedCam: Way = {
  name: "clamped-cam",
  title: "CAM, negative weights clamped",
  equation: "Σ_k max(w_k^c, 0) f_k(x, y)",
  citation: "Bae, Noh, Kim, Rethinking Class Activation Mapping for Weakly Supervised Object Localization, 2020",
  grain: "regions",
  ofLastMaps: true,
  total: { as: "mean", without: "the maps" },
  map: ({ seen, index }) => {
    const weights = classWeightsFor(seen.network.head, index, seen.features);
    return {
      ...weightedMap(
        seen.featureMaps,
        weights.map((w) => Math.max(w, 0)),
      ),
      placement: seen.placement,
    };
  },
};
