import type { HeatMap } from "../../cam/heat-map.js";
import { rangeOf } from "../../cam/normalise.js";
import { peakOf } from "../../cam/peak.js";
import type { Box } from "../../images/box.js";
import type { PreparedImage } from "../../images/input/prepare-image.js";
import type { Picture } from "../../images/picture.js";
import { iou, pointInBox } from "../box-geometry.js";
import { boxOf, type FoundBox, type NoBox } from "../box-of.js";
import { graphCutBox } from "../graph-cut/graph-cut-box.js";
import { heuristicGuesses } from "../protocols/heuristic-guesses.js";
import type { LocalizationGuess } from "../protocols/localization-error.js";
import { largestOverlaps, overlapsOfScores } from "../protocols/max-box-accuracy.js";
import { countedPixels, type PixelCounts } from "../protocols/pixel-precision.js";
import { scoreMap } from "../protocols/score-map.js";
import type { EvaluationBoxRule, EvaluationSetting } from "./evaluation-options.js";
import type { LocalizationCase } from "./localization-case.js";
import type { SeenMaps } from "./seen-maps.js";

/** What became of one picture and one of its classes: every figure of a report follows from these. */
export interface JudgedCase<P extends Picture = Picture> {
  readonly picture: P;
  readonly label: string;
  /** The class, by index among the network's. */
  readonly index: number;
  readonly imageWidth: number;
  readonly imageHeight: number;
  /** True boxes of the class, in pixels of the photo. */
  readonly truth: readonly Box[];
  /** Guesses with their boxes, best first, and how probable the network found each class. */
  readonly guesses: readonly (LocalizationGuess & { readonly probability: number })[];
  /** Of the true class's map: the box of the box rule, absent where it has none, or the protocol has no rule. */
  readonly box?: Box;
  /** The IoU of that box with the true box that it fits best; 0 without one. */
  readonly overlap?: number;
  /** Whether the true class's map is highest within a true box. */
  readonly pointed: boolean;
  /** IoU of the largest component's box of the true class's map at every threshold; absent without a true box. */
  readonly largest?: Float32Array;
  /** `wsol2020` only: of the best of all contours' boxes. */
  readonly best?: Float32Array;
  /** `wsol2020` only: where there are masks. */
  readonly pixels?: PixelCounts;
}

/** What of a case's figures a thread can tell, which is given neither the picture nor what it is called. */
export type CaseFigures = Omit<JudgedCase, "picture" | "label" | "index" | "truth">;

/** What is judged of a case. */
export type CaseToJudge = Pick<LocalizationCase, "boxes" | "masks" | "ignored"> & { readonly seen: SeenMaps };

/** What a case is judged by: plain data. */
export type JudgingSetting = Pick<EvaluationSetting, "protocol" | "conventions" | "boxRule" | "guesses" | "thresholds">;

/**
 * Judges what was seen of a case, as a protocol does.
 *
 * @param photo for rules that look at it
 */
export function figuresOf(one: CaseToJudge, setting: JudgingSetting, photo?: PreparedImage): CaseFigures {
  const { boxes: truth, seen } = one;
  const { imageWidth, imageHeight, trueMap } = seen;
  const about = { imageWidth, imageHeight, pointed: isPointed(trueMap, truth) };
  return setting.protocol === "cvpr2016"
    ? {
        ...about,
        guesses: guessesOf(seen, setting, photo),
        ...ruledBox(trueMap, truth, setting, photo),
        ...(truth.length > 0 && {
          largest: largestOverlaps(trueMap, truth, setting.thresholds, setting.conventions),
        }),
      }
    : { ...about, guesses: seen.top, ...onGrid(one, setting) };
}

function guessesOf(
  { top, maps }: SeenMaps,
  { boxRule, guesses }: JudgingSetting,
  photo: PreparedImage | undefined,
): JudgedCase["guesses"] {
  const predicted = top.map(({ index }, i) => ({ index, map: maps[i] }));
  const probability = new Map(top.map((one) => [one.index, one.probability]));
  if (boxRule.rule === "heuristic") {
    const { loose, tight } = boxRule;
    return heuristicGuesses(predicted, { loose, tight })
      .slice(0, guesses)
      .map((guess) => ({ ...guess, probability: probability.get(guess.index)! }));
  }
  return top.map((one, i) => {
    const { box } = boxByRule(maps[i], boxRule, photo);
    return box ? { ...one, box } : one;
  });
}

function boxByRule(
  map: HeatMap,
  rule: Exclude<EvaluationBoxRule, { readonly rule: "heuristic" }>,
  photo: PreparedImage | undefined,
): FoundBox | NoBox {
  return rule.rule === "graph-cut" ? graphCutBox(map, photo!, rule) : boxOf(map, rule);
}

/** The box of the true class's map; of the heuristic's the loose one. */
function ruledBox(
  map: HeatMap,
  truth: readonly Box[],
  setting: JudgingSetting,
  photo: PreparedImage | undefined,
): Pick<JudgedCase, "box" | "overlap"> {
  const { boxRule, conventions } = setting;
  const rule = boxRule.rule === "heuristic" ? (boxRule.loose ?? { rule: "authors" as const }) : boxRule;
  const { box } = boxByRule(map, rule, photo);
  if (!box) return { overlap: 0 };
  return { box, overlap: Math.max(0, ...truth.map((one) => iou(box, one, { convention: conventions.iou }))) };
}

function onGrid(
  { boxes, masks, ignored, seen: { trueMap } }: CaseToJudge,
  { thresholds, conventions }: JudgingSetting,
): Pick<JudgedCase, "largest" | "best" | "pixels"> {
  if (boxes.length === 0 && masks.length === 0) return {};
  const scores = scoreMap(trueMap, conventions);
  return {
    ...(boxes.length > 0 && overlapsOfScores(scores, trueMap, boxes, thresholds, conventions)),
    ...(masks.length > 0 && { pixels: countedPixels(scores, { masks, ignored }, thresholds) }),
  };
}

/** The pointing game (Zhang et al. 2016) without a margin; a map that has no highest place does not point. */
function isPointed(map: HeatMap, truth: readonly Box[]): boolean {
  const { min, max } = rangeOf(map.data);
  if (!(max > min)) return false;
  const peak = peakOf(map);
  return truth.some((box) => pointInBox(peak, box));
}
