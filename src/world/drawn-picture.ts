import type { ImageSource } from "../kernel-helpers/images/image.js";
import type { AnnotatedPicture, Picture, PictureObject } from "../kernel-helpers/images/picture.js";
import type { Drawing, WorldPart } from "./drawing.js";

/** A picture of the drawn world, with the whole truth about it. */
export interface DrawnPicture
  extends Omit<AnnotatedPicture, "file" | TruthAlways>, Required<Pick<Picture, TruthAlways>> {
  readonly file: ImageSource;
  readonly objects: readonly DrawnObject[];
}

/** What every drawn picture says, if only that there is none of it. */
type TruthAlways = "split" | "captions" | "phrases" | "questions" | "words";

/** A thing in a drawn picture: its visible pixels are known. */
export type DrawnObject = PictureObject & Required<Pick<PictureObject, "id" | "area" | "mask" | "stuff">>;

/** Parts whose pictures belong to one category each. */
export const SINGLE_LABEL_PARTS: ReadonlySet<WorldPart> = new Set([
  "scenes",
  "activities",
  "birds",
  "text",
  "text-trap",
]);

/** A drawing as a picture of a set; its `file` is given. */
export function drawnPicture<File extends ImageSource>(
  drawing: Omit<Drawing, "image"> & { readonly width: number; readonly height: number },
  file: File,
): DrawnPicture & { readonly file: File } {
  const { name, width, height, labels, objects, captions, phrases, questions, words } = drawing;
  const { part, split } = drawing.provenance;
  const bird = part === "birds" ? objects.find((object) => object.name === "bird") : undefined;
  return {
    file,
    id: name,
    ...(SINGLE_LABEL_PARTS.has(part) ? { label: labels[0] } : { labels }),
    split,
    width,
    height,
    ...(bird && { box: bird.box }),
    objects,
    captions,
    phrases,
    questions: questions.map(({ text, type, answer, answers, objects, box }) => ({
      question: text,
      answer,
      answers,
      questionType: type,
      answerType: answer === "yes" || answer === "no" ? "yes/no" : "other",
      objects,
      box,
    })),
    words: words.map((word) => ({ ...word, readable: true })),
  };
}
