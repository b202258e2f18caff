import type { Way } from "../way.js";
import { patchMap } from "./patch-map.js";

/**
 * Which tokens the class's score would have attention go to: in each block, of the score that the class would have if the
 * network ended there. The mean over the layers is left as it is, where the authors stretch it from 0 to 1.
 */
export const leGrad: Way = {
  name: "legrad",
  title: "LeGrad",
  equation: "mean over layers l, heads and rows of max(0, ∂s_c^l/∂A^l), s_c^l the score made of what block l hands on",
  citation: "Bousselham, Boggust, Chaybouti, Strobelt, Kuehne, LeGrad, 2025",
  grain: "regions",
  ofTokens: true,
  map: async ({ seen, network }) => {
    const gradients = await network.attentionGradients();
    const { layers, tokens } = gradients;
    const columns = new Float64Array(tokens);
    for (const values of layers) {
      const rows = (layers.length * values.length) / tokens;
      values.forEach((value, i) => (columns[i % tokens] += Math.max(0, value) / rows));
    }
    return patchMap(seen, gradients, columns);
  },
};
