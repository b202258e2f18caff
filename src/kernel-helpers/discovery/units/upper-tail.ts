/**
 * Keeps the largest of the numbers that it is given, each copy counted: what a quantile near the top needs, in memory
 * that does not grow with how many numbers there are.
 */
export class UpperTail {
  readonly #kept: Float32Array;
  readonly #capacity: number;
  #size = 0;
  #floor = -Infinity;

  /** @param capacity how many of the largest are kept; at least 1 */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#kept = new Float32Array(2 * capacity);
  }

  add(value: number): void {
    if (!(value > this.#floor)) return;
    this.#kept[this.#size++] = value;
    if (this.#size === this.#kept.length) this.#shrink();
  }

  /**
   * The number that exactly `rank` others may exceed: the (rank + 1)-th largest.
   *
   * @param rank below the capacity
   * @returns −Infinity when fewer numbers than that were given
   */
  above(rank: number): number {
    this.#sort();
    return rank < this.#size ? this.#kept[this.#size - 1 - rank] : -Infinity;
  }

  /**
   * As `above`; but where none of the numbers exceeds that one, since more than `rank` of them are the largest there is,
   * one just below it: all of those are let pass rather than none.
   */
  letting(rank: number): number {
    const found = this.above(rank);
    const largest = this.#size > 0 ? this.#kept[this.#size - 1] : -Infinity;
    if (rank === 0 || found < largest || !Number.isFinite(found)) return found;
    return found - Math.max(Math.abs(found), 1) * 2 ** -20;
  }

  #shrink(): void {
    this.#sort();
    this.#kept.copyWithin(0, this.#size - this.#capacity, this.#size);
    this.#size = this.#capacity;
    this.#floor = this.#kept[0];
  }

  #sort(): void {
    this.#kept.subarray(0, this.#size).sort();
  }
}
