import type { Box } from "../images/box.js";
import { readJson, requiredList } from "./text-lines.js";

/** A question about an image, with the answers of several people. */
export interface VisualQuestion {
  readonly imageId: number;
  readonly questionId: number;
  readonly question: string;
  /** The answer that most gave; absent for questions without annotations. */
  readonly answer?: string;
  /** One a person, ten in VQA. */
  readonly answers?: readonly string[];
  /** "what color is the", "is there a": the words that open it. */
  readonly questionType?: string;
  /** "yes/no", "number", "other". */
  readonly answerType?: string;
  /** Where the evidence is, for data that says so. */
  readonly region?: Box;
}

/**
 * Reads VQA v1 or v2 as distributed: a file of questions and, for the splits that have it, a file of annotations.
 *
 * @returns in the order of the questions
 * @throws CamlabError when a file is not of that layout
 * @example
 * const questions = await readVqa("v2_OpenEnded_mscoco_val2014_questions.json", "v2_mscoco_val2014_annotations.json");
 */
export async function readVqa(questionsFile: string, annotationsFile?: string): Promise<VisualQuestion[]> {
  const { questions } = (await readJson(questionsFile)) as { questions?: RawQuestion[] };
  const annotationOf = new Map<number, RawAnnotation>();
  if (annotationsFile !== undefined) {
    const { annotations } = (await readJson(annotationsFile)) as { annotations?: RawAnnotation[] };
    for (const annotation of requiredList(annotations, "annotations", annotationsFile))
      annotationOf.set(annotation.question_id, annotation);
  }
  return requiredList(questions, "questions", questionsFile).map(({ image_id, question_id, question }) => {
    const found = annotationOf.get(question_id);
    return {
      imageId: image_id,
      questionId: question_id,
      question,
      ...(found && {
        answer: found.multiple_choice_answer,
        answers: found.answers.map(({ answer }) => answer),
        questionType: found.question_type,
        answerType: found.answer_type,
        ...(found.region && {
          region: { x: found.region[0], y: found.region[1], width: found.region[2], height: found.region[3] },
        }),
      }),
    };
  });
}

interface RawQuestion {
  readonly image_id: number;
  readonly question_id: number;
  readonly question: string;
}

interface RawAnnotation {
  readonly question_id: number;
  readonly multiple_choice_answer: string;
  readonly answers: readonly { readonly answer: string }[];
  readonly question_type?: string;
  readonly answer_type?: string;
  readonly region?: readonly number[];
}
