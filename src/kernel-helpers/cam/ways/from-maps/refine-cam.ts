import { normalise } from "../../normalise.js";
import { upsample } from "../../upsample.js";
import { areaOf } from "../map-sums.js";
import { pixelMap } from "../pixels.js";
import type { Way } from "../way.js";
import { plusPlusMap } from "./grad-cam-plus-plus.js";

/**
 * Grad-CAM++ of the last maps of each size, multiplied: fine layers say where the edges are, the last one what is meant. Of
 * tokens, which keep their number, there is one layer only.
 */
export const refineCam: Way = {
  name: "refine-cam",
  title: "RefineCAM",
  equation: "Π_l n(stretched n(Grad-CAM++ of layer l)), n(v) = (v − min) / (max − min), l the last of each size",
  citation: "Domeniconi, Stramiglio, Lombardi, Salti, How to Evaluate and Refine your CAM, 2026",
  grain: "regions",
  map: async (looking) => {
    const { size } = looking;
    const product = new Float32Array(size.width * size.height).fill(1);
    const layers = (await looking.network.layers()).filter(({ maps }) => areaOf(maps) > 1);
    for (const { maps, gradients } of layers) {
      const small = normalise(plusPlusMap(maps, gradients), "minmax");
      const { data } = normalise(upsample(small, size), "minmax");
      data.forEach((value, p) => (product[p] *= value));
    }
    return pixelMap(looking, product);
  },
};
