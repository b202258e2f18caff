import type { FeatureMaps } from "../networks/seen.js";
import { CamlabError, invalid } from "../support/errors.js";
import type { HeatMap } from "./heat-map.js";

/**
 * The weighted sum of feature maps, M(x, y) = Σ_k w_k f_k(x, y): the paper's equation 2, raw and signed.
 *
 * Averaged over its places it is Σ_k w_k F_k with F_k the mean of f_k, so for the weights of class c
 * mean(M_c) + b_c = S_c: map and class score are one sum in two orders. Sums run in double precision and are rounded
 * once, to 32 bits.
 *
 * @param featureMaps `channels × height × width`, channel-major
 * @param weights one number a channel
 * @returns a map of `width × height`
 * @throws CamlabError when there is not one weight a channel, or a weight is NaN or infinite (its channel is named)
 * @example
 * const map = boxes.weightedMap(seen.featureMaps, detectorWeights);
 */
export function weightedMap(featureMaps: FeatureMaps, weights: ArrayLike<number>): HeatMap {
  checkFeatureMaps(featureMaps);
  checkWeights(weights, featureMaps.channels);
  const { width, height } = featureMaps;
  return { width, height, data: new Float32Array(weightedSum(featureMaps, weights)) };
}

/** Σ_k w_k f_k(x, y) in double precision, its arguments already checked. Four channels a turn keep the sums warm. */
export function weightedSum(featureMaps: FeatureMaps, weights: ArrayLike<number>): Float64Array {
  const { channels, data } = featureMaps;
  const area = featureMaps.width * featureMaps.height;
  const sum = new Float64Array(area);
  let k = 0;
  for (; k + 4 <= channels; k += 4) {
    const [w0, w1, w2, w3] = [weights[k], weights[k + 1], weights[k + 2], weights[k + 3]];
    const [f0, f1, f2, f3] = [k * area, (k + 1) * area, (k + 2) * area, (k + 3) * area];
    for (let p = 0; p < area; p++) {
      sum[p] += w0 * data[f0 + p] + w1 * data[f1 + p] + w2 * data[f2 + p] + w3 * data[f3 + p];
    }
  }
  for (; k < channels; k++) {
    const w = weights[k];
    for (let p = 0; p < area; p++) sum[p] += w * data[k * area + p];
  }
  return sum;
}

/** Refuses feature maps whose data is not as long as their shape says. */
export function checkFeatureMaps({ channels, height, width, data }: FeatureMaps): void {
  if (data.length === channels * height * width && data.length > 0) return;
  throw new CamlabError(
    `feature maps of ${channels}×${height}×${width} should hold ${channels * height * width} numbers, not ${data.length}`,
  );
}

/** Refuses weights that are not one finite number a channel. */
export function checkWeights(weights: ArrayLike<number>, channels: number): void {
  if (weights.length !== channels) {
    throw invalid("weights", `${weights.length} numbers`, `${channels}, one for each channel of the feature maps`);
  }
  for (let k = 0; k < channels; k++) {
    if (!Number.isFinite(weights[k])) throw invalid(`weight of channel ${k}`, weights[k], "a finite number");
  }
}
