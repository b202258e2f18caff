import { check } from "./check.js";
import { invalid } from "./errors.js";

/** A figure and where it likely lies with another sample. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** The share of such intervals that hold the true figure. */
  readonly confidence: number;
}

/**
 * The arithmetic mean; NaN of nothing.
 *
 * @example
 * mean([1, 2, 6]); // 3
 */
export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/**
 * The middle value, the mean of the two middle ones of an even number; NaN of nothing.
 *
 * @example
 * median([5, 1, 2]); // 2
 */
export function median(values: readonly number[]): number {
  return quantile([...values].sort(ascending), 0.5);
}

/**
 * The value that a share of the values lies below, between neighbours in proportion (NumPy's default); NaN of nothing.
 *
 * @param sorted in ascending order
 * @param share 0 to 1
 * @example
 * quantile([10, 20, 30], 0.25); // 15
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return NaN;
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const [low, high] = [sorted[below], sorted[Math.min(below + 1, sorted.length - 1)]];
  return low === high || position === below ? low : low + (position - below) * (high - low);
}

/**
 * For sorting numbers; two infinite ones of one sign are equal.
 *
 * @example
 * [10, 9].sort(ascending); // [9, 10]
 */
export function ascending(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

/**
 * Wilson's score interval of a share (Wilson 1927): it stays within 0 and 1 and holds for few trials, too. The whole
 * range when there was no trial.
 *
 * @param hits of the trials, 0 to `trials`
 * @throws CamlabError for counts that do not fit together and a confidence that is not between 0 and 1
 * @example
 * svm.wilsonInterval(15, 25); // { value: 0.6, low: 0.407…, high: 0.766…, confidence: 0.95 }
 */
export function wilsonInterval(hits: number, trials: number, confidence = 0.95): Interval {
  check.wholeNumber("trials", trials);
  check.number("confidence", confidence, { above: 0, below: 1 });
  if (!(hits >= 0 && hits <= trials)) throw invalid("hits", hits, `0 to ${trials}`);
  if (trials === 0) return { value: NaN, low: 0, high: 1, confidence };
  const z = normalQuantile((1 + confidence) / 2);
  const value = hits / trials;
  const scale = 1 + (z * z) / trials;
  const centre = (value + (z * z) / (2 * trials)) / scale;
  const reach = (z / scale) * Math.sqrt((value * (1 - value)) / trials + (z * z) / (4 * trials * trials));
  return {
    value,
    low: hits === 0 ? 0 : Math.max(0, centre - reach),
    high: hits === trials ? 1 : Math.min(1, centre + reach),
    confidence,
  };
}

/**
 * The quantile of the standard normal distribution, to six digits (Wichura 1988, algorithm AS 241, PPND7).
 *
 * @param share 0 < share < 1
 * @example
 * normalQuantile(0.975); // 1.96
 */
export function normalQuantile(share: number): number {
  const q = share - 0.5;
  if (Math.abs(q) <= 0.425) return q * ratio(CENTRE, 0.180625 - q * q);
  const r = Math.sqrt(-Math.log(Math.min(share, 1 - share)));
  return Math.sign(q) * (r <= 5 ? ratio(MIDDLE, r - 1.6) : ratio(FAR, r - 5));
}

/** Coefficients of a numerator and a denominator, the constant one first. */
type Ratio = readonly [readonly number[], readonly number[]];

const CENTRE: Ratio = [
  [3.3871327179, 50.434271938, 159.29113202, 59.10937472],
  [1, 17.895169469, 78.757757664, 67.1875636],
];
const MIDDLE: Ratio = [
  [1.4234372777, 2.75681539, 1.3067284816, 0.17023821103],
  [1, 0.7370016425, 0.12021132975],
];
const FAR: Ratio = [
  [6.657905115, 3.081226386, 0.42868294337, 0.017337203997],
  [1, 0.24197894225, 0.012258202635],
];

function ratio([above, below]: Ratio, x: number): number {
  const polynomial = (terms: readonly number[]) => terms.reduceRight((sum, term) => sum * x + term, 0);
  return polynomial(above) / polynomial(below);
}
