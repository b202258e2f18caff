import { existsSync, statSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import type { Split } from "../../datasets/labelled-image.js";
import { readJson } from "../../datasets/files/text-lines.js";
import { readVqa } from "../../datasets/vqa.js";
import { readRecords, readWorld } from "../../../world/read-world.js";
import { CamlabError } from "../../support/errors.js";
import { byCount, grouped } from "./grouped.js";
import type { PhotoQuestion } from "./photo-question.js";
import { worldQuestions } from "./world-questions.js";

/** Where questions and photos lie. */
export interface ReadQuestionsOptions {
  /** VQA's file of annotations: people's answers. */
  readonly annotations?: string;
  /** The folder of the photos; `images` beside the file of questions unless given, or that file's own folder. */
  readonly images?: string;
  /** The split of all questions, for layouts that have one file a split. */
  readonly split?: Split;
}

/**
 * Reads questions about photos, in one of three layouts:
 *
 * - VQA v1 or v2 as distributed: the file of questions, with `annotations` and `images`;
 * - a plain JSON list of `{ image, question, answer?, answers?, split? }`, with `image` a file in `images`; where only
 *   people's answers are given, the one to learn is the most frequent, of equally frequent ones the first by name;
 * - a folder that `camlab dataset make questions` drew.
 *
 * @throws CamlabError when the file is of no such layout, naming the first entry that is wrong
 * @example
 * const questions = await readPhotoQuestions("v2_OpenEnded_mscoco_val2014_questions.json", {
 *   annotations: "v2_mscoco_val2014_annotations.json",
 *   images: "val2014",
 * });
 */
export async function readPhotoQuestions(path: string, options: ReadQuestionsOptions = {}): Promise<PhotoQuestion[]> {
  if (!existsSync(path)) throw new CamlabError(`cannot read ${path}: there is no such file or folder`);
  if (statSync(path).isDirectory()) return drawnQuestions(path);
  const beside = join(dirname(path), "images");
  const images = options.images ?? (existsSync(beside) ? beside : dirname(path));
  const data = await readJson(path);
  return Array.isArray(data) ? plainQuestions(data, path, images, options) : vqaQuestions(path, images, options);
}

async function drawnQuestions(folder: string): Promise<PhotoQuestion[]> {
  const { images } = await readWorld(folder);
  const records = [];
  for await (const record of readRecords(folder)) records.push(record);
  return worldQuestions({ images, records });
}

async function vqaQuestions(
  path: string,
  images: string,
  { annotations, split }: ReadQuestionsOptions,
): Promise<PhotoQuestion[]> {
  const questions = await readVqa(path, annotations);
  return questions.map(({ imageName, imageId, question, answer, answers, questionType, answerType, region }) => {
    if (imageName === undefined) {
      throw new CamlabError(`${path} does not say of which images it is (data_type, data_subtype): image ${imageId}`);
    }
    return {
      file: join(images, imageName),
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

function plainQuestions(
  entries: readonly unknown[],
  path: string,
  images: string,
  { split }: ReadQuestionsOptions,
): PhotoQuestion[] {
  return entries.map((entry, i) => {
    const { image, question, answer, answers, questionType, split: own } = (entry ?? {}) as Record<string, unknown>;
    const wrong = (what: string) => new CamlabError(`${path}, entry ${i + 1}: ${what}`);
    if (typeof image !== "string") throw wrong('"image" must be the name of a file');
    if (typeof question !== "string") throw wrong('"question" must be a text');
    if (answer !== undefined && typeof answer !== "string") throw wrong('"answer" must be a text');
    if (answers !== undefined && !(Array.isArray(answers) && answers.every((one) => typeof one === "string"))) {
      throw wrong('"answers" must be a list of texts');
    }
    if (own !== undefined && own !== "train" && own !== "val" && own !== "test") {
      throw wrong('"split" must be train, val or test');
    }
    const used = split ?? own;
    return {
      file: isAbsolute(image) ? image : join(images, image),
      question,
      ...answered(answer, answers),
      ...(typeof questionType === "string" && { questionType }),
      ...(used && { split: used }),
    };
  });
}

function answered(answer: string | undefined, answers: readonly string[] | undefined): Partial<PhotoQuestion> {
  const learned = answer ?? (answers?.length ? byCount(grouped(answers, (one) => one))[0][0] : undefined);
  return { ...(learned !== undefined && { answer: learned }), ...(answers && { answers }) };
}
