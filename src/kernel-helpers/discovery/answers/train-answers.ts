import { check, optionNames } from "../../support/check.js";
import type { FeatureTable } from "../../features/feature-table.js";
import { CamlabError } from "../../support/errors.js";
import { checkMatrix, type Matrix } from "../../support/matrix.js";
import { packageVersion } from "../../support/package-root.js";
import type { OnProgress } from "../../support/progress.js";
import { AnswerModel } from "./answer-model.js";
import { byCount, grouped } from "../../support/grouped.js";
import { openingOf, openingsOf } from "./openings.js";
import type { PhotoQuestion } from "./photo-question.js";
import { rowFinder } from "./row-finder.js";
import { vocabularyOf, wordsOf } from "./question-words.js";
import { softmaxRegression } from "./softmax-regression.js";

/** How an answerer is trained. */
export interface TrainAnswersOptions {
  /**
   * `shared` (the default): iBOWIMG as published, one set of image weights for all questions: words and photo add, and
   * the map of an answer is the same whatever is asked. `by opening`: more weights for each beginning that many
   * questions share ("what", "what colour", "is there a dog"): a question then chooses what is looked for, at the
   * price of many more weights. `none`: words alone.
   */
  readonly imageWeights?: "shared" | "by opening" | "none";
  /** The most frequent answers that are learned, at most; 1,000 unless given. */
  readonly mostAnswers?: number;
  /** Answers of fewer training questions are left out; 2 unless given. */
  readonly leastPerAnswer?: number;
  /** Words of fewer training questions are left out; 2 unless given. */
  readonly leastPerWord?: number;
  /** Training questions that make a beginning an opening; 20 unless given. */
  readonly leastPerOpening?: number;
  /** Words of an opening, at most; 6 unless given. */
  readonly longestOpening?: number;
  /** The cost of errors against the length of the weights; 1 unless given. */
  readonly C?: number;
  /** The root mean squared length of the image's features, standardised channel by channel, beside the words'; 3 unless given. */
  readonly imageScale?: number;
  /** The objective is at most this far above the optimum, relative; 1e-3 unless given. */
  readonly tolerance?: number;
  readonly onProgress?: OnProgress;
  /** Stops the training between two steps. */
  readonly signal?: AbortSignal;
  /** Kept in the model's provenance. */
  readonly notes?: Readonly<Record<string, unknown>>;
}

const OPTIONS = optionNames<TrainAnswersOptions>({
  imageWeights: true,
  mostAnswers: true,
  leastPerAnswer: true,
  leastPerWord: true,
  leastPerOpening: true,
  longestOpening: true,
  C: true,
  imageScale: true,
  tolerance: true,
  onProgress: true,
  signal: true,
  notes: true,
});

/**
 * Trains an answerer on questions about photos: multinomial logistic regression from the words of the question and the
 * GAP features of the photo to the most frequent answers (iBOWIMG). The optimisation problem, the stopping rule and
 * their sources head the file `softmax-regression.ts`.
 *
 * Questions without an answer, without features (a photo that could not be read) or with an answer that is not among
 * the most frequent are left out; the provenance counts the last.
 *
 * @param features one row a photo, as `extractFeatures` gives them for the questions' files, in any order
 * @param questions those to learn from; several may ask of one photo
 * @throws CamlabError when fewer than two answers are left to learn, for features that hold NaN, or for an option out of
 * range
 * @example
 * const features = await extractFeatures(network, set);
 * const questions = discover.questionsOf(set);
 * const model = await discover.trainAnswers(features, questions.filter(({ split }) => split === "train"));
 */
