import type { Judged } from "../judged.js";
import type { Measure } from "../measure.js";
import { imputed } from "./noisy-imputation.js";

/** Shares of the pixels that are taken away. */
const SHARES = [0.2, 0.5, 0.8];

/** What is lost with the coldest pixels against what is lost with the hottest, without leaving holes to be seen. */
export const road: Measure = {
  name: "road",
  title: "ROAD",
  definition:
    "half of how much more probable the class is without the coldest pixels than without the hottest, pixels filled in " +
    "from their neighbours with noise; mean over 20, 50 and 80 % of them",
  better: "higher",
  range: "−0.5 to 0.5",
  random: "about 0",
  citation: "Rong, Leemann, Borisov, Kasneci, Kasneci, A Consistent and Efficient Evaluation Strategy (ROAD), 2022",
  value: async (judged) => {
    const { order, network, input } = judged;
    const reversed = order.slice().reverse();
    const inputs = new Float32Array(2 * SHARES.length * input.length);
    SHARES.forEach((share, i) => {
      [order, reversed].forEach((pixels, which) => {
        inputs.set(without(judged, pixels, share), (2 * i + which) * input.length);
      });
    });
    const { probabilities } = await network.answers(inputs, 2 * SHARES.length);
    let sum = 0;
    SHARES.forEach((_, i) => (sum += (probabilities[2 * i + 1] - probabilities[2 * i]) / 2));
    return sum / SHARES.length;
  },
};

function without(judged: Judged, pixels: Uint32Array, share: number): Float32Array {
  const missing = new Uint8Array(pixels.length);
  const count = Math.round(share * pixels.length);
  for (let i = 0; i < count; i++) missing[pixels[i]] = 1;
  return imputed(judged.input, judged.size, missing, judged.random("road"));
}
