import { invalid } from "../support/errors.js";
import { seededRandom, shuffled } from "../support/random.js";
import type { LabelledImages } from "./labelled-image.js";

/** How many images of each class are for what. */
export interface SplitPerClassOptions {
  /** Images of each class to train on. */
  readonly train: number;
  /** At most so many of the rest to test on; all of the rest unless given. What is left over is left out. */
  readonly test?: number;
  /** Draw them by this seed; without it the first ones of each class, in the data set's order. */
  readonly seed?: number;
}

/**
 * Divides a data set that has no split of its own, as papers do it: so many images of each class to train on, the
 * others to test on.
 *
 * @throws CamlabError naming a class that has too few images
 * @example
 * splitPerClass(await readFolderPerClass("scene_categories"), { train: 100, seed: 1 });
 */
export function splitPerClass({ classes, images }: LabelledImages, options: SplitPerClassOptions): LabelledImages {
  const { train, test = Infinity, seed } = options;
  if (!Number.isInteger(train) || train < 1) throw invalid("train", train, "a whole number from 1");
  if (!(test >= 1)) throw invalid("test", test, "a whole number from 1");
  const splits = new Map<string, "train" | "test">();
  for (const name of classes) {
    const own = images.filter(({ label }) => label === name);
    if (own.length <= train)
      throw invalid("train", train, `fewer than the ${own.length} images of ${JSON.stringify(name)}`);
    const order = seed === undefined ? own : shuffled(own, seededRandom(`${seed} ${name}`));
    order.slice(0, train + test).forEach(({ id }, i) => splits.set(id, i < train ? "train" : "test"));
  }
  const kept = images.filter(({ id }) => splits.has(id));
  return { classes, images: kept.map((image) => ({ ...image, split: splits.get(image.id) })) };
}
