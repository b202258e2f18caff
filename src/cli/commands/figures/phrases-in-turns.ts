import { discoverPhrases } from "../../../kernel-helpers/discovery/phrases/discover-phrases.js";
import { minePhrases } from "../../../kernel-helpers/discovery/phrases/mine-phrases.js";
import { readPhrases } from "../../../kernel-helpers/discovery/phrases/phrase-sets.js";
import type { PhraseResult } from "../../../kernel-helpers/discovery/phrases/phrase-report.js";
import { USUAL_VIEWS } from "../../../kernel-helpers/discovery/usual-views.js";
import { CamlabError } from "../../../kernel-helpers/support/errors.js";
import { averagePrecision } from "../../../kernel-helpers/svm/metrics/average-precision.js";
import { alikePlaces } from "./alike-places.js";
import { featuresOf } from "./features-of.js";
import type { FigureSource } from "./figure.js";
import { inTurns } from "./in-turns.js";

/** So many times other photographs are held out: small sets have few that say a phrase. */
const TURNS = 4;
const MINED = 24;
const LEAST_POSITIVES = 3;
/** Of phrases that say much the same photographs one is kept. */
const ALIKE = 0.5;
/** Captions say "teddy bear" and "teddy bears" of the same things. */
const WORDS = { plurals: true } as const;
/** What these end with is the photograph itself, a time or an event: it has no place in the photograph. */
const PLACELESS: ReadonlySet<string> = new Set(
  `photo photograph picture image shot view scene background foreground day night morning evening time game match trip
  event party`.split(/\s+/),
);

/** A phrase by how all photographs rank, each judged by a detector that has not seen it. */
export interface PhraseInTurns extends Pick<PhraseResult, "text" | "ranking" | "located"> {
  readonly averagePrecision: number;
  /** The share of the photographs that say it. */
  readonly chance: number;
  /** How many of the first photographs, as many as are shown, say it. */
  readonly first: number;
  /** Whether the maps of these lie on one thing: see `alikePlaces`. */
  readonly alike: number;
}

/**
 * Phrases of captions of things that have a place, learned in turns: in each a part of the photographs is held out. Those come
 * first that are found best, whose first photographs say them most often, and whose maps of these lie on one thing.
 *
 * @param shown maps are made of the first so many photographs of each turn
 * @throws CamlabError when nothing can be learned of any phrase
 */
export async function phrasesInTurns(
  { network, photos, seed, signal }: FigureSource,
  shown: number,
): Promise<PhraseInTurns[]> {
  const told = photos.filter(({ captions }) => captions?.some((caption) => caption.trim()));
  const minImages = Math.max(TURNS, Math.round(told.length / 50));
  const mined = minePhrases(
    told.map(({ captions = [] }) => captions),
    { ...WORDS, minImages, limit: MINED },
  ).flatMap(({ text, words }) => (PLACELESS.has(words.at(-1)!) ? [] : [text]));
  if (mined.length === 0)
    throw new CamlabError(`no phrase is said of ${minImages} of the ${told.length} photographs: give more captions`);
  const said = new Map<object, string[]>(told.map((photo) => [photo, []]));
  for (const { text, says } of readPhrases(told, mined, WORDS))
    told.forEach((photo, i) => says[i] && said.get(photo)!.push(text));
  const results: PhraseResult[] = [];
  for (const pictures of inTurns(told, (photo) => said.get(photo)!, { turns: TURNS, seed })) {
    const found = await discoverPhrases(network, pictures, {
      ...{ phrases: mined, mine: WORDS, minPositives: LEAST_POSITIVES, top: shown, seed, signal },
    });
    results.push(...found.findings.results);
  }
  const whole = mined.flatMap((text) => {
    const turns = results.filter((result) => result.text === text);
    return turns.length === TURNS ? [merged(text, turns, shown)] : [];
  });
  const features = await featuresOf({ network, signal }, told, new Set(whole.flatMap(firstOf)), USUAL_VIEWS.phrases);
  const placed = whole.map((phrase): PhraseInTurns => ({
    ...phrase,
    alike: alikePlaces(
      firstOf(phrase).flatMap((id) => {
        const [featureMaps, at] = [features.get(id), phrase.located.find((image) => image.id === id)];
        return featureMaps && at ? [{ featureMaps, map: at.after.map }] : [];
      }),
    ),
  }));
  const worth = ({ averagePrecision: found, first, alike }: PhraseInTurns) => found * first * Math.max(0, alike);
  return distinct(placed.sort((a, b) => worth(b) - worth(a) || b.averagePrecision - a.averagePrecision));

  function firstOf({ ranking }: Pick<PhraseInTurns, "ranking">): string[] {
    return ranking.slice(0, shown).map(({ id }) => id);
  }
}

function merged(text: string, turns: readonly PhraseResult[], shown: number): Omit<PhraseInTurns, "alike"> {
  const ranking = turns.flatMap((turn) => turn.ranking).sort((a, b) => b.after - a.after);
  const holds = ranking.map((image) => image.holds);
  return {
    ...{ text, ranking, located: turns.flatMap(({ located }) => located) },
    averagePrecision: averagePrecision(
      ranking.map(({ after }) => after),
      holds,
    ),
    chance: holds.filter(Boolean).length / holds.length,
    first: holds.slice(0, shown).filter(Boolean).length,
  };
}

/** The first of phrases that much the same photographs say: “green grass” and “field of green grass”. */
function distinct(phrases: readonly PhraseInTurns[]): PhraseInTurns[] {
  const sayers = new Map(
    phrases.map((phrase) => [phrase, new Set(phrase.ranking.flatMap(({ id, holds }) => (holds ? [id] : [])))]),
  );
  const chosen: PhraseInTurns[] = [];
  for (const phrase of phrases) {
    const own = sayers.get(phrase)!;
    const isAlike = (other: PhraseInTurns) => {
      const theirs = sayers.get(other)!;
      const both = [...own].filter((id) => theirs.has(id)).length;
      return both > ALIKE * Math.min(own.size, theirs.size);
    };
    if (!chosen.some(isAlike)) chosen.push(phrase);
  }
  return chosen;
}
