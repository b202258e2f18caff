import { classWeightsFor } from "../../../graph/head/class-weights.js";
import { weightedMap } from "../../weighted-map.js";
import type { Looking, Way } from "../way.js";

/** γ: how much of the other class is taken away. */
const GAMMA = 0.6;

/**
 * Why this class and not another: the one that is given, or the one that is nearest to it, of the other classes that of the
 * highest score.
 */
export const contrast: Way = {
  name: "contrast",
  title: "Contrast",
  equation: `Σ_k (w_k^c − ${GAMMA} · w_k^d) f_k(x, y), with d the class given, or the strongest other one`,
  citation: "Zhang, Gao, Hong, Chen, Zhang, Finer-CAM, 2025",
  grain: "regions",
  ofLastMaps: true,
  needsClass: "it holds a class of the network against another: of weights, subtract the other's share yourself",
  map: ({ seen, index, against }) => {
    const { head } = seen.network;
    const other = against ?? strongestOther({ seen, index });
    const own = classWeightsFor(head, index, seen.features);
    if (other === undefined) return { ...weightedMap(seen.featureMaps, own), placement: seen.placement };
    const theirs = classWeightsFor(head, other, seen.features);
    return {
      ...weightedMap(
        seen.featureMaps,
        own.map((w, k) => w - GAMMA * theirs[k]),
      ),
      placement: seen.placement,
    };
  },
};

/** The class that a class is told apart from; undefined where there is only one. */
export function strongestOther({ seen: { logits }, index }: Pick<Looking, "seen" | "index">): number | undefined {
  let best: number | undefined;
  logits.forEach((score, i) => {
    if (i !== index && (best === undefined || score > logits[best])) best = i;
  });
  return best;
}
