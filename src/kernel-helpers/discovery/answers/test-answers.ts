import type { FeatureTable } from "../../features/feature-table.js";
import type { ImageSource } from "../../images/image.js";
import type { Picture } from "../../images/picture.js";
import { CamlabError } from "../../support/errors.js";
import { rowOf } from "../../support/matrix.js";
import { softmax } from "../../networks/softmax.js";
import { type BootstrapInterval, bootstrapInterval } from "../../svm/metrics/bootstrap-interval.js";
import type { AnswerModel } from "./answer-model.js";
import type { PhotoQuestion } from "./photo-question.js";
import { rowFinder } from "./row-finder.js";
import { byCount, grouped } from "../../support/grouped.js";
import { normaliseAnswer, vqaAccuracy, type VqaAccuracyOptions } from "./vqa-accuracy.js";

/** A test question and what the model said. */
export interface TestedQuestion {
  readonly picture: Picture;
  readonly question: string;
  readonly predicted: string;
  readonly probability: number;
  /** By the VQA metric, 0 to 1. */
  readonly accuracy: number;
  /** The answer of the data set. */
  readonly answer?: string;
  readonly questionType?: string;
  readonly answerType?: string;
}

/** How well a model answers questions about photos that it did not learn from. */
export interface AnswersReport {
  readonly accuracy: BootstrapInterval;
  /** The most frequent type first; the report of `questionType` as the data set gives it. */
  readonly byQuestionType: readonly KindAccuracy[];
  readonly byAnswerType: readonly KindAccuracy[];
  /** One a question that was judged, in the order given. */
  readonly questions: readonly TestedQuestion[];
  /** Photos that the questions ask of. */
  readonly photos: number;
  /** Questions with at least one word that the model does not know; and with no word that it knows. */
  readonly unknownWords: number;
  readonly noKnownWord: number;
  /** Questions for which no answer of the model would count: more than these cannot be right. */
  readonly unanswerable: number;
  /** Questions left out: without people's answers, and without features of their photo. */
  readonly withoutAnswers: number;
  readonly withoutFeatures: number;
}

/** The accuracy over a kind of question. */
export interface KindAccuracy {
  readonly kind: string;
  readonly questions: number;
  /** Mean VQA accuracy, 0 to 1, with its 95 % interval over photos. */
  readonly accuracy: BootstrapInterval;
}

/** How a model is judged. */
export interface TestAnswersOptions extends VqaAccuracyOptions {
  /** Samples of the bootstrap; 1,000 unless given. */
  readonly resamples?: number;
  /** Of the bootstrap; 0 unless given. */
  readonly seed?: number;
}

/**
 * The VQA accuracy of a model in all, by type of question and by type of answer, with 95 % bootstrap intervals. Photos
 * are drawn, not questions: questions about one photo are not independent.
 *
 * @param features one row a photo, in any order
 * @param questions with people's answers
 * @throws CamlabError when no question can be judged
 * @example
 * const report = discover.testAnswers(model, features, questions.filter(({ split }) => split === "test"));
 */
export function testAnswers(
  model: AnswerModel,
  features: FeatureTable,
  questions: readonly PhotoQuestion[],
  options: TestAnswersOptions = {},
): AnswersReport {
  const rowAt = rowFinder(features);
  const answered = questions.filter((question) => peopleOf(question).length > 0);
  const judged = answered.filter(({ picture }) => rowAt(picture) !== undefined);
  if (judged.length === 0) {
    throw new CamlabError(
      `none of ${questions.length} questions can be judged: ${questions.length - answered.length} have no answers, ` +
        `${answered.length} ask of photos without features`,
    );
  }
  const tested = judged.map((asked): TestedQuestion => {
    const { picture, question, answer, questionType, answerType } = asked;
    const scores = softmax(model.scores(question, model.channels ? rowOf(features, rowAt(picture)!) : []));
    const probability = scores.reduce((a, b) => Math.max(a, b));
    const predicted = model.answers[scores.indexOf(probability)];
    const accuracy = vqaAccuracy(predicted, peopleOf(asked), { normalise: options.normalise });
    return { picture, question, predicted, probability, accuracy, answer, questionType, answerType };
  });
  const reads = judged.map(({ question }) => model.read(question).words);
  return {
    accuracy: intervalOf(tested, options),
    byQuestionType: kindsOf(tested, ({ questionType }) => questionType, options),
    byAnswerType: kindsOf(tested, ({ answerType }) => answerType, options),
    questions: tested,
    photos: new Set(tested.map(photoOf)).size,
    unknownWords: reads.filter((words) => words.some(({ known }) => !known)).length,
    noKnownWord: reads.filter((words) => !words.some(({ known }) => known)).length,
    unanswerable: unanswerableOf(model, judged, options),
    withoutAnswers: questions.length - answered.length,
    withoutFeatures: answered.length - judged.length,
  };
}

/** What people answered; where only one answer is known, ten people who agree on it. */
function peopleOf({ answers, answer }: PhotoQuestion): readonly string[] {
  if (answers && answers.length !== 1) return answers;
  const only = answers ? answers[0] : answer;
  // One answer stands for ten people who agree: the metric leaves one person out, and nobody would be left.
  return only === undefined ? [] : Array.from({ length: 10 }, () => only);
}

/** What tells photos apart: a file by its path, whoever read it; bytes and pixels by themselves. */
function photoOf({ picture: { file } }: TestedQuestion): ImageSource {
  return file;
}

function unanswerableOf(
  model: AnswerModel,
  judged: readonly PhotoQuestion[],
  { normalise }: VqaAccuracyOptions,
): number {
  const known = new Set(model.answers.map(normaliseAnswer));
  return judged.filter((asked) => {
    const people = peopleOf(asked);
    return !people.some(
      (answer) => known.has(normaliseAnswer(answer)) && vqaAccuracy(answer, people, { normalise }) > 0,
    );
  }).length;
}

function kindsOf(
  tested: readonly TestedQuestion[],
  kindOf: (question: TestedQuestion) => string | undefined,
  options: TestAnswersOptions,
): KindAccuracy[] {
  const groups = grouped(
    tested.filter((question) => kindOf(question) !== undefined),
    (question) => kindOf(question)!,
  );
  return byCount(groups).map(([kind, group]) => ({
    kind,
    questions: group.length,
    accuracy: intervalOf(group, options),
  }));
}

function intervalOf(tested: readonly TestedQuestion[], { resamples, seed }: TestAnswersOptions): BootstrapInterval {
  const each = [...grouped(tested, photoOf).values()].map((group) => ({
    sum: group.reduce((sum, { accuracy }) => sum + accuracy, 0),
    count: group.length,
  }));
  const mean = (rows: readonly number[]) => {
    let [sum, count] = [0, 0];
    for (const row of rows) {
      sum += each[row].sum;
      count += each[row].count;
    }
    return sum / count;
  };
  return bootstrapInterval(each.length, mean, { resamples, seed });
}
