import { type AxisSampling, bilinearRows, type BilinearRows } from "../cam/resample.js";
import type { Runs } from "./connected-components.js";

/**
 * A map stretched bilinearly onto a grid, of which only what is asked for is worked out: between two neighbouring places
 * of the map, values along a row of the grid are linear, so most stretches are known from their two ends. What is given
 * is, to the bit, what `resample`'s values give.
 */
export class StretchedMap {
  readonly #rows: BilinearRows;
  readonly #width: number;
  readonly #height: number;
  /** Where the grid's columns come to lie between two other places of the map; the last is the width. */
  readonly #stretches: readonly number[];
  /** More than rounding can be wrong by. */
  readonly #slack: number;

  /** @param data of a map whose places were all seen, and are finite */
  constructor(data: Float32Array, width: number, height: number, columns: AxisSampling, rows: AxisSampling) {
    this.#rows = bilinearRows(data, width, height, columns, rows);
    this.#width = columns.size;
    this.#height = rows.size;
    const { columnPairs } = this.#rows;
    const stretches: number[] = [];
    for (let x = 0; x < columns.size; x++) if (x === 0 || columnPairs[x] !== columnPairs[x - 1]) stretches.push(x);
    this.#stretches = [...stretches, columns.size];
    let most = 0;
    for (let p = 0; p < data.length; p++) most = Math.max(most, Math.abs(data[p]));
    this.#slack = 1e-6 * most;
  }

  /** The largest value on the grid. */
  maximum(): number {
    const { stretched, index, weight } = this.#rows;
    const stretches = this.#stretches;
    let max = -Infinity;
    for (let y = 0; y < this.#height; y++) {
      const a = weight[2 * y];
      const b = weight[2 * y + 1];
      const from = index[2 * y] * this.#width;
      const to = index[2 * y + 1] * this.#width;
      for (let s = 0; s + 1 < stretches.length; s++) {
        const start = stretches[s];
        const last = stretches[s + 1] - 1;
        const left = Math.fround(a * stretched[from + start] + b * stretched[to + start]);
        const right = Math.fround(a * stretched[from + last] + b * stretched[to + last]);
        if (Math.max(left, right) + this.#slack < max) continue;
        for (let x = start; x <= last; x++) {
          const value = Math.fround(a * stretched[from + x] + b * stretched[to + x]);
          if (value > max) max = value;
        }
      }
    }
    return max;
  }

  /** The runs of pixels strictly above a level. */
  runsAbove(level: number): Runs {
    const { stretched, index, weight } = this.#rows;
    const stretches = this.#stretches;
    const [high, low] = [level + this.#slack, level - this.#slack];
    const start: number[] = [];
    const end: number[] = [];
    const row = [0];
    for (let y = 0; y < this.#height; y++) {
      const a = weight[2 * y];
      const b = weight[2 * y + 1];
      const from = index[2 * y] * this.#width;
      const to = index[2 * y + 1] * this.#width;
      let isOpen = false;
      for (let s = 0; s + 1 < stretches.length; s++) {
        const first = stretches[s];
        const last = stretches[s + 1] - 1;
        const left = Math.fround(a * stretched[from + first] + b * stretched[to + first]);
        const right = Math.fround(a * stretched[from + last] + b * stretched[to + last]);
        if (left > high && right > high) {
          if (!isOpen) start.push(first);
          isOpen = true;
        } else if (left < low && right < low) {
          if (isOpen) end.push(first);
          isOpen = false;
        } else {
          for (let x = first; x <= last; x++) {
            if (Math.fround(a * stretched[from + x] + b * stretched[to + x]) > level === isOpen) continue;
            (isOpen ? end : start).push(x);
            isOpen = !isOpen;
          }
        }
      }
      if (isOpen) end.push(this.#width);
      row.push(start.length);
    }
    return { start, end, row };
  }
}
