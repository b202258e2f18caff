import type { Box } from "../images/box.js";

/** Which pictures are for learning, for choosing settings, for judging. */
export type Split = "train" | "val" | "test";

/** An image of a data set and what is known about it. It can be given to `extractFeatures` as it is. */
export interface LabelledImage {
  /** Path of the image file. */
  readonly file: string;
  /** Its name within the data set. */
  readonly id: string;
  /** Its one category, where the data set has one. */
  readonly label?: string;
  /** Everything that is present, where the data set says so. */
  readonly labels?: readonly string[];
  readonly split?: Split;
  /** The box of the one thing that the label means. */
  readonly box?: Box;
}

/** A data set of labelled images. */
export interface LabelledImages {
  /** In the data set's own order. */
  readonly classes: readonly string[];
  readonly images: readonly LabelledImage[];
}
