import type { Picture, PictureQuestion } from "../../images/picture.js";
import type { RunLengthMask } from "../../images/masks/masks.js";
import type { Box } from "../../images/box.js";

/** A question about a picture: what `trainAnswers` learns from and `testAnswers` judges by. */
export interface PhotoQuestion extends Omit<PictureQuestion, "objects" | "box"> {
  /** The picture that is asked of. */
  readonly picture: Picture;
  /** Where the evidence is, for data that says so: the things that a person would point at. */
  readonly evidence?: readonly Evidence[];
}

/** A thing that holds the answer. */
export interface Evidence {
  readonly name?: string;
  readonly box: Box;
  /** Its visible pixels. */
  readonly mask?: RunLengthMask;
}