export async function trainAnswers(
  features: FeatureTable,
  questions: readonly PhotoQuestion[],
  options: TrainAnswersOptions = {},
): Promise<AnswerModel> {
  check.known(options, OPTIONS, "trainAnswers");
  const checked = checkOptions(options);
  const { imageWeights, C, tolerance } = checked;
  options.signal?.throwIfAborted();
  const rowOf = rowFinder(features);
  const answered = questions.filter(({ answer, picture }) => answer !== undefined && rowOf(picture) !== undefined);
  const answers = frequentAnswers(answered, questions.length, checked);
  checkMatrix("features", features);
  const numberOf = new Map(answers.map((answer, a) => [answer, a]));
  const used = answered.filter(({ answer }) => numberOf.has(answer!));
  const words = used.map(({ question }) => wordsOf(question));
  const vocabulary = vocabularyOf(words, checked.leastPerWord);
  const columnOf = new Map(vocabulary.map((word, column) => [word, column]));
  const least = imageWeights === "by opening" ? checked.leastPerOpening : Infinity;
  const openings = openingsOf(words, least, checked.longestOpening);
  const rows = used.map(({ picture }) => rowOf(picture)!);
  const standard = standardised(features, rows, checked.imageScale);
  const solution = await softmaxRegression({
    answers: answers.length,
    vocabulary: vocabulary.length,
    openings,
    words: words.map((each) => each.flatMap((word) => columnOf.get(word) ?? [])),
    opening: words.map((each) => openingOf(openings, each)),
    answer: used.map(({ answer }) => numberOf.get(answer!)!),
    ...(imageWeights !== "none" && { images: { features: standard.features, row: rows } }),
    C,
    tolerance,
    onStep: async (done, elapsed) => {
      options.onProgress?.({ label: "learning answers", done, elapsed });
      // Whoever would stop the work gets a turn.
      await new Promise((resolve) => setImmediate(resolve));
      options.signal?.throwIfAborted();
    },
  });
  const channels = imageWeights === "none" ? 0 : features.columns;
  return new AnswerModel({
    answers,
    words: vocabulary,
    openings,
    bias: Float32Array.from(solution.bias),
    wordWeights: tableOf(vocabulary.length, answers.length, solution.words),
    imageWeights: solution.images.map((table) => rawWeights(table, standard.scale, channels, answers.length)),
    meanFeatures: Float32Array.from(standard.mean.subarray(0, channels)),
    provenance: {
      software: `camlab ${packageVersion()}`,
      ...(channels > 0 && features.origin && { features: features.origin }),
      C,
      imageScale: checked.imageScale,
      tolerance,
      leastPerWord: checked.leastPerWord,
      questions: used.length,
      otherAnswers: answered.length - used.length,
      fit: solution.fit,
      ...(options.notes && { notes: options.notes }),
    },
  });
}

type Checked = Required<Omit<TrainAnswersOptions, "onProgress" | "signal" | "notes">>;

function checkOptions(options: TrainAnswersOptions): Checked {
  const checked: Checked = {
    imageWeights: options.imageWeights ?? "shared",
    mostAnswers: options.mostAnswers ?? 1000,
    leastPerAnswer: options.leastPerAnswer ?? 2,
    leastPerWord: options.leastPerWord ?? 2,
    leastPerOpening: options.leastPerOpening ?? 20,
    longestOpening: options.longestOpening ?? 6,
    C: options.C ?? 1,
    imageScale: options.imageScale ?? 3,
    tolerance: options.tolerance ?? 1e-3,
  };
  const { imageWeights, C, imageScale, tolerance, ...counts } = checked;
  check.oneOf("imageWeights", imageWeights, ["shared", "by opening", "none"]);
  check.counts(counts);
  check.positive("C", C);
  check.positive("imageScale", imageScale);
  check.number("tolerance", tolerance, { from: 1e-12, below: 1 });
  return checked;
}

function frequentAnswers(
  questions: readonly PhotoQuestion[],
  given: number,
  { mostAnswers, leastPerAnswer }: Checked,
): string[] {
  const answers = byCount(grouped(questions, ({ answer }) => answer!))
    .slice(0, mostAnswers)
    .flatMap(([answer, { length }]) => (length >= leastPerAnswer ? [answer] : []));
  if (answers.length >= 2) return answers;
  throw new CamlabError(
    `${questions.length} of ${given} questions have an answer and a photo with features. They give ${answers.length} answers to learn, and it takes two: ` +
      `an answer counts from ${leastPerAnswer} questions on (leastPerAnswer, --least-per-answer)`,
  );
}

interface Standardised {
  readonly features: Matrix;
  readonly mean: Float64Array;
  /** What a raw feature, less its mean, was multiplied by; 0 for a channel that is constant. */
  readonly scale: Float64Array;
}

/** Mean 0 and equal variance in each channel over the questions; rows have the given root mean squared length. */
function standardised({ rows, columns, data }: FeatureTable, used: readonly number[], length: number): Standardised {
  const mean = new Float64Array(columns);
  const squares = new Float64Array(columns);
  for (const row of used) for (let k = 0; k < columns; k++) mean[k] += data[row * columns + k] / used.length;
  for (const row of used) {
    for (let k = 0; k < columns; k++) squares[k] += (data[row * columns + k] - mean[k]) ** 2 / used.length;
  }
  const lively = squares.reduce((count, square, k) => count + (square > 1e-12 * mean[k] ** 2 ? 1 : 0), 0);
  const scale = squares.map((square, k) => (square > 1e-12 * mean[k] ** 2 ? length / Math.sqrt(square * lively) : 0));
  const result = new Float32Array(data.length);
  for (let i = 0; i < data.length; i++) result[i] = (data[i] - mean[i % columns]) * scale[i % columns];
  return { features: { rows, columns, data: result }, mean, scale };
}

function rawWeights(table: Float64Array, scale: Float64Array, channels: number, answers: number): Matrix {
  return tableOf(
    channels,
    answers,
    table.map((weight, i) => weight * scale[Math.floor(i / answers)]),
  );
}

function tableOf(rows: number, columns: number, values: Float64Array): Matrix {
  return { rows, columns, data: Float32Array.from(values) };
}
