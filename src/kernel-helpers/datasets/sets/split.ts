import { nameOf, type Picture, type PictureSet } from "../../images/picture.js";
import { CamlabError } from "../../support/errors.js";

/** What pictures are for: to learn from, to choose settings by, to judge by. */
export type Split = "train" | "val" | "test";

/**
 * A split as a list says it.
 *
 * @param where what an error should name: the file and the row
 * @throws CamlabError unless it is train, val or test
 */
export function splitOf(text: string, where: string): Split {
  if (text === "train" || text === "val" || text === "test") return text;
  throw new CamlabError(`${where}: split ${JSON.stringify(text)} is not train, val or test`);
}

/**
 * To be asked before pictures are dealt into splits.
 *
 * @returns the set's notes, with one that says what was undone
 * @throws CamlabError when the set has a split already and `redeal` does not say that it may go
 */
export function checkUndealt<P extends Picture>(set: PictureSet<P>, redeal: boolean): readonly string[] | undefined {
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
