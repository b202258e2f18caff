import type { ConceptMasks } from "./concept-masks.js";

/**
 * Masks of each image in turn, and of the images that went just before it: in a shuffled order these are masks of other
 * images, and never of its own. Holds as many masks as there are partners.
 *
 * @param count of images
 * @param partners of each image, below `count`
 * @param masksOf an image, by its place in the order
 */
export function maskPartners(
  count: number,
  partners: number,
  masksOf: (place: number) => ConceptMasks,
): (place: number) => ConceptMasks[] {
  const held = new Map<number, ConceptMasks>();
  const masksAt = (place: number) => {
    const known = held.get(place) ?? masksOf(place);
    held.set(place, known);
    return known;
  };
  return (place) => {
    const found = Array.from({ length: partners + 1 }, (_, back) => masksAt((place - back + count) % count));
    held.delete(place - partners);
    return found;
  };
}
