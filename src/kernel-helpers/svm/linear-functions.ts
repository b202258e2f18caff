import type { Matrix } from "../support/matrix.js";
import { rowOf } from "../support/matrix.js";
import { inverseLength } from "./steps.js";
import type { Step } from "./steps.js";
import type { SolverExports, WasmMemory } from "./wasm/web-assembly.js";
import { PAGE, instantiateSolver, sharedMemory, solverModule } from "./wasm/web-assembly.js";

/** Linear functions of raw features: w·F·s + b, with s = 1 / ‖F‖ where the steps normalise, else 1. */
export interface LinearFunctions {
  /** One row a function, one column a channel. */
  readonly weights: Matrix;
  /** One a function. */
  readonly bias: Float32Array;
  readonly steps: readonly Step[];
}

const CHUNK_ROWS = 256;

let scorer: { memory: WasmMemory; exports: SolverExports } | undefined;

/** The functions' values, `features.rows × functions`. */
export function decisionValues({ weights, bias, steps }: LinearFunctions, features: Matrix): Matrix {
  const { rows, columns, data } = innerProducts(features, weights);
  const normalised = steps.includes("l2Normalise");
  for (let row = 0; row < rows; row++) {
    const scale = normalised ? inverseLength(rowOf(features, row)) : 1;
    for (let k = 0; k < columns; k++) data[row * columns + k] = scale * data[row * columns + k] + bias[k];
  }
  return { rows, columns, data };
}

/**
 * Inner products of every row with every weight vector. A row's products are the same bits whichever rows stand beside
 * it.
 *
 * @returns `features.rows × weights.rows`
 */
function innerProducts(features: Matrix, weights: Matrix): Matrix {
  const stride = Math.ceil(features.columns / 16) * 64;
  const size = Math.min(CHUNK_ROWS, features.rows);
  const [rowsAt, weightsAt] = [0, size * stride];
  const listAt = weightsAt + weights.rows * stride;
  const productsAt = listAt + Math.ceil((4 * size) / 64) * 64;
  const { memory, exports } = room(productsAt + 8 * size);
  const { buffer } = memory;

  copyRows(weights, 0, weights.rows, new Float32Array(buffer, weightsAt, (weights.rows * stride) / 4));
  const list = new Int32Array(buffer, listAt, size);
  for (let i = 0; i < size; i++) list[i] = i;
  const products = new Float64Array(buffer, productsAt, size);
  const data = new Float32Array(features.rows * weights.rows);
  for (let first = 0; first < features.rows; first += size) {
    const count = Math.min(size, features.rows - first);
    copyRows(features, first, count, new Float32Array(buffer, rowsAt, (size * stride) / 4));
    for (let k = 0; k < weights.rows; k++) {
      exports.multiply(rowsAt, stride, listAt, count, weightsAt + k * stride, productsAt);
      for (let i = 0; i < count; i++) data[(first + i) * weights.rows + k] = products[i];
    }
  }
  return { rows: features.rows, columns: weights.rows, data };
}

/** Copies rows into padded ones. */
function copyRows(from: Matrix, first: number, count: number, to: Float32Array): void {
  const width = Math.ceil(from.columns / 16) * 16;
  for (let i = 0; i < count; i++) {
    to.set(rowOf(from, first + i), i * width);
    to.fill(0, i * width + from.columns, (i + 1) * width);
  }
}

function room(bytes: number) {
  if (!scorer) {
    const memory = sharedMemory(bytes);
    scorer = { memory, exports: instantiateSolver(solverModule(), memory) };
  }
  const missing = bytes - scorer.memory.buffer.byteLength;
  if (missing > 0) scorer.memory.grow(Math.ceil(missing / PAGE));
  return scorer;
}
