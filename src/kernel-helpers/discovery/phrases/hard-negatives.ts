/*
 * Hard-negative mining. Of the many images that a concept is not said of, most are nothing like it and teach nothing.
 * The detector starts with a few, drawn at random; then it looks at all the others, and those that it takes for the
 * concept, or nearly, come in.
 *
 *   S ← the positives and a random sample of the negatives
 *   repeat: train a linear SVM on S
 *           hard ← negatives outside S with a decision value above −1: on the wrong side, or within the margin
 *           stop when there are none, or at the limit of rounds
 *           S ← S and those of `hard` that score highest
 *
 * A negative at or below −1 has a hinge loss of zero. So when none outside S is above −1, the SVM on S is the optimum of
 * the problem on *all* negatives: nothing that was left out could change it. That is Felzenszwalb, Girshick, McAllester
 * and Ramanan, "Object detection with discriminatively trained part-based models" (PAMI 2010), section 4.4; Dalal and
 * Triggs (CVPR 2005) did a single round. It holds because an example is the same and costs the same in every round: what
 * `standardise` and balanced weights are learned from is not S but all positives and negatives; and S only grows here, so
 * that no example can come and go.
 */
import { check, optionNames } from "../../support/check.js";
import { CamlabError, invalid } from "../../support/errors.js";
import { type Matrix, selectRows } from "../../support/matrix.js";
import { type OnProgress, tellProgress } from "../../support/progress.js";
import { seededRandom, shuffled } from "../../support/random.js";
import type { LinearSvm } from "../../svm/linear-svm.js";
import { trainLinearSvm, type TrainingFeatures } from "../../svm/train-linear-svm.js";
import type { TrainOptions } from "../../svm/train-options.js";
import { usualSvm } from "../new-task/usual-svm.js";

