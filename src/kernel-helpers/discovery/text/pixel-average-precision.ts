import { CamlabError } from "../../support/errors.js";

/**
 * The average precision of a map as a ranking of its pixels: how well "higher" means "inside". The same number as
 * `averagePrecision` gives, by way of two sorted lists, for maps have tens of thousands of pixels. A map that says
 * nothing reaches the share of pixels inside.
 *
 * @param values one a pixel
 * @param inside 1 for pixels inside, else 0
 * @returns from 0 to 1; 0 when no pixel is inside
 * @throws CamlabError when the lists differ in length or a value is NaN
 * @example
 * pixelAveragePrecision(Float32Array.of(0.1, 0.4, 0.35, 0.8), Uint8Array.of(0, 0, 1, 1)); // 0.8333…
 */
export function pixelAveragePrecision(values: Float32Array, inside: Uint8Array): number {
  if (values.length !== inside.length) {
    throw new CamlabError(`${values.length} values do not go with a mask of ${inside.length} pixels`);
  }
  const all = values.slice().sort();
  if (Number.isNaN(all[all.length - 1])) throw new CamlabError("the map holds NaN, which has no rank");
  const hits = values.filter((_, p) => inside[p] !== 0).sort();
  let sum = 0;
  let above = all.length;
  for (let at = hits.length; at > 0;) {
    const level = hits[at - 1];
    const before = at;
    while (at > 0 && hits[at - 1] === level) at--;
    while (above > 0 && all[above - 1] >= level) above--;
    sum += ((before - at) / hits.length) * ((hits.length - at) / (all.length - above));
  }
  return sum;
}
