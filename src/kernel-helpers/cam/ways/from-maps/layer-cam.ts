import { placesOf, withGradients } from "../map-sums.js";
import type { Way } from "../way.js";

/** Each place weighed by its own gradient, where that is positive. */
export const layerCam: Way = {
  name: "layer-cam",
  title: "LayerCAM",
  equation: "max(0, Σ_k max(0, ∂S_c/∂f_k(x, y)) f_k(x, y))",
  citation: "Jiang, Zhang, Hou, Cheng, Wei, LayerCAM, 2021",
  grain: "regions",
  ofLastMaps: true,
  total: { as: "sum", without: "the maps" },
  map: (looking) =>
    withGradients(looking, (maps, gradients) => placesOf(maps, (f, i) => Math.max(0, gradients.data[i]) * f)),
};
