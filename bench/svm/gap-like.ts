import type { Matrix } from "../../src/kernel-helpers/support/matrix.js";
import { seededRandom } from "../../src/kernel-helpers/support/random.js";

/** Rows like GAP features: not negative, none zero, correlated through 64 hidden causes. */
export interface GapLike {
  readonly features: Matrix;
  readonly labels: Int32Array;
}

/**
 * Draws rows of every class in turn.
 *
 * @param length `unit`: each row divided by its length; `long`: as drawn, about 30 long
 * @param noise how far rows stray from their class, against 1 for the classes' own spread
 */
export function gapLike(
  rows: number,
  columns: number,
  classes: number,
  { length, noise, seed }: { length: "unit" | "long"; noise: number; seed: number },
): GapLike {
  const random = seededRandom(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const normals = (count: number, scale: number) => Float32Array.from({ length: count }, () => scale * normal());
  const causes = 64;
  const basis = normals(causes * columns, 1 / 8);
  const centres = normals(classes * causes, 1);
  const labels = Int32Array.from({ length: rows }, (_, row) => row % classes);
  const data = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    const values = normals(columns, 0.6);
    for (let cause = 0; cause < causes; cause++) {
      const strength = centres[labels[row] * causes + cause] + noise * normal();
      for (let k = 0; k < columns; k++) values[k] += strength * basis[cause * columns + k];
    }
    let square = 0;
    for (let k = 0; k < columns; k++) {
      values[k] = Math.log1p(Math.exp(3 * (values[k] - 0.5))) / 3;
      square += values[k] * values[k];
    }
    const scale = length === "unit" ? 1 / Math.sqrt(square) : 1;
    for (let k = 0; k < columns; k++) data[row * columns + k] = scale * values[k];
  }
  return { features: { rows, columns, data }, labels };
}
