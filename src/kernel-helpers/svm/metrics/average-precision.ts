import { CamlabError, invalid } from "../../support/errors.js";

/**
 * Average precision as scikit-learn defines it: Σ_n (R_n − R_{n−1}) P_n over the score thresholds from the highest,
 * with P_n and R_n the precision and recall of the rows scored at or above the n-th. No interpolation (PASCAL VOC's
 * 11-point and area-under-envelope forms give other numbers); rows of equal score enter together.
 *
 * @param scores one a row, higher for more likely
 * @param relevant whether each row is of the class
 * @returns from 0 to 1; 0 when no row is relevant
 * @throws CamlabError when the lists differ in length, or a score is NaN
 * @example
 * svm.averagePrecision([0.1, 0.4, 0.35, 0.8], [false, false, true, true]); // 0.8333…
 */
export function averagePrecision(scores: ArrayLike<number>, relevant: readonly boolean[]): number {
  if (scores.length !== relevant.length) {
    throw new CamlabError(`${scores.length} scores do not go with ${relevant.length} rows`);
  }
  const order = relevant.map((_, row) => row);
  for (const row of order) if (Number.isNaN(scores[row])) throw invalid(`score of row ${row}`, scores[row], "a number");
  order.sort((a, b) => scores[b] - scores[a]);
  const positives = relevant.filter(Boolean).length;
  let found = 0;
  let recall = 0;
  let sum = 0;
  order.forEach((row, rank) => {
    if (relevant[row]) found++;
    const last = rank + 1 === order.length || scores[order[rank + 1]] !== scores[row];
    if (!last || positives === 0) return;
    sum += (found / positives - recall) * (found / (rank + 1));
    recall = found / positives;
  });
  return sum;
}
