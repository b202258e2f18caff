import { type ExtractOptions, extractFeatures } from "../../features/extract-features.js";
import type { FeatureTable } from "../../features/feature-table.js";
import type { PictureSet, SkippedPicture } from "../../images/picture.js";
import type { Network } from "../../networks/network.js";
import { CamlabError } from "../../support/errors.js";
import { seededRandom, shuffled } from "../../support/random.js";
import type { AnswerModel } from "./answer-model.js";
import type { PhotoQuestion } from "./photo-question.js";
import { questionsOf } from "./questions-of.js";
import { type AnswersReport, testAnswers, type TestAnswersOptions } from "./test-answers.js";
import { trainAnswers, type TrainAnswersOptions } from "./train-answers.js";

/** How questions are learned and judged. */
export interface LearnAnswersOptions extends Omit<ExtractOptions, "layer" | "crops" | "cropRows"> {
  /** How the model is trained. */
  readonly train?: Omit<TrainAnswersOptions, "signal" | "onProgress">;
  readonly test?: TestAnswersOptions;
  /** Train and judge what the figures mean something beside; true unless given. See `AnswerControls`. */
  readonly controls?: boolean;
  /** Of the shuffled images; 0 unless given. */
  readonly seed?: number;
}

/** The same questions without the photos, or with wrong ones: what is left is what words alone can tell. */
export interface AnswerControls {
  /** Trained on the words alone. */
  readonly questionOnly: AnswersReport;
  /** Trained and judged with the photos dealt out anew, at random, within each split. */
  readonly shuffledImages: AnswersReport;
}

/** Answers that were learned, and how well. */
export interface LearnedAnswers {
  readonly model: AnswerModel;
  /** Of the test questions. */
  readonly test: AnswersReport;
  readonly controls?: AnswerControls;
  /** One row a photo. */
  readonly features: FeatureTable;
  /** Photos that gave no features, and why. */
  readonly skipped: readonly SkippedPicture[];
}

/**
 * Visual question answering from image-level supervision alone: words of the question and GAP features of the photo →
 * the most frequent answers (iBOWIMG), and since the model is linear in the features, a map for every answer.
 *
 * @param set pictures with questions that have answers, and splits "train" and "test"
 * @throws CamlabError when a split has no questions, or as `extractFeatures`, `trainAnswers` and `testAnswers` do
 * @example
 * const { model, test, controls } = await learnAnswers(network, await drawWorld("questions"));
 * test.accuracy.value - controls.questionOnly.accuracy.value; // what the photos add
 * await ask(model, network, "street.jpg", "what colour is the bus?");
 */
export async function learnAnswers(
  network: Network,
  set: Pick<PictureSet, "pictures">,
  options: LearnAnswersOptions = {},
): Promise<LearnedAnswers> {
  const { train: how = {}, test: judging, controls = true, seed = 0, ...extract } = options;
  const questions = questionsOf(set);
  const train = ofSplit(questions, "train");
  const test = ofSplit(questions, "test");
  const files = [...new Set([...train, ...test].map(({ file }) => file))];
  const features = await extractFeatures(network, files, extract);
  const learn = { ...how, signal: options.signal, onProgress: options.onProgress };
  const model = await trainAnswers(features, train, learn);
  const result = { model, test: testAnswers(model, features, test, judging), features, skipped: features.skipped };
  if (!controls) return result;
  const words = await trainAnswers(features, train, { ...learn, imageWeights: "none" });
  const wrong = withShuffledImages(features, [train, test], seed);
  const blind = await trainAnswers(wrong, train, learn);
  return {
    ...result,
    controls: {
      questionOnly: testAnswers(words, features, test, judging),
      shuffledImages: testAnswers(blind, wrong, test, judging),
    },
  };
}

/**
 * The same features under other photos' names: each split's photos are dealt out anew among themselves.
 *
 * @param splits questions of each split
 */
export function withShuffledImages(
  features: FeatureTable,
  splits: readonly (readonly PhotoQuestion[])[],
  seed: number,
): FeatureTable {
  const rowOf = new Map(features.files.map((file, row) => [file, row]));
  const source = Array.from({ length: features.rows }, (_, row) => row);
  splits.forEach((questions, split) => {
    const rows = [...new Set(questions.flatMap(({ file }) => rowOf.get(file) ?? []))];
    shuffled(rows, seededRandom(`shuffled images ${seed} ${split}`)).forEach((from, i) => (source[rows[i]] = from));
  });
  return features.select(source).with((_, row) => features.pictures[row]);
}

function ofSplit(questions: readonly PhotoQuestion[], split: "train" | "test"): PhotoQuestion[] {
  const found = questions.filter((question) => question.split === split);
  if (found.length > 0) return found;
  throw new CamlabError(
    `none of ${questions.length} questions is of the split "${split}": give each a split, "train" or "test"`,
  );
}
