import type { Box } from "../images/box.js";
import { connectedComponents } from "./connected-components.js";

/**
 * The paper's rule: pixels strictly above a fraction of the maximum, their components with 8 neighbours, and the box
 * around each. Largest component first; of equally large ones, the one whose first pixel comes first in reading order.
 *
 * @param data `width · height` finite values whose maximum is above 0, row by row
 * @param threshold the fraction, 0 ≤ t < 1; the paper's is 0.2
 * @example
 * const [box] = paperBoxes(data, 224, 224, 0.2);
 */
export function paperBoxes(data: Float32Array, width: number, height: number, threshold: number): Box[] {
  let max = -Infinity;
  for (let p = 0; p < data.length; p++) if (data[p] > max) max = data[p];
  const level = threshold * max;
  const mask = new Uint8Array(data.length);
  for (let p = 0; p < data.length; p++) mask[p] = data[p] > level ? 1 : 0;
  return [...connectedComponents(mask, width, height, 8).components]
    .sort((a, b) => b.area - a.area)
    .map(({ box }) => box);
}
