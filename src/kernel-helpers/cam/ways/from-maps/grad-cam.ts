import { meansOf, positive, withGradients } from "../map-sums.js";
import type { Way } from "../way.js";

/** Maps weighed by the mean of their gradients. Behind a GAP head it is the positive part of CAM, over the number of places. */
export const gradCam: Way = {
  name: "grad-cam",
  title: "Grad-CAM",
  equation: "max(0, Σ_k mean(∂S_c/∂f_k) f_k(x, y))",
  citation: "Selvaraju, Cogswell, Das, Vedantam, Parikh, Batra, Grad-CAM, 2017",
  grain: "regions",
  ofLastMaps: true,
  total: { as: "sum", without: "the maps" },
  map: (looking) => withGradients(looking, (maps, gradients) => positive(maps, meansOf(gradients))),
};
