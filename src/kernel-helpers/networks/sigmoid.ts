/**
 * Each class's probability on its own, 1 / (1 + e^−S_c): for a network that was trained to name everything present.
 *
 * @param scores one logit a class
 * @example
 * networks.sigmoid(Float32Array.of(0, 100)); // 0.5, 1
 */
export function sigmoid(scores: Float32Array): Float32Array {
  return scores.map((score) => 1 / (1 + Math.exp(-score)));
}
