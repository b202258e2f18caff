// Matrices in WebAssembly's memory, for their products with vectors: 5 to 10 times as fast as in plain JavaScript.
import { PAGE, type WasmMemory } from "../../../../support/wasm/web-assembly.js";
import { instantiate, type ProductExports } from "./module.js";

/** Bytes of a matrix that stay in a core's own cache. */
const CACHED = 131072;

/** A matrix, row-major, and its products with several vectors that stand one behind the other. */
export class Products {
  readonly #memory: WasmMemory;
  readonly #exports: ProductExports;
  readonly #columns: number;
  readonly #matrixBytes: number;

  constructor(
    data: Float32Array,
    readonly rows: number,
    readonly inputs: number,
  ) {
    this.#columns = Math.ceil(inputs / 4) * 4;
    this.#matrixBytes = Math.ceil((4 * rows * this.#columns) / 16) * 16;
    const { memory, exports } = instantiate(this.#matrixBytes + PAGE);
    this.#memory = memory;
    this.#exports = exports;
    const matrix = new Float32Array(this.#memory.buffer, 0, rows * this.#columns);
    if (this.#columns === inputs) matrix.set(data.subarray(0, rows * inputs));
    else
      for (let row = 0; row < rows; row++)
        matrix.set(data.subarray(row * inputs, (row + 1) * inputs), row * this.#columns);
  }

  /** W x of `count` vectors: `count × rows`. That of a single one is summed in float32. */
  multiply(vectors: Float64Array, count: number): Float64Array {
    const { rows } = this;
    const [from, to] = this.#places(this.#columns, rows, count);
    if (count === 1) {
      this.#placeSingle(vectors, from);
      const each = Math.max(4, 4 * Math.floor(CACHED / this.#stride / 4));
      for (let row = 0; row < rows; row += each) {
        const [first, count] = [row * this.#stride, Math.min(each, rows - row)];
        this.#exports.fetch(first, count * this.#stride);
        this.#exports.multiplySingle(first, count, this.#stride, from, to + 8 * row);
      }
    } else {
      this.#place(vectors, this.inputs, this.#columns, from, count);
      this.#exports.multiply(0, rows, this.#stride, from, count, to);
    }
    return new Float64Array(this.#memory.buffer, to, count * rows).slice();
  }

  /** Wᵀ x of `count` vectors: `count × inputs`. */
  multiplyTransposed(vectors: Float64Array, count: number): Float64Array {
    const { rows, inputs } = this;
    const [from, to] = this.#places(rows, this.#columns, count);
    this.#place(vectors, rows, rows, from, count);
    const sums = new Float64Array(this.#memory.buffer, to, count * this.#columns).fill(0);
    this.#exports.multiplyTransposed(0, rows, this.#stride, from, count, to);
    if (inputs === this.#columns) return sums.slice();
    const result = new Float64Array(count * inputs);
    for (let v = 0; v < count; v++) {
      result.set(sums.subarray(v * this.#columns, v * this.#columns + inputs), v * inputs);
    }
    return result;
  }

  get #stride(): number {
    return 4 * this.#columns;
  }

  #placeSingle(vector: Float64Array, at: number): void {
    const room = new Float32Array(this.#memory.buffer, at, this.#columns).fill(0);
    room.set(vector.subarray(0, this.inputs));
  }

  /** Where vectors and products go, behind the matrix. */
  #places(each: number, made: number, count: number): [from: number, to: number] {
    const from = this.#matrixBytes;
    const to = from + Math.ceil((8 * count * each) / 16) * 16;
    const missing = to + 8 * count * made - this.#memory.buffer.byteLength;
    if (missing > 0) this.#memory.grow(Math.ceil(missing / PAGE));
    return [from, to];
  }

  #place(vectors: Float64Array, size: number, width: number, from: number, count: number): void {
    const room = new Float64Array(this.#memory.buffer, from, count * width);
    if (size === width) {
      room.set(vectors.subarray(0, count * size));
      return;
    }
    room.fill(0);
    for (let v = 0; v < count; v++) room.set(vectors.subarray(v * size, (v + 1) * size), v * width);
  }
}
