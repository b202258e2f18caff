import { normalise } from "../../normalise.js";
import { upsample } from "../../upsample.js";
import { positive } from "../map-sums.js";
import type { Way } from "../way.js";

/** Maps weighed by the score of the photo seen through each of them. One run of the network a map. */
export const scoreCam: Way = {
  name: "score-cam",
  title: "Score-CAM",
  equation: "max(0, Σ_k softmax_k(S_c(x · stretched and normalised f_k)) f_k(x, y))",
  citation: "Wang, Wang, Du, Yang, Zhang, Ding, Mardziel, Hu, Score-CAM, 2020",
  grain: "regions",
  map: async ({ seen, input, size, network }) => {
    const { channels, width, height, data } = seen.featureMaps;
    const [area, pixels] = [width * height, size.width * size.height];
    const scores = new Float64Array(channels);
    const batch = 8;
    for (let start = 0; start < channels; start += batch) {
      const count = Math.min(batch, channels - start);
      const masked = new Float32Array(count * input.length);
      for (let s = 0; s < count; s++) {
        const own = data.slice((start + s) * area, (start + s + 1) * area);
        // A map that is the same everywhere lets nothing through.
        const mask = normalise(upsample({ width, height, data: own }, size), "minmax").data;
        for (let i = 0; i < input.length; i++) masked[s * input.length + i] = input[i] * mask[i % pixels];
      }
      scores.set(await network.scores(masked, count), start);
    }
    return { ...positive(seen.featureMaps, softmax(scores)), placement: seen.placement };
  },
};

function softmax(scores: Float64Array): Float64Array {
  const most = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
