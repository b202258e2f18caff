/** A share in percent, without what binary fractions add: 88.3, not 88.30000000000001. */
export function percentOf(share: number): number {
  return Math.round(1e6 * share) / 1e4;
}
