import type { BootstrapInterval } from "../../svm/metrics/bootstrap-interval.js";
import type { RankedUnit } from "./rank-units.js";

/** How well pictures of a class are named, and how strongly. */
export interface ClassOutcome {
  /**
   * Share of the class's pictures in which it is among the n highest scores, n being the number of the picture's labels:
   * for pictures of one label each, whether the highest score is right.
   */
  readonly accuracy: number;
  /** Mean class score S_c over its pictures. */
  readonly score: number;
}

/** What is left of a class when so many units are silent. */
export interface AblationStep {
  /** Units that are silent, and as a share of all. */
  readonly units: number;
  readonly share: number;
  /** The class's units of highest weight are silent. */
  readonly top: ClassOutcome;
  /** As many random units are, on average over the draws. */
  readonly random: ClassOutcome;
  /** Accuracy on the other classes when this class's top units are silent. */
  readonly others: number;
}

/** A class, and what is left of it step by step. */
export interface ClassAblation {
  readonly class: string;
  /** Pictures that show it. */
  readonly pictures: number;
  /** The units that are silenced, in this order; as many as the last step silences. */
  readonly units: readonly RankedUnit[];
  readonly before: ClassOutcome & { readonly others: number };
  readonly steps: readonly AblationStep[];
}

/** A step over all classes: how far accuracy falls, in shares, with 95 % bootstrap intervals over the pictures. */
export interface AblationFall {
  readonly units: number;
  readonly share: number;
  /** With the top units of the class that is asked for silent. */
  readonly top: BootstrapInterval;
  /** With as many random units silent. */
  readonly random: BootstrapInterval;
  /** top / random; infinite where random units cost nothing. */
  readonly times: BootstrapInterval;
  /** By how much the other classes fall when a class's top units are silent, on average. */
  readonly others: number;
}

/** What silencing units does: plain data, enough to draw every figure again. */
export interface UnitAblation {
  /** Units in all. */
  readonly channels: number;
  /** Pictures with a label among the classes. */
  readonly pictures: number;
  /** Draws of random units, for each class. */
  readonly draws: number;
  readonly seed: number;
  /** Accuracy on all classes looked at with no unit silent. */
  readonly before: BootstrapInterval;
  /** All classes together, step by step. */
  readonly all: readonly AblationFall[];
  readonly classes: readonly ClassAblation[];
}
