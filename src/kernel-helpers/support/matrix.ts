import { check } from "./check.js";
import { CamlabError, invalid } from "./errors.js";

/**
 * A dense table of numbers, row by row: `data[row · columns + column]`. Of features: a row a photo, a column a channel.
 *
 * @example
 * const two: tables.Matrix = { rows: 2, columns: 3, data: Float32Array.of(1, 2, 3, 4, 5, 6) };
 */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** `rows · columns` values. */
  readonly data: Float32Array;
}

/**
 * A matrix from its rows.
 *
 * @throws CamlabError when the rows differ in length
 * @example
 * tables.matrixOf([seenA.features, seenB.features]);
 */
export function matrixOf(rows: readonly ArrayLike<number>[]): Matrix {
  const columns = rows[0]?.length ?? 0;
  const data = new Float32Array(rows.length * columns);
  rows.forEach((row, index) => {
    if (row.length !== columns) {
      throw new CamlabError(`row ${index} has ${row.length} values, but row 0 has ${columns}`);
    }
    data.set(row, index * columns);
  });
  return { rows: rows.length, columns, data };
}

/**
 * One row, as a view on the matrix.
 *
 * @example
 * tables.rowOf(features, 0); // the first photo's features
 */
export function rowOf({ columns, data }: Matrix, row: number): Float32Array {
  return data.subarray(row * columns, (row + 1) * columns);
}

/**
 * The given rows, in the given order, as a new matrix.
 *
 * @example
 * tables.selectRows(features, [4, 0]);
 */
export function selectRows(matrix: Matrix, rows: ArrayLike<number>): Matrix {
  const data = new Float32Array(rows.length * matrix.columns);
  for (let i = 0; i < rows.length; i++) data.set(rowOf(matrix, rows[i]), i * matrix.columns);
  return { rows: rows.length, columns: matrix.columns, data };
}

/**
 * Refuses a matrix of the wrong size and one that holds NaN or Infinity, naming the first such place.
 *
 * @param name what the matrix is called
 * @throws CamlabError
 * @example
 * checkMatrix("features", features); // features hold NaN at row 3, column 17
 */
export function checkMatrix(name: string, matrix: Matrix): void {
  checkShape(name, matrix);
  if (!isFiniteAll(matrix.data)) checkFinite(name, matrix);
}

/** As `checkMatrix`, of the size alone. */
export function checkShape(name: string, { rows, columns, data }: Matrix): void {
  if (!(data instanceof Float32Array)) throw invalid(`${name}.data`, data, "a Float32Array");
  check.counts({ rows, columns }, `${name}.`);
  if (data.length !== rows * columns) {
    throw invalid(`${name}.data.length`, data.length, `${rows} rows · ${columns} columns = ${rows * columns}`);
  }
}

/** As `checkMatrix`, of the values alone; slowly. */
export function checkFinite(name: string, { columns, data }: Matrix): void {
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i])) {
      const row = Math.floor(i / columns);
      throw new CamlabError(
        `${name} hold ${data[i]} at row ${row}, column ${i - row * columns}: leave that row out, or mend what made it`,
      );
    }
  }
}

/** Of a number that is none, or infinite, all bits of the exponent are set: one more carries into the sign. */
function isFiniteAll(data: Float32Array): boolean {
  const bits = new Int32Array(data.buffer, data.byteOffset, data.length);
  let carried = 0;
  for (let i = 0; i < bits.length; i++) carried |= ((bits[i] & EXPONENT) + LOWEST_OF_EXPONENT) | 0;
  return carried >= 0;
}

const EXPONENT = 0x7f800000;
const LOWEST_OF_EXPONENT = 0x00800000;
