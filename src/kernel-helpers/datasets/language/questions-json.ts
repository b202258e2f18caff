import { dirname, join } from "node:path";
import { existsSync } from "node:fs";
import type { PictureQuestion, PictureSet, StoredPicture } from "../../images/picture.js";
import { check } from "../../support/check.js";
import { CamlabError } from "../../support/errors.js";
import { imagePath, sayIfMissing } from "../files/image-path.js";
import { readJson } from "../files/read-json.js";
import { checkPath } from "../files/read-text.js";
import { Reading } from "../files/reading.js";
import { isObject } from "../files/values.js";
import { readVqa, type VqaOptions } from "./vqa.js";

/**
 * Reads questions about pictures: VQA as distributed (see `readVqa`), or a plain JSON list of
 * `{ image, question, answer?, answers?, split? }`, with `image` a file in `images`; where only people's answers are given,
 * the one to learn is the most frequent, of equally frequent ones the first by name.
 *
 * @returns pictures in the order in which questions first ask of them, each with its questions in their order; entries
 * that cannot be used are left out, and named in the notes
 * @throws CamlabError when the file is of neither layout, or no entry can be used
 * @example
 * const set = await readers.readQuestions("questions.json", { images: "photos", split: "train" });
 */
export async function readQuestions(path: string, options: VqaOptions = {}): Promise<PictureSet<StoredPicture>> {
  checkPath("file of questions", path);
  check.known(options, ["annotations", "images", "split"], "readQuestions");
  const reading = new Reading();
  const data = await readJson(path, reading);
  if (!Array.isArray(data)) return readVqa(path, options);
  const beside = join(dirname(path), "images");
  const folder = options.images ?? (existsSync(beside) ? beside : dirname(path));
  const entries = reading.count("entries", path);
  const found = new Map<string, StoredPicture & { readonly questions: PictureQuestion[] }>();
  (data as readonly unknown[]).forEach((entry, i) => {
    entries.attempt(`entry ${i + 1}`, () => {
      const { image, question } = plainQuestion(entry, options);
      const file = imagePath(folder, image);
      const picture = found.get(file) ?? { file, id: image, questions: [] };
      picture.questions.push(question);
      found.set(file, picture);
    });
  });
  const pictures = [...found.values()].map((picture) => {
    const splits = new Set(picture.questions.map(({ split }) => split));
    const [split] = splits;
    return splits.size === 1 && split !== undefined ? { ...picture, split } : picture;
  });
  sayIfMissing(reading, pictures, "say where they are with { images }");
  return reading.set([], pictures, path);
}

function plainQuestion(entry: unknown, { split }: VqaOptions) {
  const { image, question, answer, answers, questionType, split: own } = isObject(entry) ? entry : {};
  if (typeof image !== "string" || image === "") throw new CamlabError('"image" must be the name of a file');
  if (typeof question !== "string") throw new CamlabError('"question" must be a text');
  if (answer !== undefined && typeof answer !== "string") throw new CamlabError('"answer" must be a text');
  if (answers !== undefined && !(Array.isArray(answers) && answers.every((one) => typeof one === "string"))) {
    throw new CamlabError('"answers" must be a list of texts');
  }
  if (own !== undefined && own !== "train" && own !== "val" && own !== "test") {
    throw new CamlabError('"split" must be train, val or test');
  }
  const used = split ?? own;
  const asked: PictureQuestion = {
    question,
    ...answered(answer, answers),
    ...(typeof questionType === "string" && { questionType }),
    ...(used && { split: used }),
  };
  return { image, question: asked };
}

function answered(answer: string | undefined, answers: readonly string[] | undefined): Partial<PictureQuestion> {
  const learned = answer ?? mostFrequent(answers ?? []);
  return { ...(learned !== undefined && { answer: learned }), ...(answers && { answers }) };
}

/** Of equally frequent texts the first by name. */
function mostFrequent(texts: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0];
}
