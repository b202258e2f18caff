import type { Answered } from "../../kernel-helpers/discovery/answers/ask.js";
import { readableName } from "../../kernel-helpers/images/files/readable-name.js";
import { check } from "../../kernel-helpers/support/check.js";
import { invalid } from "../../kernel-helpers/support/errors.js";
import { type ColourMap, colourMap } from "../kit/photo/colour-map.js";
import { heatRamp } from "../kit/photo/heat-image.js";
import { HEAT_OPTIONS, heatOptions, type HeatOptions } from "../kit/photo/heat-options.js";
import { pictureWithMap } from "../kit/photo/map-tile.js";
import { SHOW_OPTIONS, type ShowOptions } from "../kit/show-options.js";
import { shortNames } from "../kit/text/short-names.js";
import { Widget } from "../kit/widget.js";
import { answerTilesSpec } from "./answer-tiles.js";
import type { AnswersRow } from "./answers-data.js";
import { answersSpec } from "./answers-spec.js";

/** How answered questions are shown. */
export interface AnswersViewOptions extends HeatOptions, ShowOptions {
  /** Height of the photos in pixels, 170 unless given; in the paper's style the side of a square photo, 290 unless given. */
  readonly size?: number;
  /**
   * `full` (the default): the photo without and with its map, the most probable answers, and what the best one owes to each word.
   * `paper`: question, photo with the map, answer.
   */
  readonly style?: "full" | "paper";
  /** Photos a row in the paper's style; 3 unless given. */
  readonly columns?: number;
  /** Say in the paper's style whether answers are right, where the photo's own questions tell; true unless given. */
  readonly truth?: boolean;
}

/**
 * Questions of photos with their answers, one a row: the photo, where it speaks for the best answer, the most probable
 * answers, and what the best one owes to each word and to the photo; or, as the slides show them, side by side.
 *
 * @param answered what `ask` or `discover.askSeen` gave, one or several
 * @throws CamlabError for none, or an option outside its range
 * @example
 * widgets.answersView(await ask(model, network, "street.jpg", "what colour is the bus?"));
 * widgets.answersView(["what colour is it?", "how many are there?"].map((question) => discover.askSeen(model, seen, question)));
 */
export function answersView(answered: Answered | readonly Answered[], options: AnswersViewOptions = {}): Widget {
  const all = Array.isArray(answered) ? (answered as readonly Answered[]) : [answered as Answered];
  check.known(options, ["size", "style", "columns", "truth", ...HEAT_OPTIONS, ...SHOW_OPTIONS], "answersView");
  const { style: kind = "full", columns = 3, truth = true } = options;
  const { size = kind === "paper" ? 290 : 170 } = options;
  const { colourMap: name, ...style } = heatOptions(options);
  check.oneOf("style", kind, ["full", "paper"]);
  check.counts({ columns });
  if (all.length === 0) throw invalid("answered", answered, "at least one answered question");
  check.number("size", size, { from: 80, to: 600 });
  return new Widget(async () => {
    const colours = await colourMap(name);
    if (kind === "paper") return answerTilesSpec(all, colours, { columns, size, truth, ...style });
    const names = shortNames(all.map(({ seen }) => seen.photo.file));
    const rows: AnswersRow[] = [];
    for (const [i, each] of all.entries()) rows.push(await rowOf(each, names[i], colours, size));
    return answersSpec({ rows, ramp: heatRamp(colours), ...style, size });
  }, options);
}

async function rowOf(
  { question, notes, seen, answers }: Answered,
  name: string,
  colours: ColourMap,
  size: number,
): Promise<AnswersRow> {
  const { width, height } = seen.photo;
  const [best] = answers;
  const map = { ...best.map, placement: best.map.placement ?? seen.placement };
  const { uri, mutedUri, heatUri, frame, unseen } = await pictureWithMap(
    seen.picture.file,
    map,
    size * Math.max(1, width / height),
    colours,
  );
  return {
    question: readableName(question) || "(nothing asked)",
    ...(notes.length > 0 && { note: readableName(notes.join("; ")) }),
    photo: { name, uri, mutedUri, aspect: frame.width / frame.height, unseen },
    heatUri,
    answers: answers.map(({ answer, probability }) => ({ answer: readableName(answer), probability })),
    parts: [
      ...best.words.map(({ word, contribution }) => ({
        name: readableName(word),
        kind: "word" as const,
        contribution,
      })),
      { name: "the photo", kind: "photo", contribution: best.image },
      { name: "the answer itself", kind: "bias", contribution: best.bias },
    ],
  };
}
