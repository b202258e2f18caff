import { CamlabError } from "../../support/errors.js";
import type { Matrix } from "../../support/matrix.js";
import { checkFinite, rowOf } from "../../support/matrix.js";
import type { WasmMemory, WasmModule } from "../wasm/web-assembly.js";
import { borrowMemory, MOST_PAGES, PAGE, instantiateSolver, solverModule } from "../wasm/web-assembly.js";

/** The most classes that are solved together. */
export const BLOCK_CLASSES = 8;

/** Bytes of a Fit in coordinate-descent.as. */
export const FIT_BYTES = 128;

/** Training rows in memory that all threads share, and room for each thread's own work. */
export interface SharedRows {
  readonly module: WasmModule;
  readonly memory: WasmMemory;
  readonly rows: number;
  /** Values a row: the channels, then the bias feature when there is one. */
  readonly columns: number;
  /** Bytes a row: the columns padded with zeros to a multiple of 64 bytes. Rows start at address 0. */
  readonly stride: number;
  /** Address of ‖x_i‖², a float64 a row. */
  readonly norms: number;
  /** Address of the first thread's own memory. */
  readonly scratch: number;
}

/** Where a thread's own arrays lie; see setProblem in coordinate-descent.as. */
export interface Scratch {
  readonly rows: number;
  readonly positive: number;
  readonly costs: number;
  readonly classCosts: number;
  readonly alpha: number;
  readonly weights: number;
  readonly exact: number;
  readonly active: number;
  readonly order: number;
  readonly fits: number;
  readonly products: number;
  readonly end: number;
}

/**
 * Copies rows into shared memory, each through `transform` (the steps: normalisation, standardisation), and appends
 * the bias feature.
 *
 * @param bias the bias feature's value; 0 for none
 * @throws CamlabError when 4 GiB, all that 32-bit addresses reach, do not hold the rows, and for values that are not finite
 */
export function shareRows(
  features: Matrix,
  bias: number,
  threads: number,
  transform: (row: Float32Array) => void,
): SharedRows {
  const columns = features.columns + (bias ? 1 : 0);
  const stride = Math.ceil(columns / 16) * 64;
  const norms = features.rows * stride;
  const scratch = norms + aligned(features.rows * 8);
  const room = layOut({ rows: features.rows, stride, scratch: 0 }, 0).end;
  const bytes = scratch + threads * room;
  if (bytes > MOST_PAGES * PAGE) {
    const gibibytes = (bytes / 2 ** 30).toFixed(1);
    throw new CamlabError(
      `${features.rows} rows × ${features.columns} columns on ${threads} threads take ${gibibytes} GiB, and the solver ` +
        "holds 4 GiB: use fewer threads, or train on a sample of the rows",
    );
  }
  const module = solverModule();
  const memory = borrowMemory(bytes);
  const values = new Float32Array(memory.buffer, 0, norms / 4);
  for (let i = 0; i < features.rows; i++) {
    const [start, end] = [(i * stride) / 4, ((i + 1) * stride) / 4];
    const row = values.subarray(start, start + features.columns);
    row.set(rowOf(features, i));
    transform(row);
    if (bias) values[start + features.columns] = bias;
    values.fill(0, start + columns, end);
  }
  instantiateSolver(module, memory).squaredNorms(0, stride, features.rows, norms);
  const lengths = new Float64Array(memory.buffer, norms, features.rows);
  if (!lengths.every(Number.isFinite)) checkFinite("features", features);
  return { module, memory, rows: features.rows, columns, stride, norms, scratch };
}

/** A thread's own arrays. */
export function layOut(
  { rows, stride, scratch }: Pick<SharedRows, "rows" | "stride" | "scratch">,
  thread: number,
): Scratch {
  let end = 0;
  const take = (bytes: number) => {
    const address = end;
    end += aligned(bytes);
    return address;
  };
  const own = {
    rows: take(4 * rows),
    positive: take(4 * rows),
    costs: take(8 * rows),
    classCosts: take(16 * BLOCK_CLASSES),
    alpha: take(8 * rows * BLOCK_CLASSES),
    weights: take(stride * BLOCK_CLASSES),
    exact: take(2 * stride * BLOCK_CLASSES),
    active: take(4 * rows),
    order: take(4 * rows),
    fits: take(FIT_BYTES * BLOCK_CLASSES),
    products: take(8 * rows),
    end: 0,
  };
  own.end = end;
  const start = scratch + thread * end;
  return Object.fromEntries(
    Object.entries(own).map(([name, address]) => [name, start + address]),
  ) as unknown as Scratch;
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / 64) * 64;
}
