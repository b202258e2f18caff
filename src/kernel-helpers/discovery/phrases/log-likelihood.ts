/** How strongly two things go together, from how often each and both occur. */
export interface Association {
  /** Dunning's log-likelihood ratio G²: how surprising the counts would be, were the two independent. */
  readonly g2: number;
  /** Pointwise mutual information in bits: log₂ of how many times more often than by chance. */
  readonly pmi: number;
}

/**
 * Whether two things that occur `first` and `second` times among `total` places occur together more often than by
 * chance. G² = 2 Σ observed · ln(observed / expected) over the four cells of the table with and without each (T.
 * Dunning, "Accurate methods for the statistics of surprise and coincidence", Computational Linguistics 19, 1993); its
 * sign is turned when they occur together *less* often than by chance.
 *
 * @param both how often the two occur together
 * @example
 * associationOf(8, 10, 10, 100).pmi; // log₂(8 / (10 · 10 / 100)) = 3
 */
export function associationOf(both: number, first: number, second: number, total: number): Association {
  const cells = [both, first - both, second - both, total - first - second + both].map((count) => Math.max(0, count));
  const [a, b, c, d] = cells;
  const all = a + b + c + d;
  const expected = [
    ((a + b) * (a + c)) / all,
    ((a + b) * (b + d)) / all,
    ((c + d) * (a + c)) / all,
    ((c + d) * (b + d)) / all,
  ];
  const sum = cells.reduce((g, count, i) => (count > 0 ? g + count * Math.log(count / expected[i]) : g), 0);
  const pmi = Math.log2(a / expected[0]);
  return { g2: pmi < 0 ? -2 * sum : 2 * sum, pmi };
}
