import type { Preprocessing } from "../images/input/preprocessing.js";
import type { View } from "../networks/views/view.js";
import type { Picture, SkippedPicture } from "../images/picture.js";
import type { Network } from "../networks/network.js";

/**
 * What every discovery task gives. Shares in the findings are fractions from 0 to 1; with an interval they are
 * `{ value, low, high }`.
 *
 * @typeParam Model what was learned: enough to be used on other pictures
 * @typeParam Findings what was found with it on pictures that were held out
 */
export interface Discovery<Model, Findings, P extends Picture = Picture> extends MadeWith {
  readonly model: Model;
  readonly findings: Findings;
  /** Pictures that were left out, and why. */
  readonly skipped: readonly SkippedPicture<P>[];
  /** What a person should know; empty when there is nothing. */
  readonly notes: readonly string[];
}

/** What a discovery says of the network that it was made with. */
export interface MadeWith {
  /** The network's name. */
  readonly network: string;
  /** How pictures were shown to it: at what size, say, which its card may choose for a task. */
  readonly preprocessing: Preprocessing;
  /** What of the pictures it saw: `card` or `whole`; absent for a network that has one view only. */
  readonly view?: View;
}

/** What is said of a network. */
export function madeWith({ name, preprocessing, view }: Network): MadeWith {
  return { network: name, preprocessing, ...(view && { view }) };
}
