import type { Box } from "../../images/box.js";
import { check } from "../../support/check.js";
import { CamlabError } from "../../support/errors.js";
import { type Interval, wilsonInterval } from "../../support/statistics.js";
import { iou, type IouConvention } from "../box-geometry.js";

/** A class that was guessed and where; without a box the guess can be right about the class alone. */
export interface LocalizationGuess {
  /** The class, by index. */
  readonly index: number;
  /** In the pixels that the truth is given in. */
  readonly box?: Box;
}

/** Guesses of a picture, best first, and what is true of it. */
export interface GuessedPicture {
  readonly guesses: readonly LocalizationGuess[];
  /** The picture's class, by index. */
  readonly index: number;
  /** All true boxes of that class. */
  readonly boxes: readonly Box[];
  /** Whether the picture counts for classification alone, as ILSVRC's blacklist says of some. */
  readonly blacklisted?: boolean;
}

/** How guesses are judged. */
export interface LocalizationErrorOptions {
  /** How many guesses a picture has, at most: errors are given for 1 up to this many; 5 unless given. */
  readonly guesses?: number;
  /** The IoU from which on a box is right; 0.5 unless given. */
  readonly iou?: number;
  /** `pixel+1` unless given, as ILSVRC's evaluation measures boxes. */
  readonly convention?: IouConvention;
}

/** Shares of pictures that are wrong, with 95 % intervals (Wilson), for one guess, two, and so on. */
export interface LocalizationErrors {
  /** None of the first guesses is the class. */
  readonly classification: readonly Interval[];
  /** None of them is the class with a box that fits a true box of it. Blacklisted pictures are left out. */
  readonly localization: readonly Interval[];
}

/**
 * Top-1 to top-5 classification and localization error as ILSVRC 2014 defines them and the paper's tables 1 to 3 give
 * them: a guess is right about the place when its class is the picture's and its box has an IoU of at least 0.5 with
 * *any* true box of that class.
 *
 * @throws CamlabError without pictures, for a picture without a true box, and for options outside their range
 * @example
 * boxes.localizationErrors([{ guesses: [{ index: 3, box }], index: 3, boxes: [box] }]).localization[0].value; // 0
 */
export function localizationErrors(
  pictures: Iterable<GuessedPicture>,
  options: LocalizationErrorOptions = {},
): LocalizationErrors {
  const most = check.count("guesses", options.guesses ?? 5);
  const wrongClass = new Float64Array(most);
  const wrongPlace = new Float64Array(most);
  let [classified, localized] = [0, 0];
  for (const picture of pictures) {
    const { byClass, byPlace } = firstRight(picture, options);
    classified += 1;
    for (let k = 0; k < Math.min(most, byClass); k++) wrongClass[k] += 1;
    if (picture.blacklisted) continue;
    localized += 1;
    for (let k = 0; k < Math.min(most, byPlace); k++) wrongPlace[k] += 1;
  }
  if (classified === 0) throw new CamlabError("there are no pictures to judge");
  return {
    classification: Array.from(wrongClass, (wrong) => wilsonInterval(wrong, classified)),
    localization: Array.from(wrongPlace, (wrong) => wilsonInterval(wrong, localized)),
  };
}

/** The number, from 0, of the first guess of the right class, and of the first that is right about the place too. */
function firstRight(
  { guesses, index, boxes, blacklisted }: GuessedPicture,
  { iou: least = 0.5, convention = "pixel+1" }: LocalizationErrorOptions,
): { readonly byClass: number; readonly byPlace: number } {
  check.number("iou", least, { above: 0, to: 1 });
  if (boxes.length === 0 && !blacklisted) throw new CamlabError("a picture without a true box cannot be judged");
  const isRight = (guess: LocalizationGuess) => guess.index === index;
  const fits = ({ box }: LocalizationGuess) =>
    box !== undefined && boxes.some((one) => iou(box, one, { convention }) >= least);
  const numberOf = (right: (guess: LocalizationGuess) => boolean) => {
    const at = guesses.findIndex(right);
    return at < 0 ? Infinity : at;
  };
  return { byClass: numberOf(isRight), byPlace: numberOf((guess) => isRight(guess) && fits(guess)) };
}

/**
 * The share of overlaps that reach each of several values of IoU: the success curve over IoU.
 *
 * @param overlaps the IoU of each picture's box
 * @param ious 0 to 1 in steps of 0.01 unless given
 * @example
 * boxes.successOverIou([0.4, 0.8], [0.5, 0.9]); // 0.5, 0
 */
export function successOverIou(
  overlaps: ArrayLike<number>,
  ious: ArrayLike<number> = Array.from({ length: 101 }, (_, i) => i / 100),
): Float64Array {
  return Float64Array.from(ious, (least) => {
    let right = 0;
    for (let i = 0; i < overlaps.length; i++) if (overlaps[i] >= least) right += 1;
    return right / overlaps.length;
  });
}
