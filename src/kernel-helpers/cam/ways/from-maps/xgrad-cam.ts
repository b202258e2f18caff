import { positive, sumsOf, withGradients } from "../map-sums.js";
import type { Way } from "../way.js";

/** Maps weighed by their gradient where they are active. */
export const xgradCam: Way = {
  name: "xgrad-cam",
  title: "XGrad-CAM",
  equation: "max(0, Σ_k (Σ g f_k / Σ f_k) f_k(x, y)), with g = ∂S_c/∂f_k",
  citation: "Fu, Hu, Dong, Guo, Gao, Li, Axiom-based Grad-CAM, 2020",
  grain: "regions",
  ofLastMaps: true,
  total: { as: "sum", without: "the maps" },
  map: (looking) =>
    withGradients(looking, (maps, gradients) => {
      const sums = sumsOf(maps);
      const weights = sumsOf(maps, (f, i) => f * gradients.data[i]);
      return positive(
        maps,
        weights.map((sum, k) => sum / (sums[k] + 1e-7)),
      );
    }),
};
