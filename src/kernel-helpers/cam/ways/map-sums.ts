// Sums over feature maps and their gradients that the ways of Grad-CAM's family share.
import type { FeatureMaps } from "../../networks/seen.js";
import type { HeatMap } from "../heat-map.js";
import { weightedSum } from "../weighted-map.js";
import type { Looking } from "./way.js";

/** A map made of the feature maps and their gradients. */
export async function withGradients(
  { seen, network }: Looking,
  make: (maps: FeatureMaps, gradients: FeatureMaps) => HeatMap,
): Promise<HeatMap> {
  return { ...make(seen.featureMaps, await network.mapGradients(seen.featureMaps)), placement: seen.placement };
}

/** Places of a map. */
export function areaOf({ width, height }: FeatureMaps): number {
  return width * height;
}

/** Σ f_k over the places, a channel each; or the sum of what is made of each value, by where it lies and its channel. */
export function sumsOf(
  maps: FeatureMaps,
  part?: (value: number, index: number, channel: number) => number,
): Float64Array {
  const { channels, data } = maps;
  const area = areaOf(maps);
  const sums = new Float64Array(channels);
  for (let k = 0; k < channels; k++) {
    let sum = 0;
    for (let i = k * area; i < (k + 1) * area; i++) sum += part ? part(data[i], i, k) : data[i];
    sums[k] = sum;
  }
  return sums;
}

/** mean f_k over the places, a channel each. */
export function meansOf(maps: FeatureMaps): Float64Array {
  const area = areaOf(maps);
  return sumsOf(maps).map((sum) => sum / area);
}

/** max(0, Σ_k w_k f_k(x, y)) */
export function positive(maps: FeatureMaps, weights: Float64Array): HeatMap {
  const { width, height } = maps;
  return { width, height, data: Float32Array.from(weightedSum(maps, weights), (value) => Math.max(0, value)) };
}

/** max(0, Σ_k of a product at each place), which is given the map's value and where it lies. */
export function placesOf(maps: FeatureMaps, product: (value: number, index: number) => number): HeatMap {
  const { width, height } = maps;
  const area = areaOf(maps);
  const sums = new Float64Array(area);
  maps.data.forEach((value, i) => (sums[i % area] += product(value, i)));
  return { width, height, data: Float32Array.from(sums, (value) => Math.max(0, value)) };
}
