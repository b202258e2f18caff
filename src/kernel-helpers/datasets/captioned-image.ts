import type { Box } from "../images/box.js";
import type { Split } from "./labelled-image.js";

/** An image, and what people said of it. */
export interface CaptionedImage {
  /** Path of the image file. */
  readonly file: string;
  /** Its name within the data set. */
  readonly id: string;
  /** May be empty: such an image is neither for nor against any phrase. */
  readonly captions: readonly string[];
  readonly split?: Split;
  /** Phrases that are true of it and where, for data that says so. */
  readonly phrases?: readonly { readonly text: string; readonly box: Box }[];
}
