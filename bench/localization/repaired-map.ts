import type { HeatMap, Seen } from "../../src/index.js";

/** Which of the known repairs of CAM (Bae et al. 2020) a map has. */
export interface MapRepair {
  /** Negative weights count as 0. */
  readonly clamped: boolean;
  /** The share of a channel's maximum above which its places are pooled; undefined for all of them. */
  readonly pooled: number | undefined;
}

/** Σ_k w_k n / n_k · f_k where f_k > pooled · max f_k: the map of the class scores that thresholded pooling would give. */
export function repairedMap(
  { featureMaps, placement }: Pick<Seen, "featureMaps" | "placement">,
  weights: ArrayLike<number>,
  { clamped, pooled }: MapRepair,
): HeatMap {
  const { channels, width, height, data } = featureMaps;
  const area = width * height;
  const sums = new Float32Array(area);
  for (let k = 0; k < channels; k++) {
    const weight = clamped ? Math.max(0, weights[k]) : weights[k];
    if (weight === 0) continue;
    const own = data.subarray(k * area, (k + 1) * area);
    const most = own.reduce((a, b) => Math.max(a, b), -Infinity);
    const level = pooled === undefined ? -Infinity : pooled * most;
    const count = own.reduce((sum, value) => sum + Number(value > level), 0);
    if (count > 0) own.forEach((value, p) => (sums[p] += value > level ? (weight * value * area) / count : 0));
  }
  return { width, height, data: sums, placement };
}
