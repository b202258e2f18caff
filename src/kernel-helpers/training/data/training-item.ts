import type { ImageSource } from "../../images/image.js";

/** A picture to learn from or to judge by. What `listDataset` and the data-set readers give fits. */
export interface TrainingItem {
  /** A path, the bytes of an encoded file, or decoded pixels. */
  readonly file: ImageSource;
  /** Its one class. */
  readonly label?: string;
  /** Everything that is present, where several things may be; may be empty. */
  readonly labels?: readonly string[];
  /** `val`: for validation; `test`: left out; anything else: to learn from. */
  readonly split?: string;
}

/** A picture that could not be read, and why. */
export interface TrainingError {
  readonly file: string;
  readonly error: string;
}
