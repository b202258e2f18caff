// What words, questions and captions teach.
import { ask } from "../../../kernel-helpers/discovery/answers/ask.js";
import { questionsOf } from "../../../kernel-helpers/discovery/answers/questions-of.js";
import { trainAnswers } from "../../../kernel-helpers/discovery/answers/train-answers.js";
import { discoverText } from "../../../kernel-helpers/discovery/text/discover-text.js";
import { textCrops } from "../../../kernel-helpers/discovery/text/text-crops.js";
import { USUAL_VIEWS } from "../../../kernel-helpers/discovery/usual-views.js";
import { extractFeatures } from "../../../kernel-helpers/features/extract-features.js";
import { inView } from "../../../kernel-helpers/networks/views/in-view.js";
import { evenly } from "../../../kernel-helpers/support/grouped.js";
import { mean } from "../../../kernel-helpers/support/statistics.js";
import { answersView } from "../../../widgets/answers/answers.js";
import { phraseSheet } from "../../../widgets/phrases/phrase-chart.js";
import { percentText } from "../../../widgets/kit/text/numbers.js";
import { CamlabError } from "../../../kernel-helpers/support/errors.js";
import { textDetectorGrid } from "../../../widgets/text/text-detector-grid.js";
import { estimateText } from "../../numbers.js";
import { closerIfBetter, closerText } from "./closer.js";
import { type Figure, FIGURE_WIDTH } from "./figure.js";
import { phrasesInTurns } from "./phrases-in-turns.js";

const ASKED = 5;
const PHRASES = 4;
/** Photographs of a phrase. */
const SHOWN = 4;
const TILE = Math.floor(FIGURE_WIDTH / SHOWN) - 10;
/** Boxes around areas above this agree best with words: measured on street scenes, docs/photographs.md says how. */
const WORDS_ABOVE = 0.55;

export const LANGUAGE_FIGURES: readonly Figure[] = [
  {
    name: "text",
    title: "Finding text, learned from “text” or “no text” alone",
    lacks: ({ photos }) => (photos.some(({ words }) => words?.length) ? undefined : "no words are known: give --words"),
    make: async ({ network, photos, seed, signal }) => {
      const lettered = photos.filter(({ words }) => words);
      const { examples } = await textCrops(lettered, { seed, signal });
      const found = await discoverText(network, examples, { seed, signal, threshold: WORDS_ABOVE });
      const { averagePrecision, pointing } = found.findings.scores;
      return {
        sections: [textDetectorGrid(found, { label: "text", count: 12 })],
        numbers: { averagePrecision, ...(pointing && { pointing }) },
        says:
          `average precision ${estimateText(averagePrecision)}` +
          (pointing ? `; the peak is at a word in ${estimateText(pointing.figure)} of the crops` : "") +
          `; areas are above ${percentText(WORDS_ABOVE)} of the map's maximum`,
      };
    },
  },
  {
    name: "questions",
    title: "Questions, answers, and where in the photograph they come from",
    lacks: ({ photos }) =>
      photos.some(({ questions }) => questions?.length) ? undefined : "no questions are known: give --questions",
    make: async (source) => {
      const { signal } = source;
      const network = await inView(source.network, undefined, USUAL_VIEWS.answers);
      const questions = questionsOf(source.photos);
      const features = await extractFeatures(network, new Set(questions.map(({ picture }) => picture)), { signal });
      const model = await trainAnswers(features, questions, { leastPerAnswer: 1, leastPerWord: 1, signal });
      const asked = await Promise.all(
        evenly(questions, ASKED).map(({ picture, question }) => ask(model, network, picture, question, { signal })),
      );
      const known = questions.filter(({ answer }) => answer !== undefined).length;
      return {
        sections: [answersView(asked)],
        numbers: { questions: questions.length, answers: model.answers.length, learnedFrom: known },
        says:
          `${model.answers.length} answers learned from ${known} questions: these photographs were learned from, so what is ` +
          "shown is where the answers come from, not how well new questions are answered",
      };
    },
  },
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
      const told = found.filter(({ averagePrecision, chance }) => averagePrecision > 2 * chance).slice(0, PHRASES);
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
          "holds the photographs that look most like its phrase",
        details:
          `Each photograph is ranked, and its map made, by a detector that has not seen it${closerText(source.network, side)}. Of ${found.length} ` +
          "phrases those are shown that are found best and whose maps lie on what looks alike; average precision: " +
          told.map(({ text, averagePrecision }) => `“${text}” ${averagePrecision.toFixed(2)}`).join(", "),
      };
    },
  },
];
