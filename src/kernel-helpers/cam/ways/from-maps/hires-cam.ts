import { placesOf, withGradients } from "../map-sums.js";
import type { Way } from "../way.js";

/** Each place weighed by its own gradient. Behind a GAP head it is Grad-CAM, for there all places of a map share one. */
export const hiresCam: Way = {
  name: "hires-cam",
  title: "HiResCAM",
  equation: "max(0, Σ_k ∂S_c/∂f_k(x, y) f_k(x, y))",
  citation: "Draelos, Carin, HiResCAM, 2020",
  grain: "regions",
  ofLastMaps: true,
  total: { as: "sum", without: "the maps" },
  map: (looking) => withGradients(looking, (maps, gradients) => placesOf(maps, (f, i) => gradients.data[i] * f)),
};
