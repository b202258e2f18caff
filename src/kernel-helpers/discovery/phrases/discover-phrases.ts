import { performance } from "node:perf_hooks";
import { listOf, type Picture, type Pictures, type StoredPicture } from "../../images/picture.js";
import { type ExtractOptions, extractFeatures } from "../../features/extract-features.js";
import type { FeatureTable } from "../../features/feature-table.js";
import type { Network } from "../../networks/network.js";
import { inView } from "../../networks/views/in-view.js";
import { openForTask } from "../../networks/tasks/open-for-task.js";
import { check, optionNames } from "../../support/check.js";
import { CamlabError } from "../../support/errors.js";
import { madeWith } from "../discovery.js";
import { USUAL_VIEWS } from "../usual-views.js";
import type { HardNegativeOptions } from "./hard-negatives.js";
import { learnPhrase, type LearnedPhrase } from "./learn-phrase.js";
import { locatePhrases, pointingOf } from "./locate-phrases.js";
import { minePhrases, type MineOptions } from "./mine-phrases.js";
import { lineOf, type PhraseDiscovery, type PhraseResult } from "./phrase-report.js";
import {
  type Division,
  divideImages,
  phraseSets,
  type PhraseSet,
  readPhrases,
  type SaidPhrase,
  type UnlearnedPhrase,
} from "./phrase-sets.js";

/** How concepts are learned from captions. */
export interface DiscoverPhrasesOptions extends Pick<
  ExtractOptions,
  "view" | "batchSize" | "cache" | "maxPixels" | "onProgress" | "signal"
> {
  /** The phrases to learn; those that `minePhrases` finds in the training captions unless given. */
  readonly phrases?: readonly string[];
  /** How phrases are found, and how captions become words. */
  readonly mine?: MineOptions;
  /** How negatives are mined. */
  readonly mining?: Omit<HardNegativeOptions, "name" | "seed" | "onProgress" | "signal">;
  /** A phrase said of fewer images to learn from is left out, and named in `findings.unlearned`; 5 unless given. */
  readonly minPositives?: number;
  /**
   * Precision is taken among the first so many of the ranking; unless given 20, or, of a phrase that fewer held-out images
   * say, as many as say it: a perfect ranking has 1.
   */
  readonly at?: number;
  /** Maps are made of the first so many images of each ranking, before and after mining; 12 unless given. */
  readonly top?: number;
  /** Of images without splits, the share that is held out; a third unless given. */
  readonly heldOutShare?: number;
  /** Draws the negatives to begin with, and the split where there is none; 0 unless given. */
  readonly seed?: number;
}

const OPTIONS = optionNames<DiscoverPhrasesOptions>({
  view: true,
  batchSize: true,
  cache: true,
  maxPixels: true,
  onProgress: true,
  signal: true,
  phrases: true,
  mine: true,
  mining: true,
  minPositives: true,
  at: true,
  top: true,
  heldOutShare: true,
  seed: true,
});

/**
 * The paper's concept discovery: learns *what a phrase of the captions looks like, and where it is*, from images whose
 * captions say it against images whose captions do not. For each phrase a linear SVM on GAP features is trained with
 * hard-negative mining (`mineHardNegatives` states the rule); it ranks the held-out images, and its weights draw class
 * activation maps M(x, y) = Σ_k w_k f_k(x, y) of them. No box and no label is used, only text about whole images.
 *
 * A caption that does not say a phrase is taken for a negative, true or not: people leave things out, so a share of the
 * negatives is wrong wherever captions are few, and precision is a lower bound.
 *
 * @param set with captions; with splits ("train", and "test" or "val"), or else a third is drawn to be held out
 * @throws CamlabError when no image has a caption, nothing can be learned of any phrase (it says why of each), or an
 *   option is outside its range; the signal's reason when aborted
 * @example
 * const { pictures } = await readers.readCaptionsCsv("captions.txt", { images: "Images" });
 * const { findings } = await discoverPhrases(network, pictures, { phrases: ["dog in the snow"] });
 * widgets.phraseChart(findings.results[0]);
 */
