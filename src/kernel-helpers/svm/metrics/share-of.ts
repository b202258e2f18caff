import { type Interval, wilsonInterval } from "../../support/statistics.js";

/**
 * The share of trials that were right, with Wilson's interval: unlike a bootstrap one it does not shrink to a point where
 * everything was right. The trials must be independent; crops of one photo are not.
 *
 * @example
 * svm.shareOf(predicted.map((label, row) => label === truth[row])); // 250 of 250: { value: 1, low: 0.985, high: 1, … }
 */
export function shareOf(right: readonly boolean[]): Interval {
  return wilsonInterval(right.filter(Boolean).length, right.length);
}
