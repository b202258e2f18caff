import { CamlabError } from "../../support/errors.js";
import { checkSet } from "./split.js";
import type { Picture, PictureSet } from "../../images/picture.js";

/**
 * Several sets as one: the pictures of the first, then those of the second, and so on; classes in the order in which they
 * first occur.
 *
 * @throws CamlabError for no set at all, and for anything that is none
 * @example
 * readers.joinSets(await readers.readCocoCaptions("train.json", { split: "train" }), await readers.readCocoCaptions("val.json", { split: "test" }));
 */
export function joinSets<P extends Picture>(...sets: readonly PictureSet<P>[]): PictureSet<P> {
  for (const set of sets) {
    if (Array.isArray(set))
      throw new CamlabError("joinSets takes sets one by one: joinSets(first, second), or joinSets(...sets)");
    checkSet(set);
  }
  if (sets.length === 0) throw new CamlabError("joinSets needs at least one set");
  const notes = sets.flatMap((set) => set.notes ?? []);
  return {
    classes: [...new Set(sets.flatMap(({ classes }) => classes))],
    pictures: sets.flatMap(({ pictures }) => pictures),
    ...(notes.length > 0 && { notes }),
  };
}
