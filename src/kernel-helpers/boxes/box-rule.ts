import type { Box } from "../images/box.js";

/** A map on the grid that boxes are found on. */
export interface RuleMap {
  readonly width: number;
  readonly height: number;
  /** `width · height` values, row by row; NaN where nothing was seen. */
  readonly data: Float32Array;
  /** The largest of them, above 0. */
  readonly max: number;
}

/** One way from a map to boxes: a rule is one of these in a file of its own, and one entry of the list in `box-of.ts`. */
export interface BoxRule<Options> {
  /** The names of the options that are this rule's own: all others are refused. */
  readonly options: readonly string[];
  /** Refuses options outside their range. */
  check(options: Options): void;
  /**
   * The share of the maximum above which it takes components, where that is all that it asks of a map: then the map need
   * not be made whole.
   */
  share?(options: Options): number | undefined;
  /** All boxes in whole pixels of the grid, in the rule's order. */
  boxes(map: RuleMap, options: Options): Box[];
  /** Which of them is the rule's one box. */
  choice(options: Options): number;
}
