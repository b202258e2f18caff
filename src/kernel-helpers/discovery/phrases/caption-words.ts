import { invalid } from "../../support/errors.js";
import { ARTICLES, CONJUNCTIONS, FUNCTION_WORDS } from "./function-words.js";

/** How captions become words. The lists are English; another language needs its own. */
export interface WordOptions {
  /** The language that words are told apart in, as a BCP 47 tag; `en` unless given. */
  readonly locale?: string;
  /** Words that may not begin or end a phrase, beside articles; English function words unless given. */
  readonly stopWords?: Iterable<string>;
  /** Words that are passed over, so that phrases that differ in them alone are one; a, an, the unless given. */
  readonly articles?: Iterable<string>;
  /** Words that no phrase reaches across; and, or, but, nor, while, as, than unless given. */
  readonly breaks?: Iterable<string>;
  /** Whether an English plural in -s is taken for its singular, so that "teddy bears" is "teddy bear"; false unless given. */
  readonly plurals?: boolean;
}

/** A word of a caption: in lower case, and where it stands in the text. */
export interface CaptionWord {
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** Takes captions apart. */
export interface WordReader {
  readonly stopWords: ReadonlySet<string>;
  /** Runs of words that a phrase may be taken from: never across punctuation or a word of `breaks`. */
  runsOf(caption: string): CaptionWord[][];
  /** The words of a phrase that count, e.g. `["lamp", "beside", "bed"]` of "lamp beside the bed". */
  wordsOf(phrase: string): string[];
}

/**
 * What takes captions apart into words: Unicode's rules for where words end (UAX 29, as `Intl.Segmenter` has them), in
 * lower case and composed form, without articles. Punctuation ends a run; a hyphen inside a word does not.
 *
 * @throws CamlabError for a locale that is no language tag
 * @example
 * wordReader().runsOf("A boat, on the Lake."); // [[boat], [on, lake]], each with its place
 */
export function wordReader(options: WordOptions = {}): WordReader {
  const { locale = "en", stopWords = FUNCTION_WORDS, articles = ARTICLES, breaks = CONJUNCTIONS } = options;
  const segmenter = segmenterFor(locale);
  const [stops, passed, ends] = [new Set(stopWords), new Set(articles), new Set(breaks)];
  const plain = (word: string) => (options.plurals === true && !stops.has(word) ? singular(word) : word);
  const runsOf = (caption: string): CaptionWord[][] => {
    const runs: CaptionWord[][] = [[]];
    for (const { segment, index, isWordLike } of segmenter.segment(caption)) {
      const word = isWordLike ? segment.normalize("NFC").toLocaleLowerCase(locale) : undefined;
      if (word === undefined ? !/^[\s\p{Dash}]+$/u.test(segment) : ends.has(word)) runs.push([]);
      else if (word !== undefined && !passed.has(word)) {
        runs[runs.length - 1].push({ word: plain(word), start: index, end: index + segment.length });
      }
    }
    return runs.filter((run) => run.length > 0);
  };
  return {
    stopWords: stops,
    runsOf,
    wordsOf: (phrase) =>
      runsOf(phrase)
        .flat()
        .map(({ word }) => word),
  };
}

/** Of words that end like a plural: "dresses", "cities", "dogs"; not "glass", "bus", "tennis". */
function singular(word: string): string {
  if (word.length < 4) return word;
  if (/(ss|sh|ch|x|zz)es$/.test(word)) return word.slice(0, -2);
  if (/[^aeiou]ies$/.test(word) && word.length > 5) return `${word.slice(0, -3)}y`;
  return /[^siu]s$/.test(word) ? word.slice(0, -1) : word;
}

/** Whether a run holds some words one right after the other, and from which of its words on; −1 when it does not. */
export function placeIn(run: readonly CaptionWord[], words: readonly string[]): number {
  for (let start = 0; start + words.length <= run.length; start++) {
    if (words.every((word, i) => run[start + i].word === word)) return start;
  }
  return -1;
}

function segmenterFor(locale: string): Intl.Segmenter {
  try {
    return new Intl.Segmenter(locale, { granularity: "word" });
  } catch {
    throw invalid("locale", locale, "a language tag such as en or pt-BR");
  }
}
