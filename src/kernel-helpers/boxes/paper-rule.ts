import type { Box } from "../images/box.js";
import { connectedComponents } from "./connected-components.js";

/**
 * The paper's rule once its level is known: the components, with 8 neighbours, of the pixels strictly above it, and
 * the box around each. Largest component first; of equally large ones, the one whose first pixel comes first in
 * reading order.
 *
 * @param data `width · height` finite values, row by row
 * @param level the threshold times the map's maximum
 * @example
 * const [box] = paperBoxes(data, 224, 224, 0.2 * max);
 */
export function paperBoxes(data: Float32Array, width: number, height: number, level: number): Box[] {
  const mask = new Uint8Array(data.length);
  for (let p = 0; p < data.length; p++) mask[p] = data[p] > level ? 1 : 0;
  return [...connectedComponents(mask, width, height, 8).components]
    .sort((a, b) => b.area - a.area)
    .map(({ box }) => box);
}
