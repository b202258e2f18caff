// M_c(x, y) of every form of head, as operators behind its maps and pooled features: what `cam` computes, for many
// classes and photos at once.
import { CamlabError } from "../../support/errors.js";
import type { Emitter } from "../gradient/emitter.js";
import type { GapHead } from "../head/gap-head.js";
import type { MapSources } from "./map-sources.js";
import { pathMaps } from "./path-maps.js";

/**
 * Writes the class activation maps of some classes.
 *
 * - maps → pooling → classifier: a 1×1 convolution by the class weights.
 * - with a normalisation between: by (w_k − w̄), or w_k, and over the photo's own deviation.
 * - classifier → pooling: w·f + b at each place, before the activation.
 * - maps → pooling → small network: see `path-maps.ts`.
 *
 * @param rows the classes, by their index
 * @returns the name of a value of `N × rows × height × width`
 */
export function classMaps(emit: Emitter, head: GapHead, sources: MapSources, rows: readonly number[]): string {
  const { network } = head;
  if (network) return pathMaps(emit, network, sources, rows);
  if (head.weights.length === 0) throw new CamlabError(`this head has no class weights (${head.summary})`);
  const { kind, epsilon } = head.normalisation ?? {};
  const { channels } = sources;
  const weights = new Float32Array(rows.length * channels);
  rows.forEach((row, i) => {
    const own = head.weights.subarray(row * channels, (row + 1) * channels);
    const mean = kind === "layer" ? own.reduce((sum, w) => sum + w, 0) / channels : 0;
    for (let k = 0; k < channels; k++) weights[i * channels + k] = own[k] - mean;
  });
  const bias = head.form === "classify-then-pool" ? rows.map((row) => head.bias?.[row] ?? 0) : undefined;
  const sums = weightedMaps(emit, sources, weights, bias);
  if (kind === undefined || epsilon === undefined) return sums;
  return emit.div(sums, deviation(emit, sources.features, kind, epsilon));
}

/**
 * Writes Σ_k w_k f_k(x, y) for rows of weights.
 *
 * @param weights `rows × channels`
 * @param bias one number a row, added at every place
 */
export function weightedMaps(
  emit: Emitter,
  { maps, channels }: Pick<MapSources, "maps" | "channels">,
  weights: Float32Array,
  bias?: readonly number[],
): string {
  const kernel = emit.tensor([weights.length / channels, channels, 1, 1], weights);
  return emit.node("Conv", [maps, kernel, ...(bias ? [emit.floats([bias.length], bias)] : [])], {
    kernel_shape: [1, 1],
  });
}

/** √(mean (x − m)² + ε) of each photo, `N × 1 × 1 × 1`; m is 0 for RMS normalisation. */
function deviation(emit: Emitter, features: string, kind: string, epsilon: number): string {
  const spread = kind === "rms" ? features : emit.sub(features, emit.mean(features, [1]));
  return emit.node("Sqrt", [emit.add(emit.mean(emit.mul(spread, spread), [1]), epsilon)]);
}