/** How negatives are mined. */
export interface HardNegativeOptions {
  /** What the positives are, as the SVM's class of that name; `positive` unless given. */
  readonly name?: string;
  /** Negatives to begin with, drawn at random; as many as there are positives unless given. */
  readonly initial?: number;
  /** Negatives that come in each round, at most; as many as there are positives unless given. */
  readonly perRound?: number;
  /** Rounds of mining, at most; 10 unless given. 0 trains on the random negatives alone. */
  readonly rounds?: number;
  /** Draws the negatives to begin with; 0 unless given. */
  readonly seed?: number;
  /** How each SVM is trained; as `usualSvm` says unless given: up to 256 channels standardised, C 0.003; more L2-normalised, C 1. */
  readonly svm?: Omit<TrainOptions, "warmStart" | "sampleWeights" | "stepsFrom">;
  /** Called after each round. */
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** A row of the features, and its decision value. */
export interface ScoredRow {
  readonly row: number;
  readonly score: number;
}

/** One training of the detector. */
export interface MiningRound {
  /** From 0: the training on random negatives. */
  readonly round: number;
  /** The negatives that came in before this training, with the decision values that brought them in, highest first; in round 0 none has one. */
  readonly added: readonly ScoredRow[];
  /** Negatives that it was trained on. */
  readonly negatives: number;
  /** Negatives that it was not trained on, yet puts above the margin. */
  readonly hard: number;
  readonly svm: LinearSvm<string>;
}

/** A detector, and how it came about. */
export interface MinedSvm {
  /** That of the last round: class `name` against "not name". */
  readonly svm: LinearSvm<string>;
  readonly rounds: readonly MiningRound[];
  /** Why it stopped: no negative is left above the margin, or the rounds were used up. */
  readonly stopped: "none above the margin" | "round limit";
}

const OPTIONS = optionNames<HardNegativeOptions>({
  name: true,
  initial: true,
  perRound: true,
  rounds: true,
  seed: true,
  svm: true,
  onProgress: true,
  signal: true,
});

/**
 * Trains a linear SVM with hard-negative mining, as the head of this file describes.
 *
 * @param features one row an image
 * @param positives rows that the concept is true of
 * @param negatives rows that it is not true of, all of them
 * @throws CamlabError when there are no positives or no negatives, a row is both or does not exist, or as
 *   `trainLinearSvm` does; the signal's reason when aborted
 * @example
 * const { svm, rounds } = await discover.mineHardNegatives(features, [0, 4, 7], [1, 2, 3, 5, 6], { seed: 1 });
 * rounds.map(({ negatives, hard }) => [negatives, hard]); // [[60, 212], [120, 31], [151, 0]]
 */
export async function mineHardNegatives(
  features: TrainingFeatures,
  positives: readonly number[],
  negatives: readonly number[],
  options: HardNegativeOptions = {},
): Promise<MinedSvm> {
  check.known(options, OPTIONS, "mineHardNegatives");
  checkRows(features, positives, negatives);
  const { initial = positives.length, perRound = positives.length, rounds: limit = 10 } = options;
  const { seed = 0, onProgress, signal } = options;
  check.counts({ initial, perRound });
  check.wholeNumber("rounds", limit);
  const tell = tellProgress(onProgress, "mining negatives");
  const drawn = shuffled(negatives, seededRandom(`initial negatives ${seed}`));
  const used = drawn.slice(0, initial);
  let outside = drawn.slice(initial);
  let added: readonly ScoredRow[] = used.map((row) => ({ row, score: NaN }));
  const rounds: MiningRound[] = [];
  const problem = problemOf(features, positives, negatives, options);
  for (let round = 0; ; round++) {
    signal?.throwIfAborted();
    const svm = await trainOn(features, positives, used, { ...problem, warmStart: rounds.at(-1)?.svm });
    const hard = aboveMargin(svm, features, outside);
    rounds.push({ round, added, negatives: used.length, hard: hard.length, svm });
    tell(round + 1);
    if (hard.length === 0) return { svm, rounds, stopped: "none above the margin" };
    if (round === limit) return { svm, rounds, stopped: "round limit" };
    added = hard.slice(0, perRound);
    used.push(...added.map(({ row }) => row));
    const taken = new Set(added.map(({ row }) => row));
    outside = outside.filter((row) => !taken.has(row));
  }
}

/** The decision value below which a negative has no loss. */
const MARGIN = -1;

/** What is the same in every round: all that an example's place and cost depend on. */
function problemOf(
  features: Matrix,
  positives: readonly number[],
  negatives: readonly number[],
  { name = "positive", svm, signal, seed = 0 }: HardNegativeOptions,
): TrainOptions & { readonly positive: string } {
  const all = positives.length + negatives.length;
  const balanced = {
    [name]: all / (2 * positives.length),
    [`not ${name}`]: all / (2 * negatives.length),
  };
  return {
    ...usualSvm(features.columns, svm?.steps),
    seed,
    signal,
    ...svm,
    ...(svm?.classWeights === "balanced" && { classWeights: balanced }),
    stepsFrom: selectRows(features, [...positives, ...negatives]),
    positive: name,
  };
}

async function trainOn(
  features: TrainingFeatures,
  positives: readonly number[],
  negatives: readonly number[],
  options: TrainOptions & { readonly positive: string },
): Promise<LinearSvm<string>> {
  const rows = { ...selectRows(features, [...positives, ...negatives]), origin: features.origin };
  const { positive } = options;
  const labels = Array.from({ length: rows.rows }, (_, i) => (i < positives.length ? positive : `not ${positive}`));
  return trainLinearSvm(rows, labels, options);
}

/** Those of some rows that an SVM puts above the margin, highest first; of equal ones the lower row. */
function aboveMargin(svm: LinearSvm, features: Matrix, rows: readonly number[]): ScoredRow[] {
  if (rows.length === 0) return [];
  const { data } = svm.decisionValues(selectRows(features, rows));
  return rows
    .map((row, i) => ({ row, score: data[i] }))
    .filter(({ score }) => score > MARGIN)
    .sort((a, b) => b.score - a.score || a.row - b.row);
}

function checkRows({ rows }: Matrix, positives: readonly number[], negatives: readonly number[]): void {
  if (positives.length === 0) throw new CamlabError("there are no positives to learn from");
  if (negatives.length === 0) throw new CamlabError("there are no negatives to learn from: a detector needs both");
  const seen = new Set<number>();
  for (const row of [...positives, ...negatives]) {
    if (!Number.isInteger(row) || row < 0 || row >= rows) throw invalid("row", row, `0 to ${rows - 1}`);
    if (seen.has(row)) throw new CamlabError(`row ${row} is named twice: a row is positive or negative, once`);
    seen.add(row);
  }
}
