import type { Discovery } from "../discovery.js";
import type { LinearSvm } from "../../svm/linear-svm.js";
import type { MinedSvm } from "./hard-negatives.js";
import type { LocatedImage, Pointing } from "./locate-phrases.js";
import type { MinedPhrase } from "./mine-phrases.js";
import type { UnlearnedPhrase } from "./phrase-sets.js";

/** An image that came in as a hard negative. */
export interface HardNegative {
  readonly file: string;
  readonly id: string;
  /** The decision value that brought it in; absent for those drawn at random in round 0. */
  readonly score?: number;
}

/** One training of a phrase's detector, and how well it ranks the held-out images. */
export interface PhraseRound {
  /** From 0: the training on random negatives. */
  readonly round: number;
  /** Negatives that it was trained on. */
  readonly negatives: number;
  /** Those that came in before this training, highest first. */
  readonly added: readonly HardNegative[];
  /** Negatives that it was not trained on, yet puts above the margin. */
  readonly hard: number;
  /** Share of the first `at` held-out images whose captions say the phrase. */
  readonly precision: number;
  readonly averagePrecision: number;
  /** w_k, one a channel, on raw features; and the bias. */
  readonly weights: Float32Array;
  readonly bias: number;
}

/** A held-out image in the order that a detector puts it in. */
export interface RankedImage {
  readonly file: string;
  readonly id: string;
  /** Whether its captions say the phrase. */
  readonly holds: boolean;
  /** Decision value before mining (round 0), and after (the last round). */
  readonly before: number;
  readonly after: number;
}

/** A concept that was learned from captions. */
export interface PhraseResult {
  readonly text: string;
  /** Its words without articles. */
  readonly words: readonly string[];
  /** What mining the captions says of it; absent for a phrase that was given and not found so. */
  readonly mined?: MinedPhrase;
  /** Precision is taken among the first so many. */
  readonly at: number;
  /** Images to learn from that say it, and that do not. */
  readonly positives: number;
  readonly negatives: number;
  /** Held-out images that say it. */
  readonly heldOutPositives: number;
  /** The detector after mining: class `text` against "not text". */
  readonly svm: LinearSvm;
  readonly stopped: MinedSvm["stopped"];
  readonly rounds: readonly PhraseRound[];
  /** All held-out images, the detector's favourite first. */
  readonly ranking: readonly RankedImage[];
  /**
   * Where the phrase is, by the maps of the first and the last round: in the first `top` images of both rankings, and
   * in every held-out image that is known to hold the phrase.
   */
  readonly located: readonly LocatedImage[];
  /** How often the maps point into the phrase's true box, before and after mining, where boxes are known. */
  readonly pointing?: { readonly before: Pointing; readonly after: Pointing };
}

/** A line of the table: plain values, shares from 0 to 1. */
export interface PhraseLine {
  readonly phrase: string;
  readonly positives: number;
  readonly heldOut: number;
  readonly rounds: number;
  readonly negatives: number;
  /** Among how many of the ranking precision is taken. */
  readonly at: number;
  readonly precisionBefore: number;
  readonly precisionAfter: number;
  readonly averagePrecision: number;
  /** Where boxes are known: maps whose peak lies in the box, and what a random point would reach. */
  readonly pointing?: number;
  readonly chance?: number;
}

/** How many images there were. */
export interface ImageCounts {
  /** Images with captions to learn from, and held out. */
  readonly train: number;
  readonly heldOut: number;
  /** Images without captions, which were left out. */
  readonly withoutCaptions: number;
}

/** What was found of concepts learned from captions. */
export interface PhraseFindings extends ImageCounts {
  /** Precision is taken among the first so many at most: `at` of each result says among how many. */
  readonly at: number;
  readonly seed: number;
  /** In the order of the phrases: as given, or most specific first. */
  readonly results: readonly PhraseResult[];
  /** Phrases that nothing could be learned of, and why. */
  readonly unlearned: readonly UnlearnedPhrase[];
  /** One a phrase. */
  readonly lines: readonly PhraseLine[];
}

/** Concepts learned from captions: the model is a detector for each phrase. */
export type PhraseDiscovery = Discovery<ReadonlyMap<string, LinearSvm>, PhraseFindings>;

/** A result as a line of the table. */
export function lineOf({ text, at, positives, heldOutPositives, rounds, pointing }: PhraseResult): PhraseLine {
  const [first, last] = [rounds[0], rounds[rounds.length - 1]];
  return {
    phrase: text,
    positives,
    heldOut: heldOutPositives,
    rounds: rounds.length - 1,
    negatives: last.negatives,
    at,
    precisionBefore: first.precision,
    precisionAfter: last.precision,
    averagePrecision: last.averagePrecision,
    ...(pointing && { pointing: pointing.after.share.value, chance: pointing.after.chance }),
  };
}
