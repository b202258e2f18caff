/**
 * The places of scores, highest first; of equal ones the earlier.
 *
 * @example
 * rankedBy([0.2, 0.9, 0.5]); // [1, 2, 0]
 */
export function rankedBy(scores: ArrayLike<number>): number[] {
  return Array.from(scores, (_, i) => i).sort((a, b) => scores[b] - scores[a] || a - b);
}

/**
 * Of the first k in a ranking, the share that holds, for every k from 1.
 *
 * @example
 * precisionByRank([true, false, true]); // [1, 0.5, 0.666…]
 */
export function precisionByRank(holds: readonly boolean[]): number[] {
  let found = 0;
  return holds.map((one, i) => {
    if (one) found++;
    return found / (i + 1);
  });
}

/** Precision at rank k; of a ranking that is shorter, at its end. */
export function precisionAt(holds: readonly boolean[], k: number): number {
  return precisionByRank(holds.slice(0, k)).at(-1) ?? 0;
}
