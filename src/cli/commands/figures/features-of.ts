import { isSkipped, lookAtAll } from "../../../kernel-helpers/networks/look-at-all.js";
import type { FeatureMaps } from "../../../kernel-helpers/networks/seen.js";
import { inView } from "../../../kernel-helpers/networks/views/in-view.js";
import type { View } from "../../../kernel-helpers/networks/views/view.js";
import type { FigurePhoto, FigureSource } from "./figure.js";

/**
 * Feature maps of some photographs, by their id.
 *
 * @param usual the view, unless the network was opened with one
 */
export async function featuresOf(
  { network, signal }: Pick<FigureSource, "network" | "signal">,
  photos: readonly FigurePhoto[],
  ids: ReadonlySet<string>,
  usual: View,
): Promise<Map<string, FeatureMaps>> {
  const seeing = await inView(network, undefined, usual);
  const features = new Map<string, FeatureMaps>();
  const wanted = photos.filter(({ id }) => ids.has(id));
  for await (const seen of lookAtAll(seeing, wanted, { top: 1, signal })) {
    if (!isSkipped(seen)) features.set(seen.picture.id, seen.featureMaps);
  }
  return features;
}
