import type { StoredPicture } from "../../images/picture.js";
import type { Matrix } from "../../support/matrix.js";
import { selectRows } from "../../support/matrix.js";
import { averagePrecision } from "../../svm/metrics/average-precision.js";
import { type HardNegativeOptions, mineHardNegatives, type MinedSvm, type MiningRound } from "./hard-negatives.js";
import type { PhraseResult, PhraseRound } from "./phrase-report.js";
import type { PhraseSet } from "./phrase-sets.js";
import { precisionAt, rankedBy } from "./ranking.js";

/** What was learned of a phrase, before anything is located. */
export interface LearnedPhrase {
  readonly set: PhraseSet;
  readonly rounds: MinedSvm["rounds"];
  /** Held-out images, the favourites of the first and of the last round first. */
  readonly ranked: { readonly before: readonly number[]; readonly after: readonly number[] };
  readonly result: Omit<PhraseResult, "located" | "pointing" | "mined">;
}

/** How a phrase is learned. */
export interface LearnOptions extends HardNegativeOptions {
  /** Precision is taken among the first so many. */
  readonly at: number;
}

/**
 * Trains a phrase's detector with hard-negative mining, and judges each round by how it ranks the held-out images.
 *
 * @param rowOf the row of each image in `features`
 */
export async function learnPhrase(
  set: PhraseSet,
  images: readonly StoredPicture[],
  features: Matrix,
  rowOf: ReadonlyMap<number, number>,
  { at, ...mining }: LearnOptions,
): Promise<LearnedPhrase> {
  const { text, words, positives, negatives, heldOut, says } = set;
  const rowsOf = (some: readonly number[]) => some.map((i) => rowOf.get(i)!);
  const mined = await mineHardNegatives(features, rowsOf(positives), rowsOf(negatives), { ...mining, name: text });
  const judged = selectRows(features, rowsOf(heldOut));
  const holds = heldOut.map((i) => says[i]);
  const scores = mined.rounds.map(({ svm }) => svm.decisionValues(judged).data);
  const [before, after] = [scores[0], scores[scores.length - 1]];
  const imageOfRow = new Map(negatives.map((i) => [rowOf.get(i)!, images[i]]));
  const order = { before: rankedBy(before), after: rankedBy(after) };
  const named = (places: readonly number[]) => places.map((place) => heldOut[place]);
  return {
    set,
    rounds: mined.rounds,
    ranked: { before: named(order.before), after: named(order.after) },
    result: {
      text,
      words,
      at,
      positives: positives.length,
      negatives: negatives.length,
      heldOutPositives: holds.filter(Boolean).length,
      svm: mined.svm,
      stopped: mined.stopped,
      rounds: mined.rounds.map((round, r) => roundOf(round, scores[r], holds, at, imageOfRow, text)),
      ranking: order.after.map((place) => {
        const { file, id } = images[heldOut[place]];
        return { file, id, holds: holds[place], before: before[place], after: after[place] };
      }),
    },
  };
}

function roundOf(
  { round, negatives, added, hard, svm }: MiningRound,
  scores: Float32Array,
  holds: readonly boolean[],
  at: number,
  imageOfRow: ReadonlyMap<number, StoredPicture>,
  text: string,
): PhraseRound {
  const inOrder = rankedBy(scores).map((place) => holds[place]);
  return {
    round,
    negatives,
    added: added.map(({ row, score }) => {
      const { file, id } = imageOfRow.get(row)!;
      return { file, id, ...(round > 0 && { score }) };
    }),
    hard,
    precision: precisionAt(inOrder, at),
    averagePrecision: averagePrecision(scores, holds),
    weights: svm.weightsOf(text),
    bias: svm.biasOf(text),
  };
}
