import type { Random } from "../../../support/random.js";

/**
 * Indices by their value, the largest first; equal ones in a random order, so that a flat map has no favourite corner.
 *
 * @example
 * descendingOrder(Float32Array.of(1, 3, 2), seededRandom(0)); // [1, 2, 0]
 */
export function descendingOrder(values: Float32Array, random: Random): Uint32Array {
  const chance = Float32Array.from(values, () => random());
  const order = Uint32Array.from(values, (_, i) => i);
  return order.sort((a, b) => values[b] - values[a] || chance[a] - chance[b]);
}
