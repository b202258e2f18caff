import { check, optionNames } from "../../support/check.js";
import type { Picture, PictureSet } from "../../images/picture.js";
import { CamlabError, invalid } from "../../support/errors.js";
import { printable } from "../../support/escape.js";
import { grouped } from "../../support/grouped.js";
import { seededRandom, shuffled } from "../../support/random.js";
import { checkUndealt, type Split, splitNamed } from "./split.js";

/** The share of pictures for each purpose: those of `train`, `val` and `test` that are named add up to 1. */
export type SplitShares = Readonly<Partial<Record<Split, number>>>;

/** How pictures are divided into parts. */
export interface SplitInPartsOptions {
  /** Same seed, same parts; 0 unless given. */
  readonly seed?: number;
  /** Deal anew a set that has a split already; otherwise that is refused. */
  readonly redeal?: boolean;
}

const ORDER: readonly Split[] = ["train", "val", "test"];

const OPTIONS = optionNames<SplitInPartsOptions>({ seed: true, redeal: true });

/**
 * Divides a set by chance into parts to train on, to choose by and to test on, within each class alike: of ten cats and
 * a hundred dogs, `train: 0.6` takes six cats and sixty dogs. Pictures without a class, or with several, are dealt
 * together. When the shares add up to less than 1 and `test` is not among them, the rest is to test on.
 *
 * @throws CamlabError when shares are not between 0 and 1 or do not add up to 1, and when the set has a split already,
 * unless `redeal` says so
 * @example
 * const set = readers.splitInParts(await readFolderPerClass("photos"), { train: 0.6, val: 0.2, test: 0.2 }, { seed: 1 });
 */
export function splitInParts<P extends Picture>(
  set: PictureSet<P>,
  shares: SplitShares,
  options: SplitInPartsOptions = {},
): PictureSet<P> {
  const { seed = 0, redeal = false } = check.known(options, OPTIONS, "splitInParts");
  const parts = wholeShares(shares);
  const notes = checkUndealt(set, redeal);
  const groups = grouped(set.pictures.keys(), (i) => set.pictures[i].label);
  const splits = new Map<number, Split>();
  for (const [label, group] of groups) {
    const order = shuffled(group, seededRandom(`parts ${seed} ${label === undefined ? "" : `of ${label}`}`));
    let [taken, share] = [0, 0];
    for (const [split, part] of parts) {
      share += part;
      const end = split === parts[parts.length - 1][0] ? order.length : Math.round(share * order.length);
      for (const i of order.slice(taken, end)) splits.set(i, split);
      taken = Math.max(taken, end);
    }
  }
  const pictures = set.pictures.map((picture, i) => ({ ...picture, split: splits.get(i) }));
  return { ...set, pictures, ...(notes && { notes }) };
}

/**
 * Shares as people write them: `train=0.6 val=0.2 test=0.2`, also `60%`, or with commas between them.
 *
 * @throws CamlabError naming what is none
 * @example
 * readers.sharesOf(["train=0.6", "test=40%"]); // { train: 0.6, test: 0.4 }
 */
export function sharesOf(texts: readonly string[]): SplitShares {
  const shares: Partial<Record<Split, number>> = {};
  for (const text of texts.flatMap((one) => one.split(",")).filter((one) => one.trim() !== "")) {
    const [, name = "", number = "", percent] = /^\s*([A-Za-z]+)\s*=\s*(\d*\.?\d+)\s*(%?)\s*$/.exec(text) ?? [];
    const split = splitNamed(name);
    if (split === undefined) {
      throw new CamlabError(`${printable(text)} is no share of a split: write train=0.6 val=0.2 test=0.2`);
    }
    if (shares[split] !== undefined) throw new CamlabError(`the share of ${split} is given twice`);
    shares[split] = percent ? Number(number) / 100 : Number(number);
  }
  return shares;
}

function wholeShares(shares: SplitShares): [Split, number][] {
  for (const name of Object.keys(shares)) {
    if (!(ORDER as readonly string[]).includes(name)) throw invalid("split", name, ORDER.join(", "));
  }
  const given = ORDER.flatMap((name): [Split, number][] => {
    const share = shares[name];
    if (share === undefined) return [];
    if (!(share > 0 && share <= 1)) throw invalid(name, share, "a share between 0 and 1");
    return [[name, share]];
  });
  const sum = given.reduce((total, [, share]) => total + share, 0);
  const rest = 1 - sum;
  if (given.length > 0 && Math.abs(rest) < 1e-9) return given;
  if (given.length > 0 && rest > 0 && shares.test === undefined) return [...given, ["test", rest]];
  throw new CamlabError(
    given.length === 0
      ? "no share is given: say how many pictures are to train on, such as train 0.6 and test 0.4"
      : `the shares ${given.map(([name, share]) => `${name} ${share}`).join(", ")} add up to ${Number(sum.toFixed(6))}, not to 1`,
  );
}
