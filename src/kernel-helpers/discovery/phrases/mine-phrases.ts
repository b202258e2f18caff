import { check, optionNames } from "../../support/check.js";
import { CamlabError, invalid } from "../../support/errors.js";
import { type CaptionWord, type WordOptions, wordReader } from "./caption-words.js";
import { associationOf } from "./log-likelihood.js";

/** Which phrases are kept. */
export interface MineOptions extends WordOptions {
  /** Words of the shortest phrase, articles not counted; 2 unless given. */
  readonly minWords?: number;
  /** Words of the longest phrase, articles not counted; 4 unless given. */
  readonly maxWords?: number;
  /** A phrase is said of at least so many images; 10 unless given. */
  readonly minImages?: number;
  /** How much more often than by chance its weakest link holds, in bits; 1 unless given. */
  readonly minPmi?: number;
  /**
   * Words said of more than this share of the images tell images apart no better than function words do, and may not
   * begin or end a phrase either ("picture of", "there is"); 0.5 unless given.
   */
  readonly commonShare?: number;
  /** A phrase is left out when this share of its images have it inside of one longer phrase; 0.8 unless given. */
  readonly insideShare?: number;
  /** At most so many, the most specific ones; 50 unless given. */
  readonly limit?: number;
}

/** A phrase that captions use. */
export interface MinedPhrase {
  /** As captions write it most often, in lower case: "lamp beside the bed". */
  readonly text: string;
  /** Its words without articles: what makes two phrases the same. */
  readonly words: readonly string[];
  /** Images with a caption that says it. */
  readonly images: number;
  /** Times that it is said. */
  readonly times: number;
  /** G² of its weakest link: of all ways to cut it in two, the one whose halves go together least surprisingly. */
  readonly g2: number;
  /** Pointwise mutual information of that link, in bits. */
  readonly pmi: number;
}

const OPTIONS = optionNames<MineOptions>({
  locale: true,
  stopWords: true,
  articles: true,
  breaks: true,
  plurals: true,
  minWords: true,
  maxWords: true,
  minImages: true,
  minPmi: true,
  commonShare: true,
  insideShare: true,
  limit: true,
});

/**
 * Finds the short phrases that captions use as units: n-grams of words that do not cross punctuation or a conjunction,
 * begin and end with a word of content, are said of enough images, and whose words belong together rather than meet by
 * chance. That is measured by Dunning's log-likelihood ratio at the phrase's weakest link, so that a long phrase is not
 * carried by one strong pair in it.
 *
 * Only n-grams both of whose parts of n − 1 words are frequent are ever counted (the Apriori principle): memory grows
 * with what is frequent, not with all that is said.
 *
 * @param captions the captions of each image
 * @returns most specific (largest G²) first; of equal ones the more frequent, then by the alphabet
 * @throws CamlabError for options outside their range, and when no image has a caption
 * @example
 * discover.minePhrases(pictures.map(({ captions = [] }) => captions), { minImages: 20 })[0].text; // "cat on the sofa"
 */
export function minePhrases(captions: readonly (readonly string[])[], options: MineOptions = {}): MinedPhrase[] {
  const {
    minWords = 2,
    maxWords = 4,
    minImages = 10,
    minPmi = 1,
    limit = 50,
  } = check.known(options, OPTIONS, "minePhrases");
  const { commonShare = 0.5, insideShare = 0.8 } = options;
  checkOptions({ minWords, maxWords, minImages, limit, commonShare, insideShare });
  const reader = wordReader(options);
  const texts = captions.flatMap((list, image) => list.map((caption) => ({ image, caption })));
  const runs = texts.flatMap(({ image, caption }) =>
    reader.runsOf(caption).map((words) => ({ image, words, caption })),
  );
  const described = new Set(runs.map(({ image }) => image)).size;
  if (described === 0) throw new CamlabError("no image has a caption: there is nothing to mine phrases from");

  const counts = countGrams(runs, maxWords, minImages);
  const total = runs.reduce((sum, { words }) => sum + words.length, 0);
  const isContent = (word: string) =>
    !reader.stopWords.has(word) && /\p{L}/u.test(word) && counts.get(word)!.images <= commonShare * described;
  const found: Found[] = [];
  for (const [key, { images, times }] of counts) {
    const words = key.split(" ");
    if (words.length < minWords || !isContent(words[0]) || !isContent(words[words.length - 1])) continue;
    const link = weakestLink(words, times, counts, total);
    if (link.pmi >= minPmi && link.g2 > 0) found.push({ key, words, images, times, ...link });
  }
  const parts = partsOfLonger(found, insideShare);
  const whole = found.filter(({ key }) => !parts.has(key));
  whole.sort((a, b) => b.g2 - a.g2 || b.images - a.images || (a.key < b.key ? -1 : 1));
  return withTexts(whole.slice(0, limit), runs);
}

