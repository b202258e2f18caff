/** How much higher than a square the pictures of a row may be. */
const HIGHEST = 1.3;

/**
 * How high pictures side by side are, all the same, so that they are as wide as squares together.
 *
 * @param aspects width divided by height of each
 * @param size the side of a square
 */
export function rowHeight(aspects: readonly number[], size: number): number {
  const mean = aspects.reduce((sum, aspect) => sum + aspect, 0) / aspects.length;
  return Math.round(Math.min(size / mean, HIGHEST * size));
}
