import { check, optionNames } from "../../support/check.js";
import { nameOf, type Picture, type PictureSet } from "../../images/picture.js";
import { invalid } from "../../support/errors.js";
import { seededRandom, shuffled } from "../../support/random.js";
import { checkSet, checkUndealt } from "./split.js";

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

const OPTIONS = optionNames<SplitPerClassOptions>({ train: true, test: true, seed: true, redeal: true });

/**
 * Divides a set that has no split of its own, as papers do it: so many pictures of each class to train on, the others
 * to test on. Pictures of none of the classes are left out, and named in the notes.
 *
 * @throws CamlabError naming a class that has too few pictures, and when the set has a split already, unless `redeal`
 * says so
 * @example
 * splitPerClass(await readFolderPerClass("scene_categories"), { train: 100, seed: 1 });
 */
export function splitPerClass<P extends Picture>(set: PictureSet<P>, options: SplitPerClassOptions): PictureSet<P> {
  check.known(options, OPTIONS, "splitPerClass");
  checkSet(set);
  const { train, test = Infinity, seed, redeal = false }: Partial<SplitPerClassOptions> = options ?? {};
  check.count("train", train);
  if (test !== Infinity) check.count("test", test);
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
  const said = [...(notes ?? []), ...withoutClass(set)];
  return { ...set, pictures, ...(said.length > 0 && { notes: said }) };
}

/** Pictures that no class could take would be gone without a word. */
function withoutClass({ classes, pictures }: PictureSet): string[] {
  const lost = pictures.filter(({ label }) => label === undefined || !classes.includes(label));
  if (lost.length === 0) return [];
  const named = lost.slice(0, NAMED).map((picture) => {
    const { label } = picture;
    return `${nameOf(picture)} (${label === undefined ? "no label" : JSON.stringify(label)})`;
  });
  const more = lost.length > NAMED ? ` and ${lost.length - NAMED} more` : "";
  return [
    `${lost.length} of ${pictures.length} pictures are of none of the classes, and left out: ${named.join(", ")}${more}`,
  ];
}

/** How many of what was left out are named. */
const NAMED = 20;
