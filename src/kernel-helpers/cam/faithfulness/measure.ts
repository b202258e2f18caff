import type { Judged } from "./judged.js";

/** One number that says something of a map: what it is, how it reads, and how it is computed. */
export interface Measure {
  /** As options and the command line name it: `deletion`. */
  readonly name: string;
  /** As tables and charts name it: “Deletion”. */
  readonly title: string;
  /** What the number is, in one line. */
  readonly definition: string;
  readonly better: "higher" | "lower";
  /** What it can be: `0 to 1`. */
  readonly range: string;
  /** What a map gets that knows nothing of the photo, in words; every report measures it on its pictures. */
  readonly random: string;
  /** Who described it. */
  readonly citation: string;
  /** `boxes`: it is known only of pictures that say where their class is. */
  readonly needs?: "boxes";
  /**
   * Which map that knows nothing of the photo it is held against: a random one unless given. A blob that is always in the
   * same place is the worst that can be where a map should change.
   */
  readonly control?: "random" | "centre";
  /** The number of one map; NaN where it has none, as of a map without a total. */
  readonly value: (judged: Judged) => Promise<number> | number;
}
