import type { StoredPicture } from "../../images/picture.js";
import { CamlabError, invalid } from "../../support/errors.js";
import { seededRandom, shuffled } from "../../support/random.js";
import type { Box } from "../../images/box.js";
import { placeIn, type WordOptions, wordReader } from "./caption-words.js";

/** A phrase, and what is said and known of it in each image. */
export interface SaidPhrase {
  readonly text: string;
  /** Its words without articles. */
  readonly words: readonly string[];
  /** Whether each image's captions say it. */
  readonly says: readonly boolean[];
  /** Where it is in each image, as far as that is known. */
  readonly boxes: readonly (readonly Box[])[];
}

/** A phrase that can be learned. */
export interface PhraseSet extends SaidPhrase {
  /** Images to learn from whose captions say it, and those whose captions do not. */
  readonly positives: readonly number[];
  readonly negatives: readonly number[];
  /** Held-out images with captions. */
  readonly heldOut: readonly number[];
}

/** Which images are to learn from, which are held out. */
export interface Division {
  readonly train: readonly number[];
  readonly heldOut: readonly number[];
}

/** A phrase that nothing can be learned of, and why. */
export interface UnlearnedPhrase {
  readonly text: string;
  readonly reason: string;
}

/**
 * Divides images: those of the split "train" are learned from, those of "test" (of "val", where there are none) are
 * held out. Where no image has a split, a share of them is drawn.
 *
 * @returns also the images without captions, which are neither for nor against any phrase
 * @throws CamlabError when no image has a caption, or one of the two parts is empty
 */
export function divideImages(
  images: readonly StoredPicture[],
  { heldOutShare, seed }: { readonly heldOutShare: number; readonly seed: number },
): Division & { readonly withoutCaptions: readonly number[] } {
  if (!(heldOutShare > 0 && heldOutShare < 1)) throw invalid("heldOutShare", heldOutShare, "0 < share < 1");
  const all = images.map((_, i) => i);
  const hasCaption = (i: number) => (images[i].captions ?? []).some((caption) => caption.trim());
  const told = all.filter(hasCaption);
  const withoutCaptions = all.filter((i) => !hasCaption(i));
  if (told.length === 0) {
    throw new CamlabError(`none of the ${images.length} images has a caption: phrases are learned from captions`);
  }
  const ofSplit = (split: string) => told.filter((i) => images[i].split === split);
  if (told.some((i) => images[i].split !== undefined)) {
    const test = ofSplit("test");
    const parts = { train: ofSplit("train"), heldOut: test.length > 0 ? test : ofSplit("val") };
    for (const [part, split] of [
      ["train", '"train"'],
      ["heldOut", '"test" or "val"'],
    ] as const) {
      if (parts[part].length > 0) continue;
      throw new CamlabError(
        `no image with a caption is of the split ${split}: one part to learn from and one to judge by`,
      );
    }
    return { ...parts, withoutCaptions };
  }
  const drawn = shuffled(told, seededRandom(`held out ${seed}`));
  const count = Math.round(heldOutShare * drawn.length);
  if (count === 0 || count === drawn.length) {
    throw new CamlabError(
      `${drawn.length} images with captions cannot be divided: none would be left to ${count === 0 ? "judge by" : "learn from"}`,
    );
  }
  const ascending = (part: readonly number[]) => [...part].sort((a, b) => a - b);
  return { train: ascending(drawn.slice(count)), heldOut: ascending(drawn.slice(0, count)), withoutCaptions };
}

/** What the captions of each image say of each phrase; phrases of the same words are one. */
export function readPhrases(
  images: readonly StoredPicture[],
  texts: readonly string[],
  options: WordOptions = {},
): SaidPhrase[] {
  const reader = wordReader(options);
  const runs = images.map(({ captions = [] }) => captions.flatMap((caption) => reader.runsOf(caption)));
  const keyOf = (text: string) => reader.wordsOf(text).join(" ");
  const regions = images.map(({ phrases = [] }) => phrases.map(({ text, box }) => ({ key: keyOf(text), box })));
  const distinct = new Map(texts.map((text) => [keyOf(text), text]));
  return [...distinct].map(([key, text]) => {
    const words = key.split(" ").filter(Boolean);
    return {
      text,
      words,
      says: runs.map((of) => words.length > 0 && of.some((run) => placeIn(run, words) >= 0)),
      boxes: regions.map((of) => of.filter((region) => region.key === key).map(({ box }) => box)),
    };
  });
}

/**
 * Which phrases can be learned, and of which nothing can be: never said, said of too few or of all images, or of no
 * image that is held out.
 */
export function phraseSets(
  phrases: readonly SaidPhrase[],
  { train, heldOut }: Division,
  minPositives: number,
): { sets: PhraseSet[]; skipped: UnlearnedPhrase[] } {
  const sets: PhraseSet[] = [];
  const skipped: UnlearnedPhrase[] = [];
  for (const phrase of phrases) {
    const positives = train.filter((i) => phrase.says[i]);
    const set = { ...phrase, positives, negatives: train.filter((i) => !phrase.says[i]), heldOut };
    const reason = problemOf(set, minPositives);
    if (reason === undefined) sets.push(set);
    else skipped.push({ text: phrase.text, reason });
  }
  return { sets, skipped };
}

function problemOf({ words, positives, negatives, heldOut, says }: PhraseSet, least: number): string | undefined {
  const train = positives.length + negatives.length;
  if (words.length === 0) return "it holds no word";
  if (positives.length === 0) {
    return `no caption of the ${train} images to learn from says it: minePhrases lists what they say`;
  }
  if (negatives.length === 0) return `all ${train} images to learn from say it: there are no negatives`;
  if (positives.length < least) {
    return `only ${positives.length} of the ${train} images to learn from say it, and minPositives (--min-positives) is ${least}`;
  }
  if (heldOut.some((i) => says[i])) return undefined;
  return `none of the ${heldOut.length} held-out images says it: there is nothing to judge by`;
}
