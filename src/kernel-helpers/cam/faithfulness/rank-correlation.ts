/**
 * Spearman's rank correlation: Pearson's of the ranks, equal values sharing the mean of theirs. NaN where one side is flat.
 *
 * @throws RangeError when the lengths differ
 * @example
 * rankCorrelation(Float32Array.of(1, 2, 3), Float32Array.of(10, 20, 15)); // 0.5
 */
export function rankCorrelation(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) throw new RangeError(`${a.length} values cannot be compared with ${b.length}`);
  const [left, right] = [ranksOf(a), ranksOf(b)];
  const middle = (a.length + 1) / 2;
  let [both, squareLeft, squareRight] = [0, 0, 0];
  left.forEach((rank, i) => {
    both += (rank - middle) * right[i];
    squareLeft += (rank - middle) ** 2;
    squareRight += (right[i] - middle) ** 2;
  });
  return both / Math.sqrt(squareLeft * squareRight);
}

/** Ranks from 1, in ascending order. */
function ranksOf(values: Float32Array): Float64Array {
  const sorted = values.slice().sort();
  const first = new Map<number, number>();
  const last = new Map<number, number>();
  sorted.forEach((value, i) => {
    if (!first.has(value)) first.set(value, i);
    last.set(value, i);
  });
  return Float64Array.from(values, (value) => (first.get(value)! + last.get(value)!) / 2 + 1);
}
