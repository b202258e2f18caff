import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PictureQuestion, PictureSet, StoredPicture } from "../../images/picture.js";
import { CamlabError } from "../../support/errors.js";
import { readJson, requiredList } from "../files/text-lines.js";
import type { Split } from "../sets/split.js";

/** Where the pictures of VQA lie, and what they are for. */
export interface VqaOptions {
  /** People's answers: the file of annotations, for the splits that have it. */
  readonly annotations?: string;
  /** The folder of the pictures; `images` beside the file of questions, where there is one, else that file's own folder. */
  readonly images?: string;
  /** The split of all questions: VQA has one file a split. */
  readonly split?: Split;
}

/**
 * Reads VQA v1 or v2 as distributed: a file of questions and, for the splits that have it, a file of annotations.
 *
 * @returns pictures in the order in which questions first ask of them, each with its questions in their order; its id is
 * the number of the image
 * @throws CamlabError when a file is not of that layout, naming the first entry that is wrong
 * @example
 * const set = await readVqa("v2_OpenEnded_mscoco_val2014_questions.json", {
 *   annotations: "v2_mscoco_val2014_annotations.json",
 *   images: "val2014",
 * });
 */
export async function readVqa(questionsFile: string, options: VqaOptions = {}): Promise<PictureSet<StoredPicture>> {
  const { questions, data_type, data_subtype } = ((await readJson(questionsFile)) ?? {}) as RawFile;
  const asked = requiredList(questions, "questions", questionsFile);
  const odd = asked.findIndex((question) => !isQuestion(question));
  if (odd >= 0) throw wrong(questionsFile, "question", odd, "image_id, question_id and question");
  const annotationOf = await annotationsIn(options.annotations);
  const named = data_subtype !== undefined && (data_type === "mscoco" || data_type?.startsWith("abstract"));
  const beside = join(dirname(questionsFile), "images");
  const folder = options.images ?? (existsSync(beside) ? beside : dirname(questionsFile));
  const found = new Map<number, StoredPicture & { readonly questions: PictureQuestion[] }>();
  for (const { image_id, image, question_id, question, multiple_choices } of asked) {
    const name = image ?? (named && vqaImageName(image_id, data_subtype, data_type));
    if (!name) throw new CamlabError(`${questionsFile} does not say of which images it is (data_type, data_subtype)`);
    const picture = found.get(image_id) ?? {
      file: join(folder, name),
      id: String(image_id),
      ...(options.split && { split: options.split }),
      questions: [],
    };
    picture.questions.push({
      id: question_id,
      question,
      ...(multiple_choices && { choices: multiple_choices }),
      ...answerOf(annotationOf.get(question_id)),
    });
    found.set(image_id, picture);
  }
  return { classes: [], pictures: [...found.values()] };
}

async function annotationsIn(file: string | undefined): Promise<ReadonlyMap<number, RawAnnotation>> {
  const annotationOf = new Map<number, RawAnnotation>();
  if (file === undefined) return annotationOf;
  const { annotations } = ((await readJson(file)) ?? {}) as { annotations?: RawAnnotation[] };
  requiredList(annotations, "annotations", file).forEach((annotation, i) => {
    if (!isAnnotation(annotation)) throw wrong(file, "annotation", i, "question_id and answers");
    annotationOf.set(annotation.question_id, annotation);
  });
  return annotationOf;
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

function answerOf(found: RawAnnotation | undefined): Partial<PictureQuestion> {
  if (!found) return {};
  const { multiple_choice_answer: answer, answers, question_type, answer_type, region } = found;
  return {
    ...(answer !== undefined && { answer }),
    answers: answers.map((one) => one.answer),
    questionType: question_type,
    answerType: answer_type,
    ...(region && { box: { x: region[0], y: region[1], width: region[2], height: region[3] } }),
  };
}

interface RawFile {
  readonly questions?: RawQuestion[];
  readonly data_type?: string;
  readonly data_subtype?: string;
}

interface RawQuestion {
  readonly image_id: number;
  /** Not of VQA: the name of the image's file, for sets that name them otherwise. */
  readonly image?: string;
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
