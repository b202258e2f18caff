import type { Box } from "../images/box.js";
import type { ImageSource } from "../images/image.js";

/** Which part of the input grid's surroundings is looked at: the network's own view, or one of the ten crops. */
export type CropChoice = "one" | "ten";

/** An image whose features are wanted, and what is known about it. */
export interface ImageItem {
  /** A path, the bytes of an encoded file, or decoded pixels. */
  readonly file: ImageSource;
  /** Look at this part only, in pixels of the original image. */
  readonly region?: Box;
  /** Look at the mirror image. */
  readonly flip?: boolean;
  /** `ten`: the four corners, the centre, and their mirror images; see `extractFeatures`. */
  readonly crops?: CropChoice;
  readonly label?: string;
  /** Everything that is present, where several things may be. */
  readonly labels?: readonly string[];
  readonly split?: string;
  /** The caller's own name of the item. */
  readonly id?: string;
}

/** What a row of features was made from. */
export interface FeatureRow {
  /** The path as it was given, or "image" for bytes and pixels. */
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

/** An image that gave no features, and why. */
export interface FeatureError extends FeatureRow {
  readonly error: string;
  /** Its place among the items that were asked for. */
  readonly item: number;
}

/** The row that an item gives, before its features are known. */
export function rowOfItem({ file, label, labels, split, id, region, flip }: ImageItem, crop?: string): FeatureRow {
  return {
    file: typeof file === "string" ? file : "image",
    ...(label !== undefined && { label }),
    ...(labels && { labels }),
    ...(split !== undefined && { split }),
    ...(id !== undefined && { id }),
    ...(region && { region }),
    ...(flip && { flip }),
    ...(crop !== undefined && { crop }),
  };
}
