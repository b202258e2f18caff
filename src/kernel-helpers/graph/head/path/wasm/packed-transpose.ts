import { instantiate } from "./module.js";

/** Columns of a panel: those of a row fill one line of a cache. */
const WIDTH = 32;
/** Bytes of a row in a panel, of a factor, of a row and its g in a list, of the sums of a panel. */
const [LINE, FACTOR, PAIR, SUMS] = [2 * WIDTH, 4, 8, 4 * WIDTH];
/** How many rows ahead the next are fetched from memory. */
const AHEAD = 32;
/** Rows that are rounded at a time. */
const AT_ONCE = 64;

/**
 * A matrix, row-major, for the products of its transpose with single vectors. What they cost is one reading of the matrix:
 * it is kept in 16 bits, as shares of a factor that 32 numbers of a row have in common. They are right to a few millionths
 * of hundreds of rows' sum: 2e-5 of the largest.
 */
export class PackedTranspose {
  readonly #ones: Float32Array;
  readonly #rowsOfList: Uint32Array;
  readonly #factorsOfList: Float32Array;
  readonly #sums: Float32Array;
  readonly #run: (count: number) => void;

  constructor(
    data: Float32Array,
    readonly rows: number,
    readonly inputs: number,
  ) {
    const panels = Math.ceil(inputs / WIDTH);
    const factors = panels * rows * LINE;
    const list = factors + panels * rows * FACTOR;
    const sums = Math.ceil((list + rows * PAIR) / LINE) * LINE;
    const source = sums + panels * SUMS;
    // The last panel has fetched what would follow it.
    const after = ((panels + 1) * rows + AHEAD) * LINE;
    const { memory, exports } = instantiate(Math.max(source + AT_ONCE * panels * SUMS, after));
    const { buffer } = memory;
    const room = new Float32Array(buffer, source, AT_ONCE * panels * WIDTH);
    for (let first = 0; first < rows; first += AT_ONCE) {
      const count = Math.min(AT_ONCE, rows - first);
      for (let row = 0, from = first * inputs; row < count; row++, from += inputs) {
        room.set(data.subarray(from, from + inputs), row * panels * WIDTH);
      }
      exports.pack(source, first, count, rows, panels, 0, factors);
    }
    this.#ones = new Float32Array(rows).fill(1);
    this.#rowsOfList = new Uint32Array(buffer, list, 2 * rows);
    this.#factorsOfList = new Float32Array(buffer, list, 2 * rows);
    this.#sums = new Float32Array(buffer, sums, inputs);
    this.#run = (count) => {
      const step = Math.ceil(rows / count) * LINE;
      exports.transposedPacked(0, factors, rows, panels, list, count, AHEAD * LINE, step, sums);
    };
  }

  /**
   * Wᵀ (a ⊙ b), where W u is known of a direction u: what rounding changes of a ⊙ b · W u is taken off again, so that sums
   * along u are exact. The numbers stand until the next call.
   *
   * @param b 1 unless given
   */
  multiply(
    a: Float32Array | Float64Array,
    b: Float32Array | undefined,
    u: Float32Array | Float64Array,
    product: Float32Array | Float64Array,
  ): Float32Array {
    const { rows, inputs } = this;
    const [list, factors, times] = [this.#rowsOfList, this.#factorsOfList, b ?? this.#ones];
    let [at, along] = [0, 0];
    for (let row = 0; row < rows; row++) {
      const g = a[row] * times[row];
      if (g === 0) continue;
      list[at] = row;
      factors[at + 1] = g;
      at += 2;
      along += g * product[row];
    }
    const sums = this.#sums;
    if (at === 0) return sums.fill(0);
    this.#run(at / 2);
    let [found, length] = [0, 0];
    for (let k = 0; k < inputs; k++) {
      const x = u[k];
      found += sums[k] * x;
      length += x * x;
    }
    const less = length > 0 ? (along - found) / length : 0;
    for (let k = 0; k < inputs; k++) sums[k] += less * u[k];
    return sums;
  }
}
