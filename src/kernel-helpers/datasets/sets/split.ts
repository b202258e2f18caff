import { nameOf, type Picture, type PictureSet } from "../../images/picture.js";
import { CamlabError, invalid } from "../../support/errors.js";

/** What pictures are for: to learn from, to choose settings by, to judge by. */
export type Split = "train" | "val" | "test";

const SPLITS: Readonly<Record<string, Split>> = {
  train: "train",
  training: "train",
  val: "val",
  valid: "val",
  validation: "val",
  test: "test",
  testing: "test",
};

/**
 * A split as lists and folders say it, in capitals or not: "train", "training", "val", "valid", "validation", "test",
 * "testing"; undefined for anything else.
 *
 * @example
 * splitNamed("Validation"); // "val"
 */
export function splitNamed(text: string): Split | undefined {
  const folded = text.trim().toLowerCase();
  return Object.hasOwn(SPLITS, folded) ? SPLITS[folded] : undefined;
}

/**
 * A split as a list says it.
 *
 * @throws CamlabError unless it is train, val or test, or one of their other names
 */
export function splitOf(text: string): Split {
  const split = splitNamed(text);
  if (split === undefined) throw new CamlabError(`split ${JSON.stringify(text)} is not train, val or test`);
  return split;
}

/**
 * To be asked before pictures are dealt into splits.
 *
 * @returns the set's notes, with one that says what was undone
 * @throws CamlabError when the set has a split already and `redeal` does not say that it may go
 */
export function checkUndealt<P extends Picture>(set: PictureSet<P>, redeal: boolean): readonly string[] | undefined {
  checkSet(set);
  const dealt = set.pictures.filter(({ split }) => split !== undefined);
  if (dealt.length === 0) return set.notes;
  const counts = new Map<string, number>();
  for (const { split } of dealt) counts.set(split!, (counts.get(split!) ?? 0) + 1);
  const known = [...counts].map(([split, count]) => `${count} ${split}`).join(", ");
  if (!redeal) {
    throw new CamlabError(
      `the set has a split already (${known}; ${nameOf(dealt[0])} is ${dealt[0].split}): use it as it is, or give { redeal: true } to deal it anew`,
    );
  }
  return [...(set.notes ?? []), `the split that the set had (${known}) was dealt anew`];
}

/** @throws CamlabError for anything that is no set, a list of pictures among it */
export function checkSet(set: PictureSet): void {
  if (typeof set !== "object" || set === null || !Array.isArray(set.pictures) || !Array.isArray(set.classes)) {
    throw invalid("set", set, "{ classes, pictures }, as readers give it");
  }
}
