import { invalid } from "../../support/errors.js";
import { checkedConfidence, type Interval, type IntervalOptions } from "./interval.js";

/**
 * A share, and Wilson's score interval for it (Wilson 1927): all shares from which what was counted is not further away
 * than chance allows. Unlike the bootstrap it does not shrink to a point where everything or nothing was right: 250 of
 * 250 leave 98.5 % to 100 %.
 *
 * The trials must be independent; crops of one photo are not.
 *
 * @param count how many of the trials were right
 * @param of how many trials there were
 * @throws CamlabError when there is no trial, the count is not a whole number of them, or for a confidence outside 0…1
 * @example
 * shareInterval(250, 250); // { value: 1, low: 0.9849, high: 1, confidence: 0.95 }
 */
export function shareInterval(count: number, of: number, options: IntervalOptions = {}): Interval {
  if (!Number.isInteger(of) || of < 1) throw invalid("number of trials", of, "a whole number from 1");
  if (!Number.isInteger(count) || count < 0 || count > of)
    throw invalid("count", count, `a whole number from 0 to ${of}`);
  const confidence = checkedConfidence(options);
  const z = normalQuantile((1 + confidence) / 2);
  const value = count / of;
  const widened = of + z * z;
  const centre = (count + (z * z) / 2) / widened;
  const reach = (z / widened) * Math.sqrt(of * value * (1 - value) + (z * z) / 4);
  return {
    value,
    low: count === 0 ? 0 : centre - reach,
    high: count === of ? 1 : centre + reach,
    confidence,
  };
}

/**
 * The share of the trials that were right, with Wilson's interval: see `shareInterval`.
 *
 * @example
 * shareOf(predicted.map((label, row) => label === truth[row]));
 */
export function shareOf(right: readonly boolean[], options: IntervalOptions = {}): Interval {
  return shareInterval(right.filter(Boolean).length, right.length, options);
}

/** The z that a normal variable stays below with probability p, 0.5 ≤ p < 1: Newton's method, which rises to it. */
function normalQuantile(p: number): number {
  let z = 0;
  for (;;) {
    const step = (p - normalShareBelow(z)) / (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI));
    if (!(step > 1e-12)) return z;
    z += step;
  }
}

/** P(Z ≤ z) = ½ + φ(z) (z + z³/3 + z⁵/(3·5) + …), a sum of positive terms for z ≥ 0. */
function normalShareBelow(z: number): number {
  let term = z;
  let sum = z;
  for (let k = 3; term > sum * 1e-17; k += 2) sum += term *= (z * z) / k;
  return 0.5 + (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * sum;
}
