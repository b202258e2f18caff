import { CamlabError } from "../support/errors.js";

/** How a feature map becomes one number: its mean (GAP) or its largest value (GMP). */
export type Pooling = "average" | "max";

/**
 * Pools feature maps over their places: F_k = mean or maximum of f_k(x, y).
 *
 * @param maps `count × channels × area` values
 * @returns `count × channels`
 * @throws CamlabError when the values do not divide into that many maps
 * @example
 * pooled(seen.featureMaps.data, seen.featureMaps.channels, "average"); // seen.features, to rounding
 */
export function pooled(maps: Float32Array, vectors: number, pooling: Pooling): Float32Array {
  const area = maps.length / vectors;
  if (!Number.isInteger(area) || area < 1) throw new CamlabError(`${maps.length} values are not ${vectors} maps`);
  const result = new Float32Array(vectors);
  for (let i = 0; i < vectors; i++) {
    let value = pooling === "average" ? 0 : -Infinity;
    const end = (i + 1) * area;
    if (pooling === "average") for (let p = i * area; p < end; p++) value += maps[p];
    else for (let p = i * area; p < end && !Number.isNaN(value); p++) if (!(maps[p] <= value)) value = maps[p];
    result[i] = pooling === "average" ? value / area : value;
  }
  return result;
}
