import { largestOf, overColours, pixelMap } from "../pixels.js";
import type { Way } from "../way.js";

const SAMPLES = 24;
/** Of the range of the input's values. */
const NOISE = 0.15;

/** The gradient, averaged over copies of the photo with noise, so that what is there by chance goes away. */
export const smoothGrad: Way = {
  name: "smooth-grad",
  title: "SmoothGrad",
  equation: `max over colours of |mean of ∂S_c/∂x at x + noise|, ${SAMPLES} copies, σ = ${NOISE} of the input's range`,
  citation: "Smilkov, Thorat, Kim, Viégas, Wattenberg, SmoothGrad, 2017",
  grain: "pixels",
  map: async (looking) => {
    const { input, network, random } = looking;
    const sigma = NOISE * rangeOf(input);
    const mean = new Float32Array(input.length);
    const batch = 8;
    for (let start = 0; start < SAMPLES; start += batch) {
      const noisy = Float32Array.from(
        { length: batch * input.length },
        (_, i) => input[i % input.length] + sigma * normal(random),
      );
      const gradients = await network.inputGradients(noisy, batch);
      for (let i = 0; i < gradients.length; i++) mean[i % input.length] += gradients[i] / SAMPLES;
    }
    return pixelMap(looking, overColours(mean, largestOf));
  },
};

function rangeOf(values: Float32Array): number {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high - low;
}

/** A number of the normal distribution (Box and Muller). */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
