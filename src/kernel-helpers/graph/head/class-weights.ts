import { CamlabError, invalid } from "../../support/errors.js";
import type { GapHead } from "./gap-head.js";
import type { NormKind } from "./vectors.js";
import { pathResidual, pathWeights, scoreAtZero } from "./path/path-weights.js";

/** How weights of a head that is not linear are taken. */
export interface ClassWeightsOptions {
  /**
   * `pool-then-network` only: `path` (unless given) for weights that are complete, Σ_k w̄_k F_k = S_c(F) − S_c(0), by the
   * integral of the gradient from 0 to the features; `gradient` for the plain gradient at the features.
   */
  readonly along?: "path" | "gradient";
}

/**
 * The class weights that multiply the feature maps of one photo: M_c(x, y) = Σ_k w_k^c f_k(x, y).
 *
 * Without a normalisation these are the head's own weights (§2 of Zhou et al. 2016), the same for every photo. With
 * layer normalisation between pooling and classifier (ConvNeXt), z_k = (F_k − m) / σ, where m = mean_k F_k and
 * σ = √(mean_k (F_k − m)² + ε). With w̄ = mean_k w_k,
 *
 *   S_c = Σ_k w_k z_k + b = Σ_k (w_k / σ) F_k − (m / σ) Σ_k w_k + b = Σ_k ((w_k − w̄) / σ) F_k + b,
 *
 * because m Σ_k w_k = w̄ Σ_k F_k. So the weights of this photo are (w_k − w̄) / σ: σ is taken as it is in the photo. RMS
 * normalisation has z_k = F_k / σ, σ = √(mean_k F_k² + ε), and weights w_k / σ. With a small network behind the pooling the
 * weights are those along the path from 0 (see `path-weights.ts`).
 *
 * For `classify-then-pool` they give the class maps before the activation, less the bias.
 *
 * @param classIndex which class, or `"all"` for one row a class
 * @param features the photo's pooled features F_k, one a channel
 * @returns `channels` weights, or `classes × channels`; the head's own memory where nothing had to be folded
 * @throws CamlabError for a class that the head does not have or features of another length
 * @example
 * const weights = graph.classWeightsFor(head, 281, seen.features);
 */
export function classWeightsFor(
  head: GapHead,
  classIndex: number | "all",
  features: Float32Array,
  { along = "path" }: ClassWeightsOptions = {},
): Float32Array {
  checkFeatures(head, features);
  if (along !== "path" && along !== "gradient") throw invalid("along", along, "path or gradient");
  const { channels } = head.featureMaps;
  const [from, to] = classIndex === "all" ? [0, head.logits.classes] : [checkedClass(head, classIndex), classIndex + 1];
  if (head.network) {
    const { network, featureMaps } = head;
    if (to - from === 1) return pathWeights({ network, featureMaps }, from, features, along);
    const rows = new Float32Array((to - from) * channels);
    for (let c = from; c < to; c++) {
      rows.set(pathWeights({ network, featureMaps }, c, features, along), (c - from) * channels);
    }
    return rows;
  }
  const raw = head.weights.subarray(from * channels, to * channels);
  if (!head.normalisation) return raw;
  const { kind, epsilon } = head.normalisation;
  const deviation = deviationOf(features, kind, epsilon);
  const folded = new Float32Array(raw.length);
  for (let row = 0; row < raw.length; row += channels) {
    let mean = 0;
    if (kind === "layer") {
      for (let k = 0; k < channels; k++) mean += raw[row + k];
      mean /= channels;
    }
    for (let k = 0; k < channels; k++) folded[row + k] = (raw[row + k] - mean) / deviation;
  }
  return folded;
}

/**
 * What a class score holds beside the sum over the maps, so that Σ_k w_k F_k + offset = S_c with the weights of
 * `classWeightsFor`: the bias b_c, into which the shift of a normalisation is folded; for a small network behind the
 * pooling its score of features that are all 0. It belongs to no place of the photo.
 *
 * For `classify-then-pool` it is b_c: what the class maps before the activation hold beside the sum, at every place.
 *
 * @throws CamlabError for a class that the head does not have or features of another length
 * @example
 * const weights = graph.classWeightsFor(head, 281, seen.features);
 * const sum = weights.reduce((total, w, k) => total + w * seen.features[k], 0);
 * const score = sum + graph.scoreOffsetFor(head, 281, seen.features);
 */
export function scoreOffsetFor(head: GapHead, classIndex: number, features: Float32Array): number {
  checkFeatures(head, features);
  const index = checkedClass(head, classIndex);
  return head.network ? scoreAtZero(head.network, index) : (head.bias?.[index] ?? 0);
}

/**
 * How far the sum over the maps and the offset of a class are from its score, where weights are integrated along a path:
 * 0 for every other form of head.
 *
 * @throws CamlabError for a class that the head does not have or features of another length
 * @example
 * pathResidualFor(head, 281, seen.features); // 2e-7
 */
export function pathResidualFor(head: GapHead, classIndex: number, features: Float32Array): number {
  checkFeatures(head, features);
  const index = checkedClass(head, classIndex);
  const { network, featureMaps } = head;
  return network ? pathResidual({ network, featureMaps }, index, features) : 0;
}

function deviationOf(features: Float32Array, kind: NormKind, epsilon: number): number {
  let mean = 0;
  if (kind !== "rms") {
    for (const value of features) mean += value;
    mean /= features.length;
  }
  let squares = 0;
  for (const value of features) squares += (value - mean) ** 2;
  return Math.sqrt(squares / features.length + epsilon);
}

function checkedClass({ logits, summary }: GapHead, classIndex: number): number {
  if (Number.isInteger(classIndex) && classIndex >= 0 && classIndex < logits.classes) return classIndex;
  if (logits.classes === 0)
    throw new CamlabError(`this network has no classes, it is an embedding (${summary}): give weights of your own`);
  throw invalid("class index", classIndex, `a whole number from 0 to ${logits.classes - 1}`);
}

function checkFeatures({ featureMaps }: GapHead, features: Float32Array): void {
  if (features.length === featureMaps.channels) return;
  throw invalid("features", features, `${featureMaps.channels} numbers, one a channel`);
}
