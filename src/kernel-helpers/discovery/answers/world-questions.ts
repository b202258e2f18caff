import type { WorldDataset } from "../../../world/world-dataset.js";
import type { PhotoQuestion } from "./photo-question.js";

/**
 * The questions of the drawn world, with where their evidence is.
 *
 * @param dataset the part "questions"
 * @example
 * const questions = worldQuestions(await worldDataset("questions", { train: 2000, test: 1000 }));
 */
export function worldQuestions({ images, records }: Pick<WorldDataset, "images" | "records">): PhotoQuestion[] {
  return records.flatMap(({ questions, objects }, i) => {
    const { file, split } = images[i];
    const thing = new Map(objects.map((object) => [object.id, object]));
    return questions.map(({ text, type, answer, answers, objects: ids }) => ({
      file,
      question: text,
      answer,
      answers,
      questionType: type,
      answerType: answer === "yes" || answer === "no" ? "yes/no" : "other",
      ...(split && { split }),
      evidence: ids.flatMap((id) => {
        const object = thing.get(id);
        return object ? [{ name: object.name, box: object.box, mask: object.mask }] : [];
      }),
    }));
  });
}