export async function discoverPhrases(
  given: Network,
  set: Pictures<StoredPicture>,
  options: DiscoverPhrasesOptions = {},
): Promise<PhraseDiscovery> {
  const {
    minPositives = 5,
    at = MOST_AT,
    top = 12,
    heldOutShare = 1 / 3,
    seed = 0,
    signal,
  } = check.known(options, OPTIONS, "discoverPhrases");
  check.counts({ minPositives, at, top });
  const images = listOf(set);
  const told = divideImages(images, { heldOutShare, seed });
  const mined = options.phrases
    ? []
    : minePhrases(
        told.train.map((i) => images[i].captions ?? []),
        options.mine,
      );
  const said = readPhrases(images, options.phrases ?? mined.map(({ text }) => text), options.mine);
  // What nothing can be learned of is better known before hours of features than after.
  setsOrReasons(said, told, minPositives, options);
  signal?.throwIfAborted();

  using own = await openForTask(given, "phrases");
  const network = await inView(own.network, options.view, USUAL_VIEWS.phrases);
  const { features, rowOf } = await featuresOf(network, images, told, options);
  if (features.rows === 0)
    throw new CamlabError(`none of the ${features.skipped.length} images could be read: ${features.skipped[0].error}`);
  const readable = (some: readonly number[]) => some.filter((i) => rowOf.has(i));
  const division = { train: readable(told.train), heldOut: readable(told.heldOut) };
  const { sets, skipped } = setsOrReasons(said, division, minPositives, options);
  const learned = await learnAll(sets, images, features, rowOf, { ...options, seed });
  const { batchSize, maxPixels, onProgress } = options;
  const asked = learned.map((each) => toLocate(each, top));
  const { located, skipped: gone } = await locatePhrases(network, images, asked, {
    batchSize,
    maxPixels,
    signal,
    onProgress,
  });
  const results = learned.map(({ result }, i): PhraseResult => {
    const mine = mined.find(({ text }) => text === result.text);
    return { ...result, ...(mine && { mined: mine }), located: located[i], ...pointingOf(located[i]) };
  });
  const findings = {
    train: division.train.length,
    heldOut: division.heldOut.length,
    withoutCaptions: told.withoutCaptions.length,
    at,
    seed,
    results,
    unlearned: skipped,
    lines: results.map(lineOf),
  };
  const model = new Map(results.map(({ text, svm }) => [text, svm]));
  const notes = [...features.notes, ...own.notes];
  return { ...madeWith(network), model, findings, skipped: [...features.skipped, ...gone], notes };
}

function setsOrReasons(
  said: readonly SaidPhrase[],
  division: Division,
  minPositives: number,
  { phrases, mine }: DiscoverPhrasesOptions,
): { sets: PhraseSet[]; skipped: UnlearnedPhrase[] } {
  if (said.length === 0) {
    const images = `${mine?.minImages ?? 10} of the ${division.train.length} images to learn from`;
    throw new CamlabError(
      phrases
        ? "no phrases are given: leave the option out to mine them"
        : `no phrase is said of ${images}: lower mine.minImages (--min-images), or give phrases (--phrase)`,
    );
  }
  const chosen = phraseSets(said, division, minPositives);
  if (chosen.sets.length > 0) return chosen;
  const reasons = chosen.skipped.slice(0, 5).map(({ text, reason }) => `${JSON.stringify(text)}: ${reason}`);
  throw new CamlabError(`nothing can be learned of any phrase. ${reasons.join("; ")}`);
}

/** Features of the images that are used, and the row of each that could be read. */
async function featuresOf(
  network: Network,
  images: readonly StoredPicture[],
  { train, heldOut }: Division,
  { batchSize, cache, maxPixels, onProgress, signal }: DiscoverPhrasesOptions,
): Promise<{ features: FeatureTable; rowOf: Map<number, number> }> {
  const used = [...train, ...heldOut].sort((a, b) => a - b);
  const pictures = used.map((i) => images[i]);
  const features = await extractFeatures(network, pictures, { batchSize, cache, maxPixels, onProgress, signal });
  const rows = new Map<Picture, number>(features.pictures.map((picture, row) => [picture, row]));
  const rowOf = new Map(used.filter((i) => rows.has(images[i])).map((i) => [i, rows.get(images[i])!]));
  return { features, rowOf };
}

/** Precision is taken among no more than these unless the options say it. */
const MOST_AT = 20;

async function learnAll(
  sets: readonly PhraseSet[],
  images: readonly StoredPicture[],
  features: FeatureTable,
  rowOf: ReadonlyMap<number, number>,
  { mining, at, seed, signal, onProgress }: DiscoverPhrasesOptions,
): Promise<LearnedPhrase[]> {
  const started = performance.now();
  const learned: LearnedPhrase[] = [];
  for (const set of sets) {
    const saying = set.heldOut.filter((i) => set.says[i]).length;
    const own = at ?? Math.min(MOST_AT, saying);
    learned.push(await learnPhrase(set, images, features, rowOf, { ...mining, at: own, seed, signal }));
    const elapsed = performance.now() - started;
    onProgress?.({ label: "learning phrases", done: learned.length, total: sets.length, elapsed });
  }
  return learned;
}

/** The first of both rankings, then held-out images that are known to hold the phrase; each once. */
function toLocate({ set, rounds, ranked }: LearnedPhrase, top: number) {
  const known = set.heldOut.filter((i) => set.boxes[i].length > 0);
  return {
    text: set.text,
    before: rounds[0].svm,
    after: rounds[rounds.length - 1].svm,
    says: set.says,
    boxes: set.boxes,
    images: [...new Set([...ranked.after.slice(0, top), ...ranked.before.slice(0, top), ...known])],
  };
}
