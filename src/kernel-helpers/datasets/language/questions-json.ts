import { dirname, isAbsolute, join } from "node:path";
import { existsSync } from "node:fs";
import type { PictureQuestion, PictureSet, StoredPicture } from "../../images/picture.js";
import { CamlabError } from "../../support/errors.js";
import { readJson } from "../files/text-lines.js";
import { readVqa, type VqaOptions } from "./vqa.js";

/**
 * Reads questions about pictures: VQA as distributed (see `readVqa`), or a plain JSON list of
 * `{ image, question, answer?, answers?, split? }`, with `image` a file in `images`; where only people's answers are given,
 * the one to learn is the most frequent, of equally frequent ones the first by name.
 *
 * @returns pictures in the order in which questions first ask of them, each with its questions in their order
 * @throws CamlabError when the file is of neither layout, naming the first entry that is wrong
 * @example
 * const set = await readQuestions("questions.json", { images: "photos", split: "train" });
 */
export async function readQuestions(path: string, options: VqaOptions = {}): Promise<PictureSet<StoredPicture>> {
  if (!existsSync(path)) throw new CamlabError(`cannot read ${path}: there is no such file`);
  const data = await readJson(path);
  if (!Array.isArray(data)) return readVqa(path, options);
  const beside = join(dirname(path), "images");
  const folder = options.images ?? (existsSync(beside) ? beside : dirname(path));
  const found = new Map<string, StoredPicture & { readonly questions: PictureQuestion[] }>();
  for (const [i, entry] of data.entries()) {
    const { image, question } = plainQuestion(entry, `${path}, entry ${i + 1}`, options);
    const file = isAbsolute(image) ? image : join(folder, image);
    const picture = found.get(file) ?? { file, id: image, questions: [] };
    picture.questions.push(question);
    found.set(file, picture);
  }
  const pictures = [...found.values()].map((picture) => {
    const splits = new Set(picture.questions.map(({ split }) => split));
    const [split] = splits;
    return splits.size === 1 && split !== undefined ? { ...picture, split } : picture;
  });
  return { classes: [], pictures };
}

function plainQuestion(entry: unknown, where: string, { split }: VqaOptions) {
  const { image, question, answer, answers, questionType, split: own } = (entry ?? {}) as Record<string, unknown>;
  const wrong = (what: string) => new CamlabError(`${where}: ${what}`);
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
