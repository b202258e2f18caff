import { normalise } from "../../normalise.js";
import { upsample } from "../../upsample.js";
import { positive } from "../map-sums.js";
import type { Way } from "../way.js";

/**
 * Maps weighed by the score of the photo seen through each of them. One run of the network a map; maps that are the same
 * everywhere let nothing through, and share one.
 */
export const scoreCam: Way = {
  name: "score-cam",
  title: "Score-CAM",
  equation: "max(0, Σ_k softmax_k(S_c(x · stretched and normalised f_k)) f_k(x, y))",
  citation: "Wang, Wang, Du, Yang, Zhang, Ding, Mardziel, Hu, Score-CAM, 2020",
  grain: "regions",
  ofLastMaps: true,
  map: async ({ seen, input, size, network }) => {
    const { channels, width, height, data } = seen.featureMaps;
    const area = width * height;
    const mapOf = (k: number) => data.subarray(k * area, (k + 1) * area);
    const all = Array.from({ length: channels }, (_, k) => k);
    const telling = all.filter((k) => mapOf(k).some((value) => value !== data[k * area]));
    const scores = new Float64Array(channels);
    const batch = 8;
    if (telling.length < channels) scores.fill((await network.scores(new Float32Array(input.length), 1))[0]);
    for (let start = 0; start < telling.length; start += batch) {
      const part = telling.slice(start, start + batch);
      const masked = new Float32Array(part.length * input.length);
      part.forEach((k, s) => {
        const mask = normalise(upsample({ width, height, data: mapOf(k) }, size), "minmax").data;
        seeThrough(input, mask, masked.subarray(s * input.length, (s + 1) * input.length));
      });
      const found = await network.scores(masked, part.length);
      part.forEach((k, s) => (scores[k] = found[s]));
    }
    return { ...positive(seen.featureMaps, softmax(scores)), placement: seen.placement };
  },
};

/** Writes each colour of a photo times a mask. */
function seeThrough(input: Float32Array, mask: Float32Array, to: Float32Array): void {
  for (let from = 0; from < input.length; from += mask.length) {
    for (let p = 0; p < mask.length; p++) to[from + p] = input[from + p] * mask[p];
  }
}

function softmax(scores: Float64Array): Float64Array {
  const most = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
