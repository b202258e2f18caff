import type { FeatureOrigin } from "../../features/feature-table.js";
import { softmax } from "../../networks/softmax.js";
import { check } from "../../support/check.js";
import { CamlabError, invalid } from "../../support/errors.js";
import { checkMatrix, type Matrix, rowOf } from "../../support/matrix.js";
import { withChecksum } from "../../support/files/saved-object.js";
import { chainOf, type Opening, openingOf } from "./openings.js";
import { wordsOf } from "./question-words.js";
import type { SoftmaxFit } from "./softmax-regression.js";

/** Where a model comes from: enough to train it again. */
export interface AnswerProvenance {
  /** "camlab 0.1.0". */
  readonly software: string;
  /** What the features were made with; absent for a model of words alone. */
  readonly features?: FeatureOrigin;
  readonly C: number;
  /** The features' root mean squared length when they met the words. */
  readonly imageScale: number;
  readonly tolerance: number;
  /** Training questions that a word had to be in to count; absent for a model that was saved before this was kept. */
  readonly leastPerWord?: number;
  /** Questions that it learned from. */
  readonly questions: number;
  /** Training questions left out, as their answer is not among the model's. */
  readonly otherAnswers: number;
  readonly fit: SoftmaxFit;
  readonly notes?: Readonly<Record<string, unknown>>;
}

/** What an `AnswerModel` is made of. */
export type AnswerModelParts = Pick<
  AnswerModel,
  "answers" | "words" | "openings" | "bias" | "wordWeights" | "imageWeights" | "meanFeatures" | "provenance"
>;

/** How a model reads a question. */
export interface ReadQuestion {
  readonly question: string;
  /** Its words in order, and whether the model has a weight for each. */
  readonly words: readonly { readonly word: string; readonly known: boolean }[];
  /** The longest known beginning, whose image weights are used; "" is every question's. */
  readonly opening: string;
  /** What a person should know: words that it never met, no words at all. */
  readonly notes: readonly string[];
}

/** Why an answer has its score: `score = bias + Σ words + image`. */
export interface AnswerParts {
  readonly answer: string;
  /** Softmax of the scores of all answers. */
  readonly probability: number;
  readonly score: number;
  /** What the answer has before anything is asked or seen. */
  readonly bias: number;
  /** What each known word adds, in the question's order; a word that comes twice adds twice. */
  readonly words: readonly { readonly word: string; readonly contribution: number }[];
  /** What the photo adds, against the mean photo of the training. */
  readonly image: number;
}

/**
 * A trained answerer: a linear model on the words of a question and the GAP features F_k of a photo,
 *
 *   S_a(q, F) = bias_a + Σ_{w ∈ q} ω_{w,a} + Σ_k u_{k,a}(q) (F_k − F̄_k),
 *
 * with F̄ the mean features of the training photos. The weights u stand in raw feature space, so Σ_k u_{k,a} f_k(x, y)
 * is the class activation map of answer a, and its mean over the map is what the photo adds, up to a constant.
 *
 * With shared image weights u_a is the same for every question: another question moves the map only by having another
 * answer. With weights by opening, u_a(q) = Σ u_a over the openings that q has: the question chooses what is looked for.
 *
 * @example
 * const model = await discover.trainAnswers(features, questions);
 * model.parts("what colour is the bus?", seen.features)[0]; // { answer: "red", probability: 0.83, … }
 */
export class AnswerModel {
  /** The answers that it can give, the most frequent first. */
  readonly answers: readonly string[];
  /** The words that it knows. */
  readonly words: readonly string[];
  /** Beginnings of questions that have image weights of their own; the first is "", every question's. */
  readonly openings: readonly Opening[];
  /** One an answer. */
  readonly bias: Float32Array;
  /** `words × answers`. */
  readonly wordWeights: Matrix;
  /** One table an opening, `channels × answers`, on raw features; no rows for a model of words alone. */
  readonly imageWeights: readonly Matrix[];
  /** F̄, one a channel. */
  readonly meanFeatures: Float32Array;
  readonly provenance: AnswerProvenance;
  readonly #columnOf: ReadonlyMap<string, number>;

  constructor(parts: AnswerModelParts) {
    this.answers = parts.answers;
    this.words = parts.words;
    this.openings = parts.openings;
    this.bias = parts.bias;
    this.wordWeights = parts.wordWeights;
    this.imageWeights = parts.imageWeights;
    this.meanFeatures = parts.meanFeatures;
    this.provenance = parts.provenance;
    this.#columnOf = new Map(parts.words.map((word, column) => [word, column]));
  }

  /** Values that a photo's features have; 0 for a model of words alone. */
  get channels(): number {
    return this.meanFeatures.length;
  }

