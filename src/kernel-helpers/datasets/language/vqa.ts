import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { PictureQuestion, PictureSet, StoredPicture } from "../../images/picture.js";
import { check } from "../../support/check.js";
import { CamlabError } from "../../support/errors.js";
import { imagePath, sayIfMissing } from "../files/image-path.js";
import { notOfLayout } from "../files/layouts.js";
import { readJson } from "../files/read-json.js";
import { checkPath } from "../files/read-text.js";
import { Reading } from "../files/reading.js";
import { isObject, type JsonObject, keyOf, numberOf, numbersOf, shown } from "../files/values.js";
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
 * the number of the image. Questions and annotations that are not of VQA's kind, and annotations of questions that are not
 * there, are left out, and named in the notes
 * @throws CamlabError when a file is not of that layout, or nothing in it can be used
 * @example
 * const set = await readers.readVqa("v2_OpenEnded_mscoco_val2014_questions.json", {
 *   annotations: "v2_mscoco_val2014_annotations.json",
 *   images: "val2014",
 * });
 */
export async function readVqa(questionsFile: string, options: VqaOptions = {}): Promise<PictureSet<StoredPicture>> {
  checkPath("file of questions", questionsFile);
  check.known(options, ["annotations", "images", "split"], "readVqa");
  const reading = new Reading();
  const raw = await readJson(questionsFile, reading);
  if (!isObject(raw) || !Array.isArray(raw.questions)) {
    throw await notOfLayout(questionsFile, "readVqa", 'has no list "questions"');
  }
  const answers = await answersIn(options.annotations, reading);
  const beside = join(dirname(questionsFile), "images");
  const folder = options.images ?? (existsSync(beside) ? beside : dirname(questionsFile));
  const found = new Map<string, StoredPicture & { readonly questions: PictureQuestion[] }>();
  const tally = reading.count("questions", questionsFile);
  const asked = new Set<string>();
  (raw.questions as readonly unknown[]).forEach((question, i) => {
    const label =
      isObject(question) && keyOf(question.question_id) !== undefined
        ? `question ${keyOf(question.question_id)}`
        : `question ${i + 1} of the list`;
    tally.attempt(label, () => {
      const { image, id, text, number, choices } = questionOf(question);
      if (asked.has(id)) throw new CamlabError("its number is that of a question before it");
      asked.add(id);
      const name = isObject(question) && typeof question.image === "string" ? question.image : officialName(image, raw);
      const picture = found.get(image) ?? {
        file: imagePath(folder, name),
        id: image,
        ...(options.split && { split: options.split }),
        questions: [],
      };
      picture.questions.push({
        ...(number !== undefined && { id: number }),
        question: text,
        ...(choices && { choices }),
        ...answers?.get(id),
      });
      found.set(image, picture);
    });
  });
  if (answers) sayUnmatched(asked, answers, options.annotations!, reading);
  const pictures = [...found.values()];
  sayIfMissing(reading, pictures, "say where they are with { images }");
  return reading.set([], pictures, questionsFile);
}

interface AskedQuestion {
  /** Keys of the picture and of the question. */
  readonly image: string;
  readonly id: string;
  readonly text: string;
  readonly number?: number;
  readonly choices?: readonly string[];
}

