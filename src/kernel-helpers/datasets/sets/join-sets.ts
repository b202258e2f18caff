import type { Picture, PictureSet } from "../../images/picture.js";

/**
 * Several sets as one: the pictures of the first, then those of the second, and so on; classes in the order in which they
 * first occur.
 *
 * @example
 * readers.joinSets(await readers.readCocoCaptions("train.json", { split: "train" }), await readers.readCocoCaptions("val.json", { split: "test" }));
 */
export function joinSets<P extends Picture>(...sets: readonly PictureSet<P>[]): PictureSet<P> {
  const notes = sets.flatMap((set) => set.notes ?? []);
  return {
    classes: [...new Set(sets.flatMap(({ classes }) => classes))],
    pictures: sets.flatMap(({ pictures }) => pictures),
    ...(notes.length > 0 && { notes }),
  };
}
