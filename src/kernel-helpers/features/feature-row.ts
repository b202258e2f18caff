import type { Box } from "../images/box.js";
import { nameOf, type Picture } from "../images/picture.js";

/** Which part of the input grid's surroundings is looked at: the network's own view, or the ten crops. */
export type CropChoice = "one" | "ten";

/** What a file of features says of a row: what is known of its picture that a table can hold. */
export interface FeatureRow {
  /** The path as it was given; the id, or "image", for bytes and pixels. */
  readonly file: string;
  readonly label?: string;
  readonly labels?: readonly string[];
  readonly split?: string;
  readonly id?: string;
  readonly region?: Box;
  readonly flip?: boolean;
  /** Which of the ten crops, for crops that were kept apart; `ten` for their mean. */
  readonly crop?: string;
}

/** A picture as a row of a file. */
export function rowOf(picture: Picture, crop?: string): FeatureRow {
  const { label, labels, split, id, region, flip } = picture;
  return {
    file: nameOf(picture),
    ...(label !== undefined && { label }),
    ...(labels && { labels }),
    ...(split !== undefined && { split }),
    ...(id !== undefined && { id }),
    ...(region && { region }),
    ...(flip && { flip }),
    ...(crop !== undefined && { crop }),
  };
}
