import type { View } from "../networks/views/view.js";
import type { Picture, SkippedPicture } from "../images/picture.js";

/**
 * What every discovery task gives. Shares in the findings are fractions from 0 to 1; with an interval they are
 * `{ value, low, high }`.
 *
 * @typeParam Model what was learned: enough to be used on other pictures
 * @typeParam Findings what was found with it on pictures that were held out
 */
export interface Discovery<Model, Findings, P extends Picture = Picture> {
  /** The network's name. */
  readonly network: string;
  /** What of the pictures it saw: `card` or `whole`; absent for a network that has one view only. */
  readonly view?: View;
  readonly model: Model;
  readonly findings: Findings;
  /** Pictures that were left out, and why. */
  readonly skipped: readonly SkippedPicture<P>[];
  /** What a person should know; empty when there is nothing. */
  readonly notes: readonly string[];
}
