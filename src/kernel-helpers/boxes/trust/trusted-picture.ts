import type { Picture } from "../../images/picture.js";

/** What was measured of one picture: a number a measure and way, NaN where there is none. */
export interface TrustedPicture<P extends Picture = Picture> {
  readonly picture: P;
  /** The class whose maps were judged. */
  readonly label: string;
  /** By way, then by measure. */
  readonly values: Readonly<Record<string, Readonly<Record<string, number>>>>;
}
