import type { HeatMap } from "../../../kernel-helpers/cam/heat-map.js";
import { peakOf } from "../../../kernel-helpers/cam/peak.js";
import { CamlabError } from "../../../kernel-helpers/support/errors.js";
import { grouped } from "../../../kernel-helpers/support/grouped.js";
import { mean } from "../../../kernel-helpers/support/statistics.js";
import { shareOf } from "../../../kernel-helpers/svm/metrics/share-of.js";
import { answersView } from "../../../widgets/answers/answers.js";
import { percentText } from "../../../widgets/kit/text/numbers.js";
import { estimateText } from "../../numbers.js";
import { answersInTurns, type MappedAnswer } from "./answers-in-turns.js";
import { closerIfBetter } from "./closer.js";
import { pointsOf } from "./point-at-boxes.js";
import { type Figure, FIGURE_WIDTH } from "./figure.js";

/** Rows of the figure; in each a photograph with two questions, where there are such, and one with one. */
const ROWS = 3;
const COLUMNS = 3;
/** Fewer right answers about photographs that were not learned from are no figure. */
const LEAST = 6;
/** So many fewer may be right where photographs are looked at closer: maps have more places then. */
const MARGIN = 0.02;

export const QUESTIONS_FIGURE: Figure = {
  name: "questions",
  title: "Questions, answers, and where in the photograph they come from",
  lacks: ({ photos }) =>
    photos.some(({ questions }) => questions?.length) ? undefined : "no questions are known: give --questions",
  make: async (source) => {
    const { made, side } = await closerIfBetter(
      source.network,
      (network) => answersInTurns({ ...source, network }, LEAST),
      ({ questions }) => mean(questions.map(({ right }) => Number(right))),
      MARGIN,
    );
    const { questions, heldOut, answers, mapped } = made;
    if (mapped.length === 0) throw new CamlabError(`none of the ${questions.length} questions is answered right`);
    const right = shareOf(questions.map((each) => each.right));
    const byWords = shareOf(questions.map((each) => each.byWords.right));
    const { pointing } = pointsOf(mapped.map(atWhatIsNamed));
    const shown = chosen(mapped).map(({ answered }) => answered);
    return {
      sections: [
        answersView(shown, {
          ...{ style: "paper", truth: heldOut, columns: COLUMNS, size: Math.floor(FIGURE_WIDTH / COLUMNS) - 10 },
        }),
      ],
      numbers: {
        ...{ questions: questions.length, answers, heldOut, right, byWords, shown: shown.length },
        ...(side !== undefined && { side }),
        ...(pointing && { pointing }),
      },
      says: heldOut
        ? `${questions.length} questions, each answered by what was learned from other photographs: ${estimateText(right)} are ` +
          `answered right, and some of those are shown; by the words of the question alone, ${estimateText(byWords)}`
        : `${answers} answers learned from ${questions.length} questions, too few to answer others: these photographs were learned ` +
          "from, so what is shown is where the answers come from, not how well new questions are answered",
      details:
        "shown are right answers to what and where, the surest whose place is narrow and that words alone do not give; first " +
        "photographs with two of them from two places" +
        (side === undefined
          ? ""
          : `. Photographs are seen at ${side} pixels: their maps have more places than at the network's own size, and of the answers ` +
            `no more than ${percentText(MARGIN)} fewer are right`) +
        (pointing
          ? `. Where a right answer names a thing whose box is known, the map's peak is in it in ${estimateText(pointing)}, a random point ` +
            `in ${percentText(pointing.chance)}`
          : ""),
    };
  },
};

/** A right answer as a label, with the boxes of the things that it names. */
function atWhatIsNamed({ asked: { picture }, answered: { seen, answers } }: MappedAnswer) {
  const [{ answer, map }] = answers;
  const objects = picture.objects?.filter(({ name }) => name === answer) ?? [];
  const placed = { ...map, placement: map.placement ?? seen.placement };
  return {
    picture: { ...picture, id: answer, label: answer, objects },
    predicted: answer,
    peak: peakOf(placed),
    map: placed,
  };
}