interface Run {
  readonly image: number;
  readonly caption: string;
  readonly words: readonly CaptionWord[];
}

interface Count {
  images: number;
  times: number;
  lastImage: number;
}

interface Found extends Omit<MinedPhrase, "text"> {
  readonly key: string;
}

/** N-grams of up to `longest` words that occur in enough images, by their words. Runs come image by image. */
function countGrams(runs: readonly Run[], longest: number, minImages: number): Map<string, Count> {
  const frequent = new Map<string, Count>();
  for (let n = 1; n <= longest; n++) {
    const counts = new Map<string, Count>();
    for (const { image, words } of runs) {
      for (let start = 0; start + n <= words.length; start++) {
        const gram = words.slice(start, start + n).map(({ word }) => word);
        if (n > 1 && !(frequent.has(gram.slice(1).join(" ")) && frequent.has(gram.slice(0, -1).join(" ")))) continue;
        const key = gram.join(" ");
        let count = counts.get(key);
        if (!count) counts.set(key, (count = { images: 0, times: 0, lastImage: -1 }));
        count.times++;
        if (count.lastImage !== image) count.images++;
        count.lastImage = image;
      }
    }
    for (const [key, count] of counts) if (count.images >= minImages) frequent.set(key, count);
  }
  return frequent;
}

function weakestLink(words: readonly string[], times: number, counts: ReadonlyMap<string, Count>, total: number) {
  const links = words.slice(1).map((_, i) => {
    const [left, right] = [words.slice(0, i + 1), words.slice(i + 1)].map((part) => counts.get(part.join(" "))!.times);
    return associationOf(times, left, right, total);
  });
  return links.reduce((weakest, link) => (link.g2 < weakest.g2 ? link : weakest));
}

/** Phrases that most of their images have as a part of one longer phrase. */
function partsOfLonger(found: readonly Found[], share: number): Set<string> {
  const imagesOf = new Map(found.map(({ key, images }) => [key, images]));
  const parts = new Set<string>();
  for (const { words, images } of found) {
    for (let n = words.length - 1; n > 1; n--) {
      for (let start = 0; start + n <= words.length; start++) {
        const part = words.slice(start, start + n).join(" ");
        if (images >= share * (imagesOf.get(part) ?? Infinity)) parts.add(part);
      }
    }
  }
  return parts;
}

/** The commonest way to write each phrase, of equal ones the first in the alphabet. */
function withTexts(phrases: readonly Found[], runs: readonly Run[]): MinedPhrase[] {
  const spellings = new Map(phrases.map(({ key }) => [key, new Map<string, number>()]));
  const lengths = new Set(phrases.map(({ words }) => words.length));
  for (const { words, caption } of runs) {
    for (const n of lengths) {
      for (let start = 0; start + n <= words.length; start++) {
        const gram = words.slice(start, start + n);
        const seen = spellings.get(gram.map(({ word }) => word).join(" "));
        if (!seen) continue;
        const text = caption
          .slice(gram[0].start, gram[n - 1].end)
          .toLowerCase()
          .replace(/\s+/g, " ");
        seen.set(text, (seen.get(text) ?? 0) + 1);
      }
    }
  }
  return phrases.map(({ key, words, images, times, g2, pmi }) => {
    const [[text]] = [...spellings.get(key)!].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
    return { text, words, images, times, g2, pmi };
  });
}

function checkOptions(options: Required<Pick<MineOptions, "minWords" | "maxWords" | "minImages" | "limit">> & Shares) {
  const { minWords, maxWords, minImages, limit, commonShare, insideShare } = options;
  check.counts({ minWords, maxWords, minImages, limit });
  if (minWords < 2) throw invalid("minWords", minWords, "at least 2: a single word is no phrase");
  if (maxWords < minWords) throw invalid("maxWords", maxWords, `at least minWords, ${minWords}`);
  for (const [name, value] of Object.entries({ commonShare, insideShare })) {
    check.number(name, value, { above: 0, to: 1 });
  }
}

type Shares = Required<Pick<MineOptions, "commonShare" | "insideShare">>;
