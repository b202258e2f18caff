import { check, namesWithout, optionNames } from "../../support/check.js";
import { EXTRACT_OPTIONS, type ExtractOptions, extractFeatures } from "../../features/extract-features.js";
import type { FeatureTable } from "../../features/feature-table.js";
import type { Pictures } from "../../images/picture.js";
import { USUAL_VIEWS } from "../usual-views.js";
import { type Discovery, madeWith } from "../discovery.js";
import type { Network } from "../../networks/network.js";
import { inView } from "../../networks/views/in-view.js";
import { CamlabError } from "../../support/errors.js";
import { seededRandom, shuffled } from "../../support/random.js";
import type { AnswerModel } from "./answer-model.js";
import type { PhotoQuestion } from "./photo-question.js";
import { questionsOf } from "./questions-of.js";
import { rowFinder } from "./row-finder.js";
import { type AnswersReport, testAnswers, type TestAnswersOptions } from "./test-answers.js";
import { trainAnswers, type TrainAnswersOptions } from "./train-answers.js";

/** How questions are learned and judged. */
export interface DiscoverAnswersOptions extends Omit<ExtractOptions, "layer" | "crops" | "cropRows"> {
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
export interface AnswerFindings {
  /** Of the test questions. */
  readonly test: AnswersReport;
  readonly controls?: AnswerControls;
}

/** Answers that were learned, how well, and the features that they were learned from: one row a photo. */
export interface AnswerDiscovery extends Discovery<AnswerModel, AnswerFindings> {
  readonly features: FeatureTable;
}

const OPTIONS = optionNames<DiscoverAnswersOptions, Exclude<keyof ExtractOptions, "layer" | "crops" | "cropRows">>(
  { train: true, test: true, controls: true, seed: true },
  namesWithout(EXTRACT_OPTIONS, "layer", "crops", "cropRows"),
);

/**
 * Visual question answering from image-level supervision alone: words of the question and GAP features of the photo →
 * the most frequent answers (iBOWIMG), and since the model is linear in the features, a map for every answer.
 *
 * @param set pictures with questions that have answers, and splits "train" and "test"
 * @throws CamlabError when a split has no questions, or as `extractFeatures`, `trainAnswers` and `testAnswers` do
 * @example
 * const { model, findings } = await discoverAnswers(network, await drawWorld("questions"));
 * findings.test.accuracy.value - findings.controls!.questionOnly.accuracy.value; // what the photos add
 * await ask(model, network, "street.jpg", "what colour is the bus?");
 */
export async function discoverAnswers(
  given: Network,
  set: Pictures,
  options: DiscoverAnswersOptions = {},
): Promise<AnswerDiscovery> {
  const known = check.known(options, OPTIONS, "discoverAnswers");
  const { train: how = {}, test: judging, controls = true, seed = 0, ...extract } = known;
  const network = await inView(given, options.view, USUAL_VIEWS.answers);
  const questions = questionsOf(set);
  const train = ofSplit(questions, "train");
  const test = ofSplit(questions, "test");
  const pictures = new Set([...train, ...test].map(({ picture }) => picture));
  const features = await extractFeatures(network, pictures, extract);
  const learn = { ...how, signal: options.signal, onProgress: options.onProgress };
  const model = await trainAnswers(features, train, learn);
  const found = testAnswers(model, features, test, judging);
  const { skipped, notes } = features;
  const result = { ...madeWith(network), model, skipped, notes, features };
  if (!controls) return { ...result, findings: { test: found } };
  const words = await trainAnswers(features, train, { ...learn, imageWeights: "none" });
  const wrong = withShuffledImages(features, [train, test], seed);
  const blind = await trainAnswers(wrong, train, learn);
  return {
    ...result,
    findings: {
      test: found,
      controls: {
        questionOnly: testAnswers(words, features, test, judging),
        shuffledImages: testAnswers(blind, wrong, test, judging),
      },
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
  const rowOf = rowFinder(features);
  const source = Array.from({ length: features.rows }, (_, row) => row);
  splits.forEach((questions, split) => {
    const rows = [...new Set(questions.flatMap(({ picture }) => rowOf(picture) ?? []))];
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
