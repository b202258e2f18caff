import { discoverText, judgeText } from "../../../kernel-helpers/discovery/text/discover-text.js";
import { textCrops } from "../../../kernel-helpers/discovery/text/text-crops.js";
import type { TextView } from "../../../kernel-helpers/discovery/text/text-view.js";
import { evenly } from "../../../kernel-helpers/support/grouped.js";
import { percentText } from "../../../widgets/kit/text/numbers.js";
import { textDetectorGrid } from "../../../widgets/text/text-detector-grid.js";
import { estimateText } from "../../numbers.js";
import { type Figure, FIGURE_WIDTH } from "./figure.js";

/** Boxes around areas above this agree best with words: measured on street scenes, docs/photographs.md says how. */
const WORDS_ABOVE = 0.55;
/** Whole photographs are looked at in so many parts across and down, about as large as the crops; measured there, too. */
const PARTS = [3, 5] as const;
/** Whole photographs that are judged. */
const JUDGED = 60;
const SHOWN = 5;
/** Letters are read from afar when they are so high, as a share of the photograph. */
const READABLE = 0.06;

export const TEXT_FIGURE: Figure = {
  name: "text",
  title: "Finding text, learned from “text” or “no text” alone",
  lacks: ({ photos }) => (photos.some(({ words }) => words?.length) ? undefined : "no words are known: give --words"),
  make: async ({ network, photos, seed, signal }) => {
    const { examples } = await textCrops(
      photos.filter(({ words }) => words),
      { seed, signal },
    );
    const measure = { threshold: WORDS_ABOVE, seed, signal };
    const { model, findings: crops } = await discoverText(network, examples, { ...measure, zoom: 1 });
    const tested = new Set(examples.flatMap(({ file, split }) => (split === "test" ? [file] : [])));
    const others = photos.filter(({ file, words }) => tested.has(file) && words?.length);
    const whole = evenly(others, JUDGED).map((photo) => ({ ...photo, label: "text", split: "test" as const }));
    const { findings } = await judgeText(network, model, whole, { ...measure, zoom: PARTS });
    const { averagePrecision } = crops.scores;
    const { pointing, wordsFound } = findings.scores;
    const shown = surestToRead(findings.views);
    const size = Math.floor(FIGURE_WIDTH / 2) - 7;
    return {
      sections: [
        textDetectorGrid({ findings: { ...findings, views: shown } }, { style: "paper", order: "given", size }),
      ],
      numbers: {
        averagePrecision,
        photos: findings.views.length,
        ...(pointing && { pointing, wordsFound }),
      },
      says: pointing
        ? `in ${findings.views.length} whole photographs that nothing was learned from, the map's peak is at a word in ` +
          `${estimateText(pointing.figure)}, a random point in ${percentText(pointing.chance)}. Boxes are around what is above ` +
          `${percentText(WORDS_ABOVE)} of the map's maximum`
        : `none of the words of ${findings.views.length} photographs was seen`,
      details:
        "learned were parts of other photographs with text and without, no outlines; such parts are told apart with an average " +
        `precision of ${estimateText(averagePrecision)}. Shown are the ${shown.length} surest of the photographs with words that are large ` +
        "enough to be read",
    };
  },
};

/** Those with the strongest evidence, first ones with large letters. */
function surestToRead(views: readonly TextView[]): TextView[] {
  const strongest = new Map(views.map((view) => [view, Math.max(...view.map.data)]));
  const isLarge = (view: TextView) => Number(largestLetters(view) >= READABLE);
  return [...views].sort((a, b) => isLarge(b) - isLarge(a) || strongest.get(b)! - strongest.get(a)!).slice(0, SHOWN);
}

/** The height of the highest word that is read from left to right, as a share of the photograph's. */
function largestLetters({ words, map: { placement } }: TextView): number {
  const heights = words.map(({ polygon, readable = true }) => {
    const span = (axis: number) => {
      const along = polygon.filter((_, i) => i % 2 === axis);
      return Math.max(...along) - Math.min(...along);
    };
    return readable ? Math.min(span(0), span(1)) : 0;
  });
  return Math.max(0, ...heights) / (placement?.imageHeight ?? Infinity);
}
