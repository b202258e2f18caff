import { check, optionNames } from "../../support/check.js";
import type { FeatureTable } from "../../features/feature-table.js";
import { CamlabError, invalid } from "../../support/errors.js";
import { type Matrix, rowOf, selectRows } from "../../support/matrix.js";
import { type OnProgress, tellProgress } from "../../support/progress.js";
import { seededRandom, shuffled } from "../../support/random.js";
import { bootstrapInterval } from "../../svm/metrics/bootstrap-interval.js";
import type { AblationFall, AblationStep, ClassAblation, UnitAblation } from "./ablation.js";
import { rankUnits, type UnitWeights } from "./rank-units.js";
import { type ClassScores, classScoresOf } from "./class-scores.js";
import { labelsOf } from "../../images/picture.js";

/** How units are silenced. */
export interface AblationOptions {
  /** The classes whose units are silenced; all that a picture shows unless given. */
  readonly classes?: readonly string[];
  /** How many units, as rising shares of all of them, 0 < s ≤ 1; 0.01 to 0.5 unless given. */
  readonly shares?: readonly number[];
  /** Draws of random units for each class, the control; 20 unless given. */
  readonly draws?: number;
  /** Of the draws; 0 unless given. */
  readonly seed?: number;
  /** Called after each class. */
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

const SHARES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5];

const OPTIONS = optionNames<AblationOptions>({
  classes: true,
  shares: true,
  draws: true,
  seed: true,
  onProgress: true,
  signal: true,
});

/**
 * Silences a class's units, those of highest weight first, and watches what is left of the class: against as many random
 * units, and against what the other classes lose.
 *
 * To silence unit k is to set f_k to 0 everywhere, so F_k to 0. Scores are linear in F, S_c = Σ_k w_k^c F_k + b_c, so
 * this needs no run of the network: on features that are already extracted it is exact. (A layer normalisation, and an
 * SVM's division by ‖F‖, are computed anew from what is left of F.)
 *
 * @param weights a network, or a linear SVM trained on its features
 * @param features of pictures with labels that were not learned from, as `extractFeatures` gives them; labels that are no
 *   class are left out
 * @throws CamlabError when no picture shows a class, the features are of another network or not finite, an option is outside its
 *   range, or the head's scores are no function of pooled features; the signal's reason when aborted
 * @example
 * const features = await extractFeatures(network, await drawWorld("objects", { train: 0 }));
 * const { all } = await discover.ablateUnits(network, features);
 * all[3].times; // a class loses 9 times as much with its own top 10 % as with 10 % at random
 */
export async function ablateUnits(
  weights: UnitWeights,
  features: FeatureTable,
  options: AblationOptions = {},
): Promise<UnitAblation> {
  const { shares = SHARES, draws = 20, seed = 0, onProgress, signal } = check.known(options, OPTIONS, "ablateUnits");
  checkOptions(shares, draws);
  const scoring = classScoresOf(weights);
  const { table, labels } = labelledPictures(features, scoring);
  const classes = classesOf(scoring, labels, options.classes);
  const counts = [...new Set(shares.map((share) => Math.max(1, Math.round(share * table.columns))))];
  const before = scoring.scores(table);
  const tell = tellProgress(onProgress, "silencing units", classes.length);
  const looked: Looked[] = [];
  for (const [done, index] of classes.entries()) {
    signal?.throwIfAborted();
    // Lets a signal and other work through between classes.
    await new Promise((resolve) => setImmediate(resolve));
    const order = rankUnits(weights, scoring.classes[index]);
    looked.push(lookAtClass({ scoring, table, labels, before, counts, draws, seed }, index, order));
    tell(done + 1);
  }
  const sums = sumsOfPictures(looked.flatMap(({ pairs }) => pairs));
  return {
    channels: table.columns,
    pictures: table.rows,
    draws,
    seed,
    before: overPictures(sums, (rows) => meanOf(sums, rows, ({ before }) => before)),
    all: counts.map((units, step) => fallAt(looked, sums, units, units / table.columns, step)),
    classes: looked.map(({ ablation }) => ablation),
  };
}

/** Whether a class that a picture shows is named, before and after: 1 or 0, for random units the mean of the draws. */
interface Pair {
  readonly picture: number;
  readonly before: number;
  readonly top: readonly number[];
  readonly random: readonly number[];
}