function questionOf(question: unknown): AskedQuestion {
  const { image_id, question_id, question: text, multiple_choices } = isObject(question) ? question : {};
  const [image, id] = [keyOf(image_id), keyOf(question_id)];
  if (image === undefined || id === undefined || typeof text !== "string") {
    throw new CamlabError("it lacks image_id, question_id and question, or they are not of VQA's kind");
  }
  if (multiple_choices !== undefined && multiple_choices !== null && !isTexts(multiple_choices)) {
    throw new CamlabError(`its choices are ${shown(multiple_choices)}`);
  }
  return {
    image,
    id,
    text,
    number: numberOf(question_id),
    ...(isTexts(multiple_choices) && { choices: multiple_choices }),
  };
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

function officialName(image: string, { data_type: kind, data_subtype: subset }: JsonObject): string {
  const isKnown = typeof kind === "string" && (kind === "mscoco" || kind.startsWith("abstract"));
  const number = numberOf(image);
  if (!isKnown || typeof subset !== "string") {
    throw new CamlabError("the file does not say of which images it is (data_type, data_subtype)");
  }
  if (number === undefined || !Number.isSafeInteger(number) || number < 0)
    throw new CamlabError(`its image is ${shown(image)}, no number`);
  return vqaImageName(number, subset, kind);
}

/** What is known of the answers, by question. */
type Answers = ReadonlyMap<string, Partial<PictureQuestion>>;

async function answersIn(file: string | undefined, reading: Reading): Promise<Answers | undefined> {
  if (file === undefined) return undefined;
  const raw = await readJson(file, reading);
  if (!isObject(raw) || !Array.isArray(raw.annotations)) {
    throw await notOfLayout(file, "readVqa as its option `annotations`", 'has no list "annotations"');
  }
  const tally = reading.count("annotations", file);
  const answers = new Map<string, Partial<PictureQuestion>>();
  (raw.annotations as readonly unknown[]).forEach((annotation, i) => {
    const key = isObject(annotation) ? keyOf(annotation.question_id) : undefined;
    tally.attempt(key === undefined ? `annotation ${i + 1} of the list` : `annotation of question ${key}`, () => {
      if (!isObject(annotation) || key === undefined) throw new CamlabError("it lacks question_id");
      if (answers.has(key)) throw new CamlabError("the question has an annotation before it");
      answers.set(key, answerOf(annotation));
    });
  });
  return answers;
}

/** How many are named on one line. */
const NAMED = 20;

function sayUnmatched(asked: ReadonlySet<string>, answers: Answers, file: string, reading: Reading): void {
  const say = (keys: readonly string[], what: string) => {
    const more = keys.length > NAMED ? ` and ${keys.length - NAMED} more` : "";
    if (keys.length > 0) reading.say(`${keys.length} ${what}: ${keys.slice(0, NAMED).join(", ")}${more}`);
  };
  say(
    [...answers.keys()].filter((key) => !asked.has(key)),
    `annotations of ${file} are of questions that are not there`,
  );
  say(
    [...asked].filter((key) => !answers.has(key)),
    `questions have no annotation in ${file}`,
  );
}

/**
 * What an image of VQA is called as distributed.
 *
 * @param subset as the files of questions call it (`data_subtype`): "train2014", "val2014", "test-dev2015"
 * @param kind as the files of questions call it (`data_type`): "mscoco", "abstract_v002"
 * @example
 * readers.vqaImageName(262148, "val2014"); // "COCO_val2014_000000262148.jpg"
 */
export function vqaImageName(imageId: number, subset: string, kind = "mscoco"): string {
  const number = String(imageId).padStart(12, "0");
  // The questions of test-dev ask of images of the whole test part.
  const part = subset.replace("test-dev", "test");
  return kind === "mscoco" ? `COCO_${part}_${number}.jpg` : `${kind}_${part}_${number}.png`;
}

function answerOf(annotation: JsonObject): Partial<PictureQuestion> {
  const { multiple_choice_answer: answer, answers, question_type, answer_type, region } = annotation;
  const texts = Array.isArray(answers)
    ? (answers as readonly unknown[]).map((one) => (isObject(one) ? one.answer : one))
    : [];
  if (texts.length === 0 || !isTexts(texts)) throw new CamlabError("it lacks answers, or they are not of VQA's kind");
  if (answer !== undefined && typeof answer !== "string")
    throw new CamlabError(`its most frequent answer is ${shown(answer)}`);
  const box = numbersOf(region);
  if (region !== undefined && (box?.length !== 4 || box[2] < 0 || box[3] < 0))
    throw new CamlabError(`its region is ${shown(region)}`);
  return {
    ...(answer !== undefined && { answer }),
    answers: texts,
    ...(typeof question_type === "string" && { questionType: question_type }),
    ...(typeof answer_type === "string" && { answerType: answer_type }),
    ...(box && { box: { x: box[0], y: box[1], width: box[2], height: box[3] } }),
  };
}
