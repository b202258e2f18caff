import { ascending } from "../../support/statistics.js";
import type { Measure } from "./measure.js";

/** How much of the map's weight a few places hold. */
export const sparseness: Measure = {
  name: "sparseness",
  title: "Sparseness",
  definition: "Gini index of the absolute values of the stretched map",
  better: "higher",
  range: "0 (all places alike) to 1 (a single place)",
  random: "0.33 as it is, about 0.2 when stretched from 7 × 7",
  citation: "Chalasani, Chen, Chowdhury, Jha, Wu, Concise Explanations, 2020",
  value: ({ heat }) => giniIndex(heat),
};

/**
 * The Gini index of absolute values: Σ_i (2i − n − 1)|a|_(i) / (n Σ|a|), with |a|_(i) in ascending order; NaN of nothing but
 * zeros.
 *
 * @example
 * giniIndex(Float32Array.of(0, 0, 0, 1)); // 0.75
 */
export function giniIndex(values: Float32Array): number {
  const sorted = Float64Array.from(values, Math.abs).sort(ascending);
  const count = sorted.length;
  let [sum, weighed] = [0, 0];
  sorted.forEach((value, i) => {
    sum += value;
    weighed += (2 * (i + 1) - count - 1) * value;
  });
  return weighed / (count * sum);
}
