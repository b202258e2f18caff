import { invalid } from "../../support/errors.js";
import type { GapHead } from "./gap-head.js";

/**
 * The class weights that multiply the feature maps of one photo: M_c(x, y) = Σ_k w_k^c f_k(x, y).
 *
 * Without a normalisation these are the head's own weights (§2 of Zhou et al. 2016), the same for every photo. With
 * layer normalisation between pooling and classifier (ConvNeXt), z_k = γ_k (F_k − m) / σ + β_k, where m = mean_k F_k and
 * σ = √(mean_k (F_k − m)² + ε). With a_k = w_k γ_k and ā = mean_k a_k,
 *
 *   S_c = Σ_k w_k z_k + b = Σ_k (a_k / σ) F_k − (m / σ) Σ_k a_k + Σ_k w_k β_k + b = Σ_k ((a_k − ā) / σ) F_k + Σ_k w_k β_k + b,
 *
 * because m Σ_k a_k = ā Σ_k F_k. So the weights of this photo are (a_k − ā) / σ: σ is taken as it is in the photo.
 *
 * For `classify-then-pool` they give the class maps before the activation, less the bias.
 *
 * @param classIndex which class, or `"all"` for one row a class
 * @param features the photo's pooled features F_k, one a channel
 * @returns `channels` weights, or `classes × channels`; the head's own memory where nothing had to be folded
 * @throws CamlabError for a class that the head does not have or features of another length
 * @example
 * const weights = classWeightsFor(head, 281, seen.features);
 */
export function classWeightsFor(head: GapHead, classIndex: number | "all", features: Float32Array): Float32Array {
  checkFeatures(head, features);
  const { channels } = head.featureMaps;
  const [from, to] = classIndex === "all" ? [0, head.logits.classes] : [checkedClass(head, classIndex), classIndex + 1];
  const raw = head.weights.subarray(from * channels, to * channels);
  if (!head.normalisation) return raw;
  const { scale } = head.normalisation;
  const { deviation } = momentsOf(head, features);
  const folded = new Float32Array(raw.length);
  for (let row = 0; row < raw.length; row += channels) {
    let sum = 0;
    for (let k = 0; k < channels; k++) sum += raw[row + k] * (scale?.[k] ?? 1);
    const mean = sum / channels;
    for (let k = 0; k < channels; k++) folded[row + k] = (raw[row + k] * (scale?.[k] ?? 1) - mean) / deviation;
  }
  return folded;
}

/**
 * What a class score holds beside the sum over the maps, so that Σ_k w_k F_k + offset = S_c with the weights of
 * `classWeightsFor`: the bias b_c, and Σ_k w_k β_k of a layer normalisation. It belongs to no place of the photo.
 *
 * For `classify-then-pool` it is b_c: what the class maps before the activation hold beside the sum, at every place.
 *
 * @throws CamlabError for a class that the head does not have or features of another length
 * @example
 * const score = dot(classWeightsFor(head, 281, features), features) + scoreOffsetFor(head, 281, features);
 */
export function scoreOffsetFor(head: GapHead, classIndex: number, features: Float32Array): number {
  checkFeatures(head, features);
  const { channels } = head.featureMaps;
  const row = checkedClass(head, classIndex) * channels;
  const shift = head.normalisation?.shift;
  let offset = head.bias?.[classIndex] ?? 0;
  if (shift) for (let k = 0; k < channels; k++) offset += head.weights[row + k] * shift[k];
  return offset;
}

function momentsOf({ normalisation }: GapHead, features: Float32Array): { mean: number; deviation: number } {
  let sum = 0;
  for (const value of features) sum += value;
  const mean = sum / features.length;
  let squares = 0;
  for (const value of features) squares += (value - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / features.length + (normalisation?.epsilon ?? 0)) };
}

function checkedClass({ logits }: GapHead, classIndex: number): number {
  if (Number.isInteger(classIndex) && classIndex >= 0 && classIndex < logits.classes) return classIndex;
  throw invalid("class index", classIndex, `a whole number from 0 to ${logits.classes - 1}`);
}

function checkFeatures({ featureMaps }: GapHead, features: Float32Array): void {
  if (features.length === featureMaps.channels) return;
  throw invalid("features", features, `${featureMaps.channels} numbers, one a channel`);
}