interface Looked {
  readonly ablation: ClassAblation;
  readonly pairs: readonly Pair[];
}

interface Bench {
  readonly scoring: ClassScores;
  readonly table: Matrix;
  /** For each picture the numbers of its classes. */
  readonly labels: readonly ReadonlySet<number>[];
  /** Scores of all pictures with no unit silent. */
  readonly before: Matrix;
  readonly counts: readonly number[];
  readonly draws: number;
  readonly seed: number;
}

function lookAtClass(bench: Bench, index: number, order: ClassAblation["units"]): Looked {
  const { scoring, table, labels, before, counts, draws, seed } = bench;
  const rows = labels.flatMap((set, row) => (set.has(index) ? [row] : []));
  const own = selectRows(table, rows);
  const units = order.map(({ unit }) => unit);
  const random = seededRandom(`ablation ${seed} ${scoring.classes[index]}`);
  const ownBefore = selectRows(before, rows);
  const namedIn = (scores: Matrix) =>
    rows.map((row, i) => (isNamed(rowOf(scores, i), index, labels[row].size) ? 1 : 0));
  const watch = (silenced: readonly number[]) =>
    silenceInSteps(scoring, own, ownBefore, silenced, counts, (scores) => ({
      named: namedIn(scores),
      score: meanOfColumn(scores, index),
    }));
  const top = watch(units);
  const drawn = Array.from({ length: draws }, () => watch(shuffled(units, random)));
  const others = silenceInSteps(scoring, table, before, units, counts, (scores) => othersNamed(scores, labels, index));
  const namedBefore = namedIn(ownBefore);
  const steps = counts.map((count, step): AblationStep => ({
    units: count,
    share: count / table.columns,
    top: { accuracy: mean(top[step].named), score: top[step].score },
    random: {
      accuracy: mean(drawn.flatMap((draw) => draw[step].named)),
      score: mean(drawn.map((draw) => draw[step].score)),
    },
    others: others[step],
  }));
  const ablation = {
    class: scoring.classes[index],
    pictures: rows.length,
    units: order.slice(0, counts.at(-1)),
    before: {
      accuracy: mean(namedBefore),
      score: meanOfColumn(ownBefore, index),
      others: othersNamed(before, labels, index),
    },
    steps,
  };
  const pairs = rows.map((picture, i) => ({
    picture,
    before: namedBefore[i],
    top: top.map(({ named }) => named[i]),
    random: counts.map((_, step) => mean(drawn.map((draw) => draw[step].named[i]))),
  }));
  return { ablation, pairs };
}

/** What is seen of the scores with the first so many units silent, for each of the rising counts. */
function silenceInSteps<T>(
  { scores: scoresOf, byUnit }: ClassScores,
  features: Matrix,
  before: Matrix,
  units: readonly number[],
  counts: readonly number[],
  seen: (scores: Matrix) => T,
): T[] {
  const left = { ...features, data: byUnit ? features.data : features.data.slice() };
  const scores = { ...before, data: before.data.slice() };
  return counts.map((count, step) => {
    for (const unit of units.slice(counts[step - 1] ?? 0, count)) {
      if (byUnit) takeAway(scores, left, unit, byUnit);
      else for (let at = unit; at < left.data.length; at += left.columns) left.data[at] = 0;
    }
    return seen(byUnit ? scores : scoresOf(left));
  });
}

/** S_c − w_k^c F_k for every picture and class. */
function takeAway({ rows, columns, data }: Matrix, features: Matrix, unit: number, byUnit: Float32Array): void {
  for (let row = 0; row < rows; row++) {
    const value = features.data[row * features.columns + unit];
    if (value === 0) continue;
    for (let c = 0; c < columns; c++) data[row * columns + c] -= value * byUnit[unit * columns + c];
  }
}

/** Whether a class is among the n highest scores. */
function isNamed(scores: Float32Array, index: number, n: number): boolean {
  const own = scores[index];
  let higher = 0;
  for (let c = 0; c < scores.length; c++) if (scores[c] > own) higher++;
  return higher < n;
}

function othersNamed(scores: Matrix, labels: readonly ReadonlySet<number>[], index: number): number {
  let [all, named] = [0, 0];
  labels.forEach((set, row) => {
    for (const other of set) {
      if (other === index) continue;
      all++;
      if (isNamed(rowOf(scores, row), other, set.size)) named++;
    }
  });
  return all > 0 ? named / all : 0;
}

