import type { FeatureMaps } from "../../../networks/seen.js";
import type { HeatMap } from "../../heat-map.js";
import { positive, sumsOf, withGradients } from "../map-sums.js";
import type { Way } from "../way.js";

/** As Grad-CAM, but places whose gradient is positive count, weighed so that several things of a class share the map. */
export const gradCamPlusPlus: Way = {
  name: "grad-cam++",
  title: "Grad-CAM++",
  equation: "max(0, Σ_k (Σ a · max(0, g)) f_k(x, y)), with g = ∂S_c/∂f_k and a = g² / (2 g² + g³ Σ f_k)",
  citation: "Chattopadhyay, Sarkar, Howlader, Balasubramanian, Grad-CAM++, 2018",
  grain: "regions",
  ofLastMaps: true,
  map: (looking) => withGradients(looking, plusPlusMap),
};

/** Grad-CAM++ of any maps. */
export function plusPlusMap(maps: FeatureMaps, gradients: FeatureMaps): HeatMap {
  const sums = sumsOf(maps);
  // a · g, shortened by g².
  const weights = sumsOf(gradients, (g, _, k) => (g <= 0 ? 0 : g / (2 + g * sums[k])));
  return positive(maps, weights);
}
