// Which rows an SVM was trained on, remembered as a number each: enough to say that it is being tested on them.
import type { Matrix } from "../support/matrix.js";

/** So many values of a row are looked at, spread over it: two photos do not agree in all of them. */
const VALUES = 64;

/**
 * A 32-bit number for each row, the same for the same features (FNV-1a over the bits of some of its values).
 *
 * @example
 * const known = new Set(rowMarks(trainFeatures));
 * rowMarks(testFeatures).filter((mark) => known.has(mark)).length; // rows that are in both
 */
export function rowMarks({ rows, columns, data }: Matrix): Uint32Array {
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const step = Math.max(1, columns / VALUES);
  const looked: number[] = [];
  for (let k = 0; k < columns; k += step) looked.push(Math.floor(k));
  const marks = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let mark = 0x811c9dc5;
    for (let i = 0; i < looked.length; i++) {
      mark = Math.imul(mark ^ bits[start + looked[i]], 0x01000193);
      mark ^= mark >>> 15;
    }
    marks[row] = mark;
  }
  return marks;
}