  /**
   * What the model makes of a question, before any photo.
   *
   * @example
   * model.read("What colour is the zeppelin?").notes; // ["fewer than 2 training questions had the word “zeppelin”: …"]
   */
  read(question: string): ReadQuestion {
    const words = wordsOf(question).map((word) => ({ word, known: this.#columnOf.has(word) }));
    const opening = this.openings[this.#opening(question)].words;
    return { question, words, opening, notes: notesOn(words, this.provenance.leastPerWord) };
  }

  /**
   * The class activation weights u_{k,a}(q) of an answer, one a channel, for `cam`.
   *
   * @param question the question; for shared weights it makes no difference
   * @throws CamlabError for an answer that the model cannot give, and for a model of words alone
   * @example
   * cam(seen, model.weightsOf("red", "what colour is the bus?"), { label: "red" });
   */
  weightsOf(answer: string, question = ""): Float32Array {
    const column = this.answers.indexOf(answer);
    if (column < 0) {
      throw invalid(
        "answer",
        answer,
        `one of the model's ${this.answers.length}: ${this.answers.slice(0, 8).join(", ")}, …`,
      );
    }
    if (this.channels === 0) throw new CamlabError("this model was trained on words alone: it has no maps");
    const sum = new Float64Array(this.channels);
    for (const g of chainOf(this.openings, this.#opening(question))) {
      const { columns, data } = this.imageWeights[g];
      for (let k = 0; k < sum.length; k++) sum[k] += data[k * columns + column];
    }
    return Float32Array.from(sum);
  }

  /**
   * Scores S_a of all answers.
   *
   * @param features the photo's raw GAP features; may be left out for a model of words alone
   * @throws CamlabError for a wrong number of channels, or features that hold NaN
   */
  scores(question: string, features: ArrayLike<number> = []): Float32Array {
    const total = this.#wordScores(question);
    const image = this.#imageScores(question, features);
    return Float32Array.from(total, (score, a) => score + image[a]);
  }

  /**
   * The most probable answer to each question, and its probability.
   *
   * @param questions one a row of the features
   * @throws CamlabError when there is not one a row, or as `scores` does
   */
  predict(questions: readonly string[], features?: Matrix): { answer: string; probability: number }[] {
    if (features) checkMatrix("features", features);
    if (features && features.rows !== questions.length) {
      throw new CamlabError(`there are ${questions.length} questions, but ${features.rows} rows of features`);
    }
    return questions.map((question, row) => {
      const probabilities = softmax(this.scores(question, features && rowOf(features, row)));
      const probability = probabilities.reduce((a, b) => Math.max(a, b));
      return { answer: this.answers[probabilities.indexOf(probability)], probability };
    });
  }

  /**
   * The most probable answers, best first, and what each owes to every word and to the photo.
   *
   * @param top how many; 5 unless given
   * @throws CamlabError as `scores` does
   */
  parts(question: string, features: ArrayLike<number> = [], top = 5): AnswerParts[] {
    check.count("top", top);
    const image = this.#imageScores(question, features);
    const scores = this.scores(question, features);
    const probabilities = softmax(scores);
    const known = wordsOf(question).filter((word) => this.#columnOf.has(word));
    const order = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a] || a - b);
    return order.slice(0, top).map((a) => ({
      answer: this.answers[a],
      probability: probabilities[a],
      score: scores[a],
      bias: this.bias[a],
      words: known.map((word) => ({ word, contribution: rowOf(this.wordWeights, this.#columnOf.get(word)!)[a] })),
      image: image[a],
    }));
  }

  /** The model as plain data that JSON can hold; `answerModelFromJson` reads it back. */
  toJSON(): Record<string, unknown> {
    const rows = (table: Matrix) =>
      Array.from({ length: table.rows }, (_, row) => Array.from(rowOf(table, row), short));
    return withChecksum({
      format: "camlab answer model",
      version: 1,
      answers: this.answers,
      words: this.words,
      openings: this.openings,
      channels: this.channels,
      provenance: this.provenance,
      bias: Array.from(this.bias, short),
      meanFeatures: Array.from(this.meanFeatures, short),
      wordWeights: rows(this.wordWeights),
      imageWeights: this.imageWeights.map(rows),
    });
  }

  #opening(question: string): number {
    return openingOf(this.openings, wordsOf(question));
  }

  /** bias_a + Σ ω. */
  #wordScores(question: string): Float64Array {
    const scores = Float64Array.from(this.bias);
    for (const word of wordsOf(question)) {
      const column = this.#columnOf.get(word);
      if (column !== undefined) rowOf(this.wordWeights, column).forEach((weight, a) => (scores[a] += weight));
    }
    return scores;
  }

  /** Σ_k u_{k,a}(q) (F_k − F̄_k). */
  #imageScores(question: string, features: ArrayLike<number>): Float64Array {
    const { channels } = this;
    const scores = new Float64Array(this.answers.length);
    if (channels === 0) return scores;
    if (features.length !== channels) {
      throw new CamlabError(
        `the photo has ${features.length} features, but the model was trained on ${channels}: use the same network and layer`,
      );
    }
    for (const g of chainOf(this.openings, this.#opening(question))) {
      const { columns, data } = this.imageWeights[g];
      for (let k = 0; k < channels; k++) {
        const x = features[k] - this.meanFeatures[k];
        if (!Number.isFinite(x)) throw new CamlabError(`the photo's features hold ${features[k]} at channel ${k}`);
        for (let a = 0; a < columns; a++) scores[a] += x * data[k * columns + a];
      }
    }
    return scores;
  }
}

function notesOn(words: ReadQuestion["words"], least: number | undefined): string[] {
  if (words.length === 0) return ["the question has no words: the answer rests on the photo alone"];
  const unknown = [...new Set(words.flatMap(({ word, known }) => (known ? [] : [`“${word}”`])))];
  if (unknown.length === 0) return [];
  const few =
    least === undefined
      ? "none or too few of the training questions"
      : least === 1
        ? "no training question"
        : `fewer than ${least} training questions`;
  const which = `${few} had the ${unknown.length > 1 ? "words" : "word"} ${unknown.join(", ")}`;
  const all = words.every(({ known }) => !known);
  return [all ? `${which}: the answer rests on the photo alone` : `${which}: it counts for nothing`];
}

/** Six digits tell weights apart better than their training does. */
function short(value: number): number {
  return Number(value.toPrecision(6));
}
