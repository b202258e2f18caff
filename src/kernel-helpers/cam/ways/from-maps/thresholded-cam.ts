import { classWeightsFor } from "../../../graph/head/class-weights.js";
import { weightedSum } from "../../weighted-map.js";
import type { Way } from "../way.js";

/** Share of a map's maximum above which its places are pooled. */
const ABOVE = 0.1;

/**
 * CAM of a network that pools each feature map over its hot places only: units that are hot in few places count for more, and
 * large flat parts no longer win by their size. Its mean is the score that such pooling would give, but for its constant.
 */
export const thresholdedCam: Way = {
  name: "thresholded-cam",
  title: "CAM, thresholded pooling",
  equation: `Σ_k w_k^c n / n_k · f_k(x, y) where f_k(x, y) > ${ABOVE} max f_k, n places, n_k of them so hot`,
  citation: "Bae, Noh, Kim, Rethinking Class Activation Mapping for Weakly Supervised Object Localization, 2020",
  grain: "regions",
  ofLastMaps: true,
  map: ({ seen, index }) => {
    const { channels, width, height, data } = seen.featureMaps;
    const area = width * height;
    const pooled = new Float32Array(data.length);
    const weights = Float64Array.from(classWeightsFor(seen.network.head, index, seen.features));
    for (let k = 0; k < channels; k++) {
      const own = data.subarray(k * area, (k + 1) * area);
      const level = ABOVE * own.reduce((most, value) => Math.max(most, value), -Infinity);
      let count = 0;
      own.forEach((value, p) => {
        if (!(value > level)) return;
        pooled[k * area + p] = value;
        count++;
      });
      weights[k] *= count > 0 ? area / count : 0;
    }
    const sums = weightedSum({ channels, width, height, data: pooled }, weights);
    return { width, height, data: Float32Array.from(sums), placement: seen.placement };
  },
};
