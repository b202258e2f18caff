import { overColours, pixelMap, sumOf } from "../pixels.js";
import type { Way } from "../way.js";

const STEPS = 32;

/**
 * What each pixel adds on the way from an empty picture (the mean colour, 0 after normalisation) to the photo. The map's
 * sum is S_c(x) − S_c(0), but for the error of the steps.
 */
export const integratedGradients: Way = {
  name: "integrated-gradients",
  title: "Integrated gradients",
  equation: `Σ over colours of x · ∫₀¹ ∂S_c/∂x (t·x) dt, ${STEPS} steps at their midpoints`,
  citation: "Sundararajan, Taly, Yan, Axiomatic Attribution for Deep Networks, 2017",
  grain: "pixels",
  total: { as: "sum", without: "the photo" },
  map: async (looking) => {
    const { input, network } = looking;
    const sum = new Float32Array(input.length);
    const batch = 8;
    for (let start = 0; start < STEPS; start += batch) {
      const scaled = new Float32Array(batch * input.length);
      for (let s = 0; s < batch; s++) {
        const t = (start + s + 0.5) / STEPS;
        for (let i = 0; i < input.length; i++) scaled[s * input.length + i] = t * input[i];
      }
      const gradients = await network.inputGradients(scaled, batch);
      for (let i = 0; i < gradients.length; i++) sum[i % input.length] += gradients[i] / STEPS;
    }
    return pixelMap(
      looking,
      overColours(
        sum.map((value, i) => value * input[i]),
        sumOf,
      ),
    );
  },
};
