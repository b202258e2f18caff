/*
 * Platt's probabilities P(y = 1 | v) = 1 / (1 + exp(A v + B)) of decision values v (Platt 1999), fitted to the
 * regularised targets (N₊ + 1) / (N₊ + 2) and 1 / (N₋ + 2) by Newton's method with backtracking, in the form that
 * neither overflows nor cancels: Lin, Lin and Weng, "A note on Platt's probabilistic outputs for support vector
 * machines", Machine Learning 68, 2007.
 *
 * The decision values must be of rows that the SVM was not trained on.
 */

/** The curve of one class. A is below 0 where a higher decision value means a higher probability. */
export interface PlattCurve {
  readonly A: number;
  readonly B: number;
}

/**
 * Fits the curve.
 *
 * @param values decision values of held-out rows
 * @param positive whether each of those rows is of the class
 * @example
 * svm.plattProbability(svm.fitPlatt([-2, -1, 0.5, 2], [false, false, true, true]), 0.5); // the probability at decision value 0.5
 */
export function fitPlatt(values: ArrayLike<number>, positive: readonly boolean[]): PlattCurve {
  const positives = positive.filter(Boolean).length;
  const negatives = positive.length - positives;
  const targets = positive.map((yes) => (yes ? (positives + 1) / (positives + 2) : 1 / (negatives + 2)));
  const loss = (A: number, B: number) => {
    let sum = 0;
    targets.forEach((target, i) => {
      const f = A * values[i] + B;
      sum += f >= 0 ? target * f + Math.log1p(Math.exp(-f)) : (target - 1) * f + Math.log1p(Math.exp(f));
    });
    return sum;
  };
  let A = 0;
  let B = Math.log((negatives + 1) / (positives + 1));
  let value = loss(A, B);
  for (let iteration = 0; iteration < 100; iteration++) {
    const { slopeA, slopeB, haa, hab, hbb } = derivatives(values, targets, A, B);
    if (Math.abs(slopeA) < 1e-5 && Math.abs(slopeB) < 1e-5) break;
    const determinant = haa * hbb - hab * hab;
    const stepA = -(hbb * slopeA - hab * slopeB) / determinant;
    const stepB = -(haa * slopeB - hab * slopeA) / determinant;
    const slope = slopeA * stepA + slopeB * stepB;
    let length = 1;
    while (length >= 1e-10 && loss(A + length * stepA, B + length * stepB) >= value + 1e-4 * length * slope) {
      length /= 2;
    }
    if (length < 1e-10) break;
    A += length * stepA;
    B += length * stepB;
    value = loss(A, B);
  }
  return { A, B };
}

/**
 * The probability at a decision value.
 *
 * @example
 * svm.plattProbability({ A: -2, B: 0 }, 0); // 0.5
 */
export function plattProbability({ A, B }: PlattCurve, value: number): number {
  const f = A * value + B;
  return f >= 0 ? Math.exp(-f) / (1 + Math.exp(-f)) : 1 / (1 + Math.exp(f));
}

function derivatives(values: ArrayLike<number>, targets: readonly number[], A: number, B: number) {
  const sums = { slopeA: 0, slopeB: 0, haa: 1e-12, hab: 0, hbb: 1e-12 };
  targets.forEach((target, i) => {
    const p = plattProbability({ A, B }, values[i]);
    const curvature = p * (1 - p);
    sums.haa += values[i] * values[i] * curvature;
    sums.hab += values[i] * curvature;
    sums.hbb += curvature;
    sums.slopeA += values[i] * (target - p);
    sums.slopeB += target - p;
  });
  return sums;
}
