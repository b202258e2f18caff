import { invalid } from "../../support/errors.js";

/** A figure and the interval that it would likely fall in with another sample. */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** How often such an interval holds what it is about, e.g. 0.95. */
  readonly confidence: number;
}

/** How sure an interval is to be. */
export interface IntervalOptions {
  /** 0.95 unless given. */
  readonly confidence?: number;
}

/**
 * The confidence that options ask for.
 *
 * @throws CamlabError for one outside its range
 */
export function checkedConfidence({ confidence = 0.95 }: IntervalOptions): number {
  if (confidence > 0 && confidence < 1) return confidence;
  throw invalid("confidence", confidence, "0 < confidence < 1");
}
