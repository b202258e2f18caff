// Matrices in WebAssembly's memory, for their products with vectors: 5 to 10 times as fast as in plain JavaScript.
import { readFileSync } from "node:fs";
import { PAGE, type WasmMemory, type WasmModule, WebAssembly } from "../../../../support/wasm/web-assembly.js";

/** What matrix-products.as exports. Addresses are byte offsets into the memory. */
interface ProductExports {
  multiply(matrix: number, rows: number, stride: number, vectors: number, count: number, products: number): void;
  multiplyTransposed(matrix: number, rows: number, stride: number, vectors: number, count: number, sums: number): void;
  fetch(matrix: number, rows: number, stride: number, factors: number): number;
  multiplySingle(matrix: number, rows: number, stride: number, vector: number, products: number): void;
  transposedSingle(matrix: number, rows: number, stride: number, factors: number, partial: number, sums: number): void;
}

/** Bytes of a matrix that stay in a core's own cache. */
const CACHED = 131072;

let compiled: WasmModule | undefined;

/** matrix-products.wasm, compiled once a process. */
function productsModule(): WasmModule {
  return (compiled ??= new WebAssembly.Module(readFileSync(new URL("./matrix-products.wasm", import.meta.url))));
}

/** Byte offsets into the memory. */
interface Room {
  readonly vector: number;
  readonly products: number;
  readonly sums: number;
  readonly partial: number;
}

/** Rows that stay in the cache together. */
type Block = readonly [row: number, count: number];

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
    this.#memory = new WebAssembly.Memory({ initial: Math.ceil(this.#matrixBytes / PAGE) + 1 });
    const instance = new WebAssembly.Instance(productsModule(), { env: { memory: this.#memory } });
    this.#exports = instance.exports as ProductExports;
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
      for (const block of this.#blocks()) {
        this.#fetch(block);
        this.#multiplyBlock(block, from, to);
      }
    } else {
      this.#place(vectors, this.inputs, this.#columns, from, count);
      this.#exports.multiply(0, rows, this.#stride, from, count, to);
    }
    return new Float64Array(this.#memory.buffer, to, count * rows).slice();
  }

  /** Wᵀ x of `count` vectors: `count × inputs`. That of a single one is summed in float32, a few rows at a time. */
  multiplyTransposed(vectors: Float64Array, count: number): Float64Array {
    const { rows, inputs } = this;
    if (count === 1) {
      const at = this.#roomForBoth();
      new Float64Array(this.#memory.buffer, at.products, rows).set(vectors.subarray(0, rows));
      for (const block of this.#blocks()) {
        this.#fetch(block, at.products);
        this.#addBlock(block, at);
      }
      return new Float64Array(this.#memory.buffer, at.sums, inputs).slice();
    }
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

  /**
   * W x, and Wᵀ g for a g that follows from it row by row: the matrix is fetched from memory once.
   *
   * @param gradient g of a row, from the row and its product
   */
  multiplyBoth(
    vector: Float64Array,
    gradient: (row: number, product: number) => number,
  ): { readonly products: Float64Array; readonly sums: Float64Array } {
    const { rows, inputs } = this;
    const at = this.#roomForBoth();
    this.#placeSingle(vector, at.vector);
    const products = new Float64Array(this.#memory.buffer, at.products, rows);
    const kept = new Float64Array(rows);
    for (const block of this.#blocks()) {
      const [row, count] = block;
      this.#fetch(block);
      this.#multiplyBlock(block, at.vector, at.products);
      for (let i = row; i < row + count; i++) {
        kept[i] = products[i];
        products[i] = gradient(i, kept[i]);
      }
      this.#addBlock(block, at);
    }
    return { products: kept, sums: new Float64Array(this.#memory.buffer, at.sums, inputs).slice() };
  }

  get #stride(): number {
    return 4 * this.#columns;
  }

  /** Rows that stay in the cache together: the first, and how many. */
  *#blocks(): Generator<Block> {
    const each = Math.max(4, 4 * Math.floor(CACHED / this.#stride / 4));
    for (let row = 0; row < this.rows; row += each) yield [row, Math.min(each, this.rows - row)];
  }

  /** The rows of a block into the cache, but for those of factor 0. */
  #fetch([row, count]: Block, factors?: number): void {
    this.#exports.fetch(row * this.#stride, count, this.#stride, factors === undefined ? 0 : factors + 8 * row);
  }

  #multiplyBlock([row, count]: Block, vector: number, products: number): void {
    this.#exports.multiplySingle(row * this.#stride, count, this.#stride, vector, products + 8 * row);
  }

  #addBlock([row, count]: Block, { products, partial, sums }: Room): void {
    this.#exports.transposedSingle(row * this.#stride, count, this.#stride, products + 8 * row, partial, sums);
  }

  /** Room for one vector, its products, and the sums of the transpose, which are 0. */
  #roomForBoth(): Room {
    const rows = this.rows + (this.rows & 1);
    const [vector, products] = this.#places(this.#columns, rows + 2 * this.#columns, 1);
    const sums = products + 8 * rows;
    new Float64Array(this.#memory.buffer, sums, this.#columns).fill(0);
    return { vector, products, sums, partial: sums + 8 * this.#columns };
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
