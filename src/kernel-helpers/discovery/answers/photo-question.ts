import type { VisualQuestion } from "../../datasets/vqa.js";
import type { Split } from "../../datasets/labelled-image.js";
import type { RunLengthMask } from "../../datasets/masks.js";
import type { Box } from "../../images/box.js";

/** A question about a photo: what `trainAnswers` learns from and `testAnswers` judges by. */
export interface PhotoQuestion {
  /** Path of the photo. */
  readonly file: string;
  readonly question: string;
  /** The answer to learn: in VQA the one that most people gave. */
  readonly answer?: string;
  /** One a person; `answer` alone unless given. */
  readonly answers?: readonly string[];
  /** The kind of question, as the data set calls it: "what color is the". */
  readonly questionType?: string;
  /** The kind of answer: "yes/no", "number", "other". */
  readonly answerType?: string;
  readonly split?: Split;
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

/**
 * VQA questions beside their photos.
 *
 * @param questions as `readVqa` gives them
 * @param fileOf the photo of a question; `vqaImageFile` names those of MS COCO
 * @param split which split they are of
 * @example
 * photoQuestions(questions, ({ imageId }) => join("val2014", vqaImageFile(imageId, "val2014")), "test");
 */
export function photoQuestions(
  questions: readonly VisualQuestion[],
  fileOf: (question: VisualQuestion) => string,
  split?: Split,
): PhotoQuestion[] {
  return questions.map((asked) => {
    const { question, answer, answers, questionType, answerType, region } = asked;
    return {
      file: fileOf(asked),
      question,
      ...(answer !== undefined && { answer }),
      ...(answers && { answers }),
      ...(questionType !== undefined && { questionType }),
      ...(answerType !== undefined && { answerType }),
      ...(split && { split }),
      ...(region && { evidence: [{ box: region }] }),
    };
  });
}
