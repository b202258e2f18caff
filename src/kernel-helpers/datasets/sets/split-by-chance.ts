import { check, optionNames } from "../../support/check.js";
import type { Picture, PictureSet } from "../../images/picture.js";
import { seededRandom, shuffled } from "../../support/random.js";
import { checkUndealt } from "./split.js";

/** How pictures are divided by chance. */
export interface SplitByChanceOptions {
  /** The share to train on, 0.5 unless given; the others are to test on. */
  readonly train?: number;
  /** Same seed, same split; 0 unless given. */
  readonly seed?: number;
  /** Deal anew a set that has a split already; otherwise that is refused. */
  readonly redeal?: boolean;
}

const OPTIONS = optionNames<SplitByChanceOptions>({ train: true, seed: true, redeal: true });

/**
 * Divides a set by chance: the first share of a seeded shuffle is to train on, the rest to test on.
 *
 * @throws CamlabError when the share is not from 0 to 1, and when the set has a split already, unless `redeal` says so
 * @example
 * const set = readers.splitByChance(await readers.readYolo("coco128"), { train: 0.5, seed: 1 });
 */
export function splitByChance<P extends Picture>(
  set: PictureSet<P>,
  options: SplitByChanceOptions = {},
): PictureSet<P> {
  const { train = 0.5, seed = 0, redeal = false } = check.known(options, OPTIONS, "splitByChance");
  check.share("train", train);
  const notes = checkUndealt(set, redeal);
  const { pictures } = set;
  const order = shuffled([...pictures.keys()], seededRandom(`split ${seed}`));
  const chosen = new Set(order.slice(0, Math.round(train * pictures.length)));
  const dealt = pictures.map((picture, i) => ({ ...picture, split: chosen.has(i) ? "train" : "test" }));
  return { ...set, pictures: dealt, ...(notes && { notes }) };
}
