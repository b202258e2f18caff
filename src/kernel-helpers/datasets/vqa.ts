import type { Box } from "../images/box.js";
import { CamlabError } from "../support/errors.js";
import { readJson, requiredList } from "./files/text-lines.js";

/** A question about an image, with the answers of several people. */
export interface VisualQuestion {
  readonly imageId: number;
  readonly questionId: number;
  readonly question: string;
  /** What the image's file is called as distributed, where the file of questions says of which images it is. */
  readonly imageName?: string;
  /** The answers to choose from, in the multiple-choice files of VQA v1. */
  readonly choices?: readonly string[];
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
 * @throws CamlabError when a file is not of that layout, naming the first entry that is wrong
 * @example
 * const questions = await readVqa("v2_OpenEnded_mscoco_val2014_questions.json", "v2_mscoco_val2014_annotations.json");
 */
export async function readVqa(questionsFile: string, annotationsFile?: string): Promise<VisualQuestion[]> {
  const { questions, data_type, data_subtype } = ((await readJson(questionsFile)) ?? {}) as RawFile;
  const annotationOf = new Map<number, RawAnnotation>();
  if (annotationsFile !== undefined) {
    const { annotations } = ((await readJson(annotationsFile)) ?? {}) as { annotations?: RawAnnotation[] };
    requiredList(annotations, "annotations", annotationsFile).forEach((annotation, i) => {
      if (!isAnnotation(annotation)) throw wrong(annotationsFile, "annotation", i, "question_id and answers");
      annotationOf.set(annotation.question_id, annotation);
    });
  }
  const named = data_type === "mscoco" || data_type?.startsWith("abstract");
  return requiredList(questions, "questions", questionsFile).map((asked, i) => {
    if (!isQuestion(asked)) throw wrong(questionsFile, "question", i, "image_id, question_id and question");
    const { image_id, question_id, question, multiple_choices } = asked;
    return {
      imageId: image_id,
      questionId: question_id,
      question,
      ...(named && data_subtype && { imageName: vqaImageName(image_id, data_subtype, data_type) }),
      ...(multiple_choices && { choices: multiple_choices }),
      ...answerOf(annotationOf.get(question_id)),
    };
  });
}

/**
 * What an image of VQA is called as distributed.
 *
 * @param subset as the files of questions call it (`data_subtype`): "train2014", "val2014", "test-dev2015"
 * @param kind as the files of questions call it (`data_type`): "mscoco", "abstract_v002"
 * @example
 * vqaImageName(262148, "val2014"); // "COCO_val2014_000000262148.jpg"
 */
export function vqaImageName(imageId: number, subset: string, kind = "mscoco"): string {
  const number = String(imageId).padStart(12, "0");
  // The questions of test-dev ask of images of the whole test part.
  const part = subset.replace("test-dev", "test");
  return kind === "mscoco" ? `COCO_${part}_${number}.jpg` : `${kind}_${part}_${number}.png`;
}

function isQuestion(asked: Partial<RawQuestion> | null): boolean {
  return asked?.image_id !== undefined && asked.question_id !== undefined && isText(asked.question);
}

function isAnnotation(found: Partial<RawAnnotation> | null): boolean {
  const { question_id, multiple_choice_answer: most, answers } = found ?? {};
  const texts = Array.isArray(answers) && answers.every((one: { answer?: unknown } | null) => isText(one?.answer));
  return question_id !== undefined && texts && (most === undefined || isText(most));
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function wrong(file: string, what: string, index: number, fields: string): CamlabError {
  return new CamlabError(`${file}, ${what} ${index + 1} lacks ${fields}, or they are not of VQA's kind`);
}

function answerOf(found: RawAnnotation | undefined): Partial<VisualQuestion> {
  if (!found) return {};
  const { multiple_choice_answer: answer, answers, question_type, answer_type, region } = found;
  return {
    ...(answer !== undefined && { answer }),
    answers: answers.map((one) => one.answer),
    questionType: question_type,
    answerType: answer_type,
    ...(region && { region: { x: region[0], y: region[1], width: region[2], height: region[3] } }),
  };
}

interface RawFile {
  readonly questions?: RawQuestion[];
  readonly data_type?: string;
  readonly data_subtype?: string;
}

interface RawQuestion {
  readonly image_id: number;
  readonly question_id: number;
  readonly question: string;
  readonly multiple_choices?: readonly string[];
}

interface RawAnnotation {
  readonly question_id: number;
  readonly multiple_choice_answer?: string;
  readonly answers: readonly { readonly answer: string }[];
  readonly question_type?: string;
  readonly answer_type?: string;
  readonly region?: readonly number[];
}
