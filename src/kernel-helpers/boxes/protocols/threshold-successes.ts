/** Counts, threshold by threshold, on how many pictures a box is right. */
export class ThresholdSuccesses {
  /** How many pictures' boxes are right at each threshold. */
  readonly right: Float64Array;
  /** How many pictures there are. */
  total = 0;
  readonly #least: number;

  /** @param least the IoU from which on a box is right */
  constructor(thresholds: number, least: number) {
    this.right = new Float64Array(thresholds);
    // In 32 bits, as the overlaps are: 0.3 is otherwise more than the 0.3 that was kept.
    this.#least = Math.fround(least);
  }

  /** @param overlaps of one picture, one a threshold */
  add(overlaps: ArrayLike<number>): void {
    this.total += 1;
    for (let t = 0; t < this.right.length; t++) if (overlaps[t] >= this.#least) this.right[t] += 1;
  }

  /** The share of the pictures at each threshold. */
  get shares(): Float64Array {
    return this.right.map((count) => count / this.total);
  }
}
