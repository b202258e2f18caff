import { type Answered, askSeen } from "../../../kernel-helpers/discovery/answers/ask.js";
import type { AnswerModel } from "../../../kernel-helpers/discovery/answers/answer-model.js";
import type { PhotoQuestion } from "../../../kernel-helpers/discovery/answers/photo-question.js";
import { questionsOf } from "../../../kernel-helpers/discovery/answers/questions-of.js";
import { trainAnswers } from "../../../kernel-helpers/discovery/answers/train-answers.js";
import { normaliseAnswer } from "../../../kernel-helpers/discovery/answers/vqa-accuracy.js";
import { USUAL_VIEWS } from "../../../kernel-helpers/discovery/usual-views.js";
import { extractFeatures } from "../../../kernel-helpers/features/extract-features.js";
import type { FeatureTable } from "../../../kernel-helpers/features/feature-table.js";
import type { Picture } from "../../../kernel-helpers/images/picture.js";
import type { Network } from "../../../kernel-helpers/networks/network.js";
import { softmax } from "../../../kernel-helpers/networks/softmax.js";
import { isSkipped, lookAtAll } from "../../../kernel-helpers/networks/look-at-all.js";
import { inView } from "../../../kernel-helpers/networks/views/in-view.js";
import { evenly, grouped } from "../../../kernel-helpers/support/grouped.js";
import type { FigureSource } from "./figure.js";
import { inTurns } from "./in-turns.js";
import { lightOf } from "./light-of.js";

const TURNS = 4;
/** Photographs whose maps are made. */
const MOST_MAPPED = 100;

/** A question that was answered. */
export interface AnsweredInTurns {
  readonly asked: PhotoQuestion;
  readonly right: boolean;
  /** How probable the answer is. */
  readonly probability: number;
  /** By the question's words alone: whether that is right, and how probable the answer is. */
  readonly byWords: { readonly right: boolean; readonly probability: number };
  /** What answered it. */
  readonly model: AnswerModel;
}

/** A right answer with its map. */
export interface MappedAnswer extends AnsweredInTurns {
  readonly answered: Answered;
  /** Of its photograph, 0 to 1. */
  readonly brightness: number;
}

/** Questions answered in turns. */
export interface AnswersInTurns {
  readonly questions: readonly AnsweredInTurns[];
  /** Whether what answered a question had not seen its photograph; otherwise it had learned from all of them. */
  readonly heldOut: boolean;
  /** Different answers. */
  readonly answers: number;
  /** Those that were answered right. */
  readonly mapped: readonly MappedAnswer[];
}

/**
 * Answers questions in turns: each by what was learned from other photographs. Where that answers fewer than `least`, too few
 * are known to learn from, and all are learned from and answered.
 *
 * @throws CamlabError when there are too few answers to learn
 */
export async function answersInTurns(source: FigureSource, least: number): Promise<AnswersInTurns> {
  const { signal, seed } = source;
  const network = await inView(source.network, undefined, USUAL_VIEWS.answers);
  const known = questionsOf(source.photos).filter(({ answer }) => answer !== undefined);
  const features = await extractFeatures(network, new Set(known.map(({ picture }) => picture)), { signal });
  const read = new Set<Picture>(features.pictures);
  const questions = known.filter(({ picture }) => read.has(picture));
  const photos = [...new Set(questions.map(({ picture }) => picture))];
  const answersTo = grouped(questions, ({ picture }) => picture);
  const found: AnsweredInTurns[] = [];
  for (const turn of inTurns(photos, (photo) => answersTo.get(photo)!.map(({ answer }) => answer!), {
    turns: TURNS,
    seed,
  })) {
    const held = new Set(photos.filter((_, i) => turn[i].split === "test"));
    const [learned, tested] = [false, true].map((is) => questions.filter(({ picture }) => held.has(picture) === is));
    if (tested.length > 0 && hasTwoAnswers(learned))
      found.push(...(await answeredBy(features, learned, tested, signal)));
  }
  const heldOut = found.filter(({ right }) => right).length >= least;
  const answered = heldOut ? found : await answeredBy(features, questions, questions, signal);
  return {
    ...{ questions: answered, heldOut, answers: new Set(questions.map(({ answer }) => answer)).size },
    mapped: await mapped(
      network,
      answered.filter(({ right }) => right),
      signal,
    ),
  };
}

function hasTwoAnswers(questions: readonly PhotoQuestion[]): boolean {
  return new Set(questions.map(({ answer }) => answer)).size > 1;
}

/** Learns from some questions and answers others. */
async function answeredBy(
  features: FeatureTable,
  learned: readonly PhotoQuestion[],
  asked: readonly PhotoQuestion[],
  signal: AbortSignal,
): Promise<AnsweredInTurns[]> {
  const options = { leastPerAnswer: 1, leastPerWord: 1, signal };
  const model = await trainAnswers(features, learned, options);
  const words = await trainAnswers(features, learned, { ...options, imageWeights: "none" });
  const rowOf = new Map<Picture, number>(features.pictures.map((picture, row) => [picture, row]));
  const texts = asked.map(({ question }) => question);
  const rows = features.select(asked.map(({ picture }) => rowOf.get(picture)!));
  const [answers, byWords] = [model.predict(texts, rows), words.predict(texts)];
  return asked.map((each, i) => {
    const { answer, probability } = answers[i];
    return {
      ...{ asked: each, model, probability, right: isSame(each, answer) },
      byWords: {
        right: isSame(each, byWords[i].answer),
        probability: softmax(words.scores(each.question))[words.answers.indexOf(answer)],
      },
    };
  });
}

function isSame({ answer }: PhotoQuestion, given: string): boolean {
  return normaliseAnswer(answer!) === normaliseAnswer(given);
}

/** Each photograph is looked at once for all its questions. */
async function mapped(
  network: Network,
  answered: readonly AnsweredInTurns[],
  signal: AbortSignal,
): Promise<MappedAnswer[]> {
  const ofPhoto = grouped(answered, ({ asked }) => asked.picture);
  const found: MappedAnswer[] = [];
  for await (const seen of lookAtAll(network, evenly([...ofPhoto.keys()], MOST_MAPPED), { top: 1, signal })) {
    if (isSkipped(seen)) continue;
    const brightness = (await lightOf(seen.picture.file)) / 255;
    for (const each of ofPhoto.get(seen.picture)!)
      found.push({ ...each, brightness, answered: askSeen(each.model, seen, each.asked.question, { top: 1 }) });
  }
  return found;
}
