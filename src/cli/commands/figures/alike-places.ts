import type { HeatMap } from "../../../kernel-helpers/cam/heat-map.js";
import { meansOf } from "../../../kernel-helpers/cam/ways/map-sums.js";
import type { FeatureMaps } from "../../../kernel-helpers/networks/seen.js";
import { mean } from "../../../kernel-helpers/support/statistics.js";
import { addScaled, dot } from "../../../kernel-helpers/support/vectors.js";

/** A photograph's features, and a map of the same grid. */
export interface MappedFeatures {
  readonly featureMaps: FeatureMaps;
  readonly map: Pick<HeatMap, "data">;
}

/**
 * Whether maps of several photographs lie on one thing: how much more what is hot in one is like what is hot in another
 * than like what is not. Hot is what is above half of a map's maximum; alike is the cosine of features less their mean
 * over all the photographs.
 *
 * @returns from −2 to 2; 0 where fewer than two maps have anything hot
 */
export function alikePlaces(photos: readonly MappedFeatures[]): number {
  const channels = photos[0]?.featureMaps.channels ?? 0;
  const usual = new Float64Array(channels);
  for (const { featureMaps } of photos) addScaled(usual, meansOf(featureMaps), 1 / photos.length);
  const parts = photos.flatMap(({ featureMaps, map }) => {
    const highest = map.data.reduce((most, value) => Math.max(most, value), 0);
    const isHot = (cell: number) => map.data[cell] > highest / 2;
    const hot = directionOf(featureMaps, usual, isHot);
    const cold = directionOf(featureMaps, usual, (cell) => !isHot(cell));
    return hot && cold ? [{ hot, cold }] : [];
  });
  const pairs = parts.flatMap((a, i) =>
    parts.flatMap((b, j) => (i === j ? [] : [dot(a.hot, b.hot) - dot(a.hot, b.cold)])),
  );
  return pairs.length > 0 ? mean(pairs) : 0;
}

/** The mean features of some cells less the usual ones, of length 1; nothing of no cells. */
function directionOf(
  { channels, width, height, data }: FeatureMaps,
  usual: Float64Array,
  isIn: (cell: number) => boolean,
): Float64Array | undefined {
  const cells = Array.from({ length: width * height }, (_, cell) => cell).filter(isIn);
  if (cells.length === 0) return undefined;
  const direction = new Float64Array(channels);
  for (let k = 0; k < channels; k++) {
    const from = k * width * height;
    direction[k] = cells.reduce((sum, cell) => sum + data[from + cell], 0) / cells.length - usual[k];
  }
  const length = Math.sqrt(dot(direction, direction));
  return length > 0 ? direction.map((value) => value / length) : undefined;
}
