import type { Network } from "../networks/network.js";
import type { FeatureOrigin } from "./feature-table.js";

/** Whether features are of a network's own weights: opened with another size or other maps, if anything is different. */
export function hasWeightsOf(origin: FeatureOrigin, network: Pick<Network, "fingerprint" | "weights">): boolean {
  const theirs = origin.weights ?? origin.fingerprint;
  return theirs !== undefined && theirs === (network.weights ?? network.fingerprint);
}

/**
 * How the features that something was trained on are not those of a network, for people; undefined where they are.
 *
 * @param channels so many were trained on
 * @param options `anySize`: whether pictures and maps of another size will do
 */
export function otherFeatures(
  origin: FeatureOrigin | undefined,
  channels: number,
  network: Network,
  { anySize = false }: { readonly anySize?: boolean } = {},
): string | undefined {
  const { name, channels: own } = network.head.featureMaps;
  if (channels !== own) return `${channels} channels, ${network.name} has ${own}`;
  if (origin === undefined) return undefined;
  if (origin.layer !== name) return `the layer ${origin.layer}, maps are drawn of ${name} only`;
  if (origin.fingerprint === undefined || origin.fingerprint === network.fingerprint) return undefined;
  if (!hasWeightsOf(origin, network)) return `another network or other weights (${origin.network})`;
  return anySize ? undefined : `${origin.network} opened with another size or other maps${sizeText(origin, network)}`;
}

/** The two sizes, where they are known and differ. */
export function sizeText({ size }: FeatureOrigin, { preprocessing }: Pick<Network, "preprocessing">): string {
  const { width, height } = preprocessing;
  if (size === undefined || (size.width === width && size.height === height)) return "";
  return ` (${size.width} × ${size.height} pixels, these are ${width} × ${height})`;
}