/** An answer with its map, and how well it shows where it comes from. */
interface Rated extends MappedAnswer {
  readonly rate: number;
}

/** Of photographs with two questions those first whose maps differ; then others, of all kinds. */
function chosen(mapped: readonly MappedAnswer[]): MappedAnswer[] {
  const rated = mapped.map((each) => ({ ...each, rate: rateOf(each) }));
  const pairs = pairsOf(rated);
  const shown: Rated[][] = [];
  for (let row = 0; row < ROWS; row++) {
    const taken = () => shown.flat();
    const pair = best(pairs, taken());
    if (pair) shown.push(pair);
    const single = () =>
      best(
        rated.map((each) => [each]),
        taken(),
      );
    for (let room = COLUMNS - (pair?.length ?? 0); room > 0; room--) {
      const one = single();
      if (one) shown.push(one);
    }
  }
  return shown.flat();
}

/**
 * How sure the answer is, less where words alone would give it, and how narrow its place is. Other questions than what and where are
 * seldom about a place; little of a dark photograph is left under a map.
 */
function rateOf({ asked, answered, probability, byWords, brightness }: MappedAnswer): number {
  const [{ map }] = answered.answers;
  const wide = mean(hot(map).map(Number));
  const suits = (ABOUT_A_PLACE.test(asked.question) ? 1 : POOR) * (brightness > DARK ? 1 : POOR);
  return suits * (probability - byWords.probability / 2) * (1 - wide) ** 2;
}

/** Where a map is above half of its maximum. */
function hot({ data }: HeatMap): boolean[] {
  const half = Math.max(...data) / 2;
  return Array.from(data, (value) => value > half);
}

/** How much of the smaller of two hot places lies in the other. */
function shared(one: HeatMap, other: HeatMap): number {
  const [a, b] = [hot(one), hot(other)];
  const count = (places: readonly boolean[]) => places.filter(Boolean).length;
  return count(a.map((is, place) => is && b[place])) / Math.max(1, Math.min(count(a), count(b)));
}

/** Two questions of one photograph whose answers come from different places, best first. */
function pairsOf(rated: readonly Rated[]): Rated[][] {
  const about = rated.filter(({ asked }) => ABOUT_A_PLACE.test(asked.question));
  return [...grouped(about, ({ asked }) => asked.picture).values()].flatMap((of) =>
    of.flatMap((one, i) =>
      of.slice(i + 1).flatMap((other) => {
        const [a, b] = [one, other].map(({ answered }) => answered.answers[0]);
        const alike = shared(a.map, b.map);
        const differ = a.answer !== b.answer && alike < MOST_ALIKE;
        return differ && Math.min(one.rate, other.rate) > LEAST_RATE ? [[one, other]] : [];
      }),
    ),
  );
}

const MOST_ALIKE = 0.25;
const ABOUT_A_PLACE = /^(what|where|who|which)\b/i;
const DARK = 0.2;
const POOR = 0.1;
const LEAST_RATE = 0.015;

/** The best of those whose photographs are not shown yet, preferring questions and answers that are not. */
function best(groups: readonly Rated[][], shown: readonly Rated[]): Rated[] | undefined {
  const free = groups.filter((group) => !shown.some(({ asked }) => asked.picture === group[0].asked.picture));
  const worth = (group: readonly Rated[]) => Math.min(...group.map((each) => each.rate - repeats(each, shown)));
  return free.reduce<Rated[] | undefined>((a, b) => (a && worth(a) >= worth(b) ? a : b), undefined);
}

/** What a question and an answer lose by being shown already. */
function repeats({ asked, answered }: Rated, shown: readonly Rated[]): number {
  const [{ answer }] = answered.answers;
  const same = (is: (other: Rated) => boolean) => Number(shown.some(is));
  return (
    2 * same((other) => other.answered.answers[0].answer === answer) +
    same((other) => other.asked.question === asked.question) +
    0.25 * same((other) => opening(other.asked.question) === opening(asked.question))
  );
}

function opening(question: string): string {
  return question.toLowerCase().split(/\s+/).slice(0, 2).join(" ");
}
