import { classWeightsFor } from "../../../graph/head/class-weights.js";
import { addScaled, dot } from "../../../support/vectors.js";
import { probabilitiesOf } from "../../../networks/probabilities-of.js";
import { areaOf, meansOf, positive } from "../map-sums.js";
import type { Looking, Way } from "../way.js";
import { isLinearHead } from "./is-linear-head.js";

/**
 * Maps weighed by the Shapley values of a game in which feature maps are players and the score with its log probability is
 * the gain, to the second order. Behind a linear head gradient and Hessian are known: with z the scores, p the
 * probabilities, U = z_c + log p_c and w̄ = Σ_j p_j w^j,
 *
 *   ∂U/∂F = 2 w^c − w̄,   (H F)_k = w̄_k Σ_j p_j (w^j · F) − Σ_j p_j (w^j · F) w_k^j,
 *
 * and where each class has a probability of its own ∂U/∂F = (2 − p_c) w^c, H F = −p_c (1 − p_c) (w^c · F) w^c. Of another head
 * the gradient is run through what follows the maps, and H f is how it changes from (1 − ε) f to (1 + ε) f, over 2 ε.
 */
export const shapleyCam: Way = {
  name: "shapley-cam",
  title: "Shapley-CAM",
  equation: "max(0, Σ_k mean(∂U/∂f_k − ½ (H f)_k) f_k(x, y)), U = S_c + log p_c, H its Hessian",
  citation: "Cai, CAMs as Shapley Value-based Explainers, 2025",
  grain: "regions",
  ofLastMaps: true,
  needsClass: "it is made of the class's probability, and a weight vector has none",
  map: async (looking) => {
    const { seen } = looking;
    const area = areaOf(seen.featureMaps);
    const weights = isLinearHead(seen.network.head)
      ? utilityWeights(looking).map((weight) => weight / area)
      : await weightsByRuns(looking);
    return { ...positive(seen.featureMaps, weights), placement: seen.placement };
  },
};

const STEP = 0.01;

/** mean(∂U/∂f_k − ½ (H f)_k), a channel each. */
async function weightsByRuns({ seen, index, network }: Looking): Promise<Float64Array> {
  const { featureMaps } = seen;
  const behind = await network.behindMaps(featureMaps);
  const gainAt = async (scale: number): Promise<Float32Array> => {
    const maps = featureMaps.data.map((value) => scale * value);
    const p = probabilitiesOf(seen.network, await behind.scores(maps));
    const isOwn = seen.network.card.probabilities === "sigmoid";
    const by = p.map((each, j) => (j === index ? 2 - each : isOwn ? 0 : -each));
    return behind.gradient(maps, by);
  };
  const [gain, above, below] = [await gainAt(1), await gainAt(1 + STEP), await gainAt(1 - STEP)];
  const data = gain.map((value, i) => value - (above[i] - below[i]) / (4 * STEP));
  return meansOf({ ...featureMaps, data });
}

/** ∂U/∂F_k − ½ (H F)_k, a channel each. */
function utilityWeights({ seen, index }: Pick<Looking, "seen" | "index">): Float64Array {
  const { probabilities, network } = seen;
  const features = Float64Array.from(seen.features);
  const own = Float64Array.from(classWeightsFor(network.head, index, seen.features));
  if (network.card.probabilities === "sigmoid") {
    const p = probabilities[index];
    const score = dot(own, features);
    return own.map((w) => (2 - p) * w + 0.5 * p * (1 - p) * score * w);
  }
  const all = classWeightsFor(network.head, "all", seen.features);
  const mean = new Float64Array(features.length);
  const weighed = new Float64Array(features.length);
  let expected = 0;
  probabilities.forEach((p, j) => {
    const theirs = Float64Array.from(all.subarray(j * features.length, (j + 1) * features.length));
    const score = p * dot(theirs, features);
    expected += score;
    addScaled(mean, theirs, p);
    addScaled(weighed, theirs, score);
  });
  return own.map((w, k) => 2 * w - mean[k] - 0.5 * (mean[k] * expected - weighed[k]));
}