/** What the classes of one picture give together. */
interface PictureSums {
  pairs: number;
  before: number;
  readonly top: number[];
  readonly random: number[];
}

/** Pictures are drawn again, each with all of its classes, so sums of each are enough. */
function sumsOfPictures(pairs: readonly Pair[]): PictureSums[] {
  const pictures = new Map<number, PictureSums>();
  for (const { picture, before, top, random } of pairs) {
    const known = pictures.get(picture);
    if (!known) {
      pictures.set(picture, { pairs: 1, before, top: [...top], random: [...random] });
      continue;
    }
    known.pairs++;
    known.before += before;
    top.forEach((value, step) => (known.top[step] += value));
    random.forEach((value, step) => (known.random[step] += value));
  }
  return [...pictures.values()];
}

function fallAt(
  looked: readonly Looked[],
  sums: readonly PictureSums[],
  units: number,
  share: number,
  step: number,
): AblationFall {
  const fall = (rows: readonly number[], kind: "top" | "random") =>
    meanOf(sums, rows, (picture) => picture.before - picture[kind][step]);
  return {
    units,
    share,
    top: overPictures(sums, (rows) => fall(rows, "top")),
    random: overPictures(sums, (rows) => fall(rows, "random")),
    times: overPictures(sums, (rows) => times(fall(rows, "top"), fall(rows, "random"))),
    others: mean(looked.map(({ ablation }) => ablation.before.others - ablation.steps[step].others)),
  };
}

function times(top: number, random: number): number {
  return random > 0 ? top / random : top > 0 ? Infinity : 0;
}

function meanOf(sums: readonly PictureSums[], rows: readonly number[], of: (picture: PictureSums) => number): number {
  let [total, pairs] = [0, 0];
  for (const row of rows) {
    total += of(sums[row]);
    pairs += sums[row].pairs;
  }
  return total / pairs;
}

function overPictures(sums: readonly PictureSums[], statistic: (rows: readonly number[]) => number) {
  return bootstrapInterval(sums.length, statistic);
}

/** The pictures that show a class, and the numbers of the classes that each shows. */
function labelledPictures(features: FeatureTable, { classes }: ClassScores): { table: Matrix; labels: Set<number>[] } {
  const numbers = new Map(classes.map((name, index) => [name, index]));
  const all = features.pictures.map((picture) => {
    return new Set(labelsOf(picture).flatMap((name) => numbers.get(name) ?? []));
  });
  const rows = all.flatMap((set, row) => (set.size > 0 ? [row] : []));
  const odd = rows.find((row) => !rowOf(features, row).every(Number.isFinite));
  if (odd !== undefined)
    throw new CamlabError(`the features of ${features.files[odd]} are not all finite: extract them again`);
  if (rows.length > 0) return { table: selectRows(features, rows), labels: rows.map((row) => all[row]) };
  const shown = classes.slice(0, 3).map((name) => JSON.stringify(name));
  throw new CamlabError(
    `none of the ${features.rows} pictures has a label that is a class: labels must be names such as ${shown.join(", ")}`,
  );
}

function classesOf(
  scoring: ClassScores,
  labels: readonly ReadonlySet<number>[],
  wanted: readonly string[] | undefined,
): number[] {
  const shown = new Set(labels.flatMap((set) => [...set]));
  if (wanted === undefined) return [...shown].sort((a, b) => a - b);
  if (wanted.length === 0) throw invalid("classes", wanted, "at least one class");
  return wanted.map((name) => {
    const index = scoring.indexOf(name);
    if (shown.has(index)) return index;
    throw new CamlabError(`no picture shows the class ${JSON.stringify(name)}, so there is nothing to watch fall`);
  });
}

function checkOptions(shares: readonly number[], draws: number): void {
  const rising = shares.every((share, i) => share > 0 && share <= 1 && (i === 0 || share > shares[i - 1]));
  if (shares.length === 0 || !rising) throw invalid("shares", shares, "rising numbers, 0 < s ≤ 1");
  check.count("draws", draws);
}

function meanOfColumn({ rows, columns, data }: Matrix, column: number): number {
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += data[row * columns + column];
  return sum / rows;
}

function mean(values: readonly number[]): number {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
}
