import type { RunLengthMask } from "../../images/masks/masks.js";
import type { Box } from "../../images/box.js";

/** A question about a photo: what `trainAnswers` learns from and `testAnswers` judges by. */
export interface PhotoQuestion {
  /** Path of the photo. */
  readonly file: string;
  readonly question: string;
  /** The answer to learn: in VQA the one that most people gave. */
  readonly answer?: string;
  /** One a person, ten in VQA; `answer` alone unless given. A single one counts as ten people's. */
  readonly answers?: readonly string[];
  /** The kind of question, as the data set calls it: "what color is the". */
  readonly questionType?: string;
  /** The kind of answer: "yes/no", "number", "other". */
  readonly answerType?: string;
  readonly split?: string;
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
