import { resampleSeen } from "../../resample.js";
import { positive } from "../map-sums.js";
import { seeThrough } from "../pixels.js";
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
    const columns = { size: size.width, step: width / size.width, start: 0 };
    const rows = { size: size.height, step: height / size.height, start: 0 };
    const write = (copy: number, masked: Float32Array) => {
      if (copy === telling.length) return masked.fill(0);
      const { data: mask, ...range } = resampleSeen(mapOf(telling[copy]), width, height, columns, rows, "bilinear");
      return seeThrough(input, mask, masked, range);
    };
    const count = telling.length + Number(telling.length < channels);
    const found = await network.scoresOfCopies("score-cam", { count, write });
    const scores = new Float64Array(channels).fill(found[telling.length]);
    telling.forEach((k, copy) => (scores[k] = found[copy]));
    return { ...positive(seen.featureMaps, softmax(scores)), placement: seen.placement };
  },
};

function softmax(scores: Float64Array): Float64Array {
  const most = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
