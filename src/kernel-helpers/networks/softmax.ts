/**
 * Softmax: e^{S_c} / Σ_j e^{S_j}, computed from the largest score down so that nothing overflows.
 *
 * @param scores one score a class; an infinite score takes all
 * @example
 * networks.softmax(Float32Array.of(1000, 1000)); // 0.5, 0.5
 */
export function softmax(scores: Float32Array): Float32Array {
  let largest = -Infinity;
  for (const score of scores) if (score > largest) largest = score;
  const result = new Float32Array(scores.length);
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    result[i] = scores[i] === largest ? 1 : Math.exp(scores[i] - largest);
    sum += result[i];
  }
  for (let i = 0; i < result.length; i++) result[i] /= sum;
  return result;
}
