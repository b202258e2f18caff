// What words, questions and captions teach.
import { mean } from "../../../kernel-helpers/support/statistics.js";
import { phraseSheet } from "../../../widgets/phrases/phrase-chart.js";
import { CamlabError } from "../../../kernel-helpers/support/errors.js";
import { closerIfBetter, closerText } from "./closer.js";
import { type Figure, FIGURE_WIDTH } from "./figure.js";
import { QUESTIONS_FIGURE } from "./questions-figure.js";
import { TEXT_FIGURE } from "./text-figure.js";
import { phrasesInTurns } from "./phrases-in-turns.js";

const PHRASES = 4;
/** Photographs of a phrase. */
const SHOWN = 4;
const TILE = Math.floor(FIGURE_WIDTH / SHOWN) - 10;

export const LANGUAGE_FIGURES: readonly Figure[] = [
  TEXT_FIGURE,
  QUESTIONS_FIGURE,
  {
    name: "phrases",
    title: "Short phrases of captions: what they look like, and where",
    lacks: ({ photos }) =>
      photos.some(({ captions }) => captions?.length) ? undefined : "no captions are known: give --captions",
    make: async (source) => {
      const { made: found, side } = await closerIfBetter(
        source.network,
        (network) => phrasesInTurns({ ...source, network }, SHOWN),
        (phrases) => mean(phrases.map(({ averagePrecision }) => averagePrecision)),
      );
      const better = found.filter(({ averagePrecision, chance }) => averagePrecision > 2 * chance);
      const mostly = better.filter(({ first }) => 2 * first > SHOWN);
      const told = (mostly.length > 0 ? mostly : better).slice(0, PHRASES);
      if (told.length === 0)
        throw new CamlabError(
          `none of the ${found.length} phrases is found twice as well as by chance: give more captions`,
        );
      return {
        sections: [phraseSheet({ findings: { results: told } }, { images: SHOWN, size: TILE, scores: false })],
        numbers: {
          ...{ tried: found.length, ...(side !== undefined && { side }) },
          phrases: told.map(({ text, averagePrecision, chance, first }) => ({
            ...{ phrase: text, averagePrecision, chance },
            first: first / SHOWN,
          })),
        },
        says:
          "captions of whole photographs taught what a phrase looks like, and nobody said where: heat is where it is seen. A row " +
          "holds the photographs that look most like its phrase, each found by what was learned from others",
        details:
          `Each photograph is ranked, and its map made, by a detector that has not seen it${closerText(source.network, side)}. Of ${found.length} ` +
          "phrases those are shown that are found best and whose maps lie on what looks alike; average precision: " +
          told.map(({ text, averagePrecision }) => `“${text}” ${averagePrecision.toFixed(2)}`).join(", "),
      };
    },
  },
];
