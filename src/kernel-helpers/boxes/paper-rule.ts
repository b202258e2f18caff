import type { Box } from "../images/box.js";
import { check } from "../support/check.js";
import { quantile } from "../support/statistics.js";
import type { BoxRule, RuleMap } from "./box-rule.js";
import { type Component, connectedComponents } from "./connected-components.js";

/** Options of the paper's rule. */
export interface PaperRuleOptions {
  readonly rule?: "paper";
  /** The fraction of the maximum that a pixel must exceed, 0 ≤ t < 1; 0.2 unless given. */
  readonly threshold?: number;
  /**
   * The share is taken of this quantile of the map instead of its maximum, 0 < p ≤ 1, so that one very hot place does not
   * decide how large a box is (the percentile as a standard for thresholding of Bae et al. 2020, who take 0.8 to 0.95).
   */
  readonly percentile?: number;
}

/**
 * The paper's rule (section 3.2): the components, with 8 neighbours, of the pixels strictly above a fraction of the
 * map's maximum, and the box around each. Largest component first; of equally large ones, the one whose first pixel
 * comes first in reading order. The rule's one box is the first.
 */
export const paperRule: BoxRule<PaperRuleOptions> = {
  options: ["threshold", "percentile"],
  check({ threshold = THRESHOLD, percentile = 1 }) {
    check.number("threshold", threshold, { from: 0, below: 1 });
    check.number("percentile", percentile, { above: 0, to: 1 });
  },
  share: ({ threshold = THRESHOLD, percentile = 1 }) => (percentile === 1 ? threshold : undefined),
  boxes: ({ data, width, height, max }, { threshold = THRESHOLD, percentile = 1 }) =>
    boxesAbove(data, width, height, threshold * (percentile === 1 ? max : Math.max(0, quantileOf(data, percentile)))),
  choice: () => 0,
};

const THRESHOLD = 0.2;

/** Places that were not seen have no part in it. */
function quantileOf(data: Float32Array, percentile: number): number {
  return quantile(data.filter((value) => !Number.isNaN(value)).sort(), percentile);
}

function boxesAbove(data: RuleMap["data"], width: number, height: number, level: number): Box[] {
  const mask = new Uint8Array(data.length);
  for (let p = 0; p < data.length; p++) mask[p] = data[p] > level ? 1 : 0;
  return largestFirst(connectedComponents(mask, width, height, 8).components);
}

/** The boxes of components, in the rule's order. */
export function largestFirst(components: readonly Component[]): Box[] {
  return [...components].sort((a, b) => b.area - a.area).map(({ box }) => box);
}
