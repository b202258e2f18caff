import type { Picture, PictureSet } from "../../images/picture.js";
import { invalid } from "../../support/errors.js";
import { seededRandom, shuffled } from "../../support/random.js";
import { checkUndealt } from "./split.js";

/** How many pictures of each class are for what. */
export interface SplitPerClassOptions {
  /** Pictures of each class to train on. */
  readonly train: number;
  /** At most so many of the rest to test on; all of the rest unless given. What is left over is left out. */
  readonly test?: number;
  /** Draw them by this seed; without it the first ones of each class, in the data set's order. */
  readonly seed?: number;
  /** Deal anew a set that has a split already; otherwise that is refused. */
  readonly redeal?: boolean;
}

/**
 * Divides a set that has no split of its own, as papers do it: so many pictures of each class to train on, the others
 * to test on.
 *
 * @throws CamlabError naming a class that has too few pictures, and when the set has a split already, unless `redeal`
 * says so
 * @example
 * splitPerClass(await readFolderPerClass("scene_categories"), { train: 100, seed: 1 });
 */
export function splitPerClass<P extends Picture>(set: PictureSet<P>, options: SplitPerClassOptions): PictureSet<P> {
  const { train, test = Infinity, seed, redeal = false } = options;
  if (!Number.isInteger(train) || train < 1) throw invalid("train", train, "a whole number from 1");
  if (!(test >= 1)) throw invalid("test", test, "a whole number from 1");
  const notes = checkUndealt(set, redeal);
  const splits = new Map<P, "train" | "test">();
  for (const name of set.classes) {
    const own = set.pictures.filter(({ label }) => label === name);
    if (own.length <= train)
      throw invalid("train", train, `fewer than the ${own.length} pictures of ${JSON.stringify(name)}`);
    const order = seed === undefined ? own : shuffled(own, seededRandom(`${seed} ${name}`));
    order.slice(0, train + test).forEach((picture, i) => splits.set(picture, i < train ? "train" : "test"));
  }
  const pictures = set.pictures.flatMap((picture) => {
    const split = splits.get(picture);
    return split ? [{ ...picture, split }] : [];
  });
  return { ...set, pictures, ...(notes && { notes }) };
}
