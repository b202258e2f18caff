import { check } from "../../support/check.js";
import { CamlabError } from "../../support/errors.js";
import { type Matrix, rowOf } from "../../support/matrix.js";
import { seededRandom } from "../../support/random.js";
import { addScaled, dot } from "../../support/vectors.js";

/** Rows seen along the directions in which they differ most. */
export interface PrincipalComponents {
  /** A row for each row, a column for each component: how far it lies along it from the middle of all. */
  readonly coordinates: Matrix;
  /** Of each component, the share of all variance that lies along it, 0–1. */
  readonly shares: readonly number[];
}

const ROUNDS = 300;
const SETTLED = 1e-7;

/**
 * The directions in which rows differ most, largest first (principal component analysis), and where each row lies along
 * them. Each direction's sign is that in which its largest weight is positive.
 *
 * @throws CamlabError for more components than rows or columns
 * @example
 * const { coordinates, shares } = tables.principalComponents(features, { count: 2 });
 */
export function principalComponents(
  features: Matrix,
  options: {
    /** How many; 2 unless given. */
    readonly count?: number;
  } = {},
): PrincipalComponents {
  const { count = 2 } = check.known(options, ["count"], "principalComponents");
  check.count("count", count);
  const { rows, columns } = features;
  if (count > Math.min(rows, columns)) {
    throw new CamlabError(`${rows} rows of ${columns} features have no ${count} components: give more pictures`);
  }
  const centred = centredRows(features);
  const total = centred.reduce((sum, row) => sum + dot(row, row), 0);
  const directions: Float64Array[] = [];
  const coordinates = new Float32Array(rows * count);
  const shares = Array.from({ length: count }, (_, component) => {
    const direction = nextDirection(centred, directions, columns);
    directions.push(direction);
    let along = 0;
    centred.forEach((row, at) => {
      const value = dot(row, direction);
      coordinates[at * count + component] = value;
      along += value * value;
    });
    return total > 0 ? along / total : 0;
  });
  return { coordinates: { rows, columns: count, data: coordinates }, shares };
}

function centredRows(features: Matrix): Float64Array[] {
  const middle = new Float64Array(features.columns);
  const all = Array.from({ length: features.rows }, (_, row) => Float64Array.from(rowOf(features, row)));
  for (const row of all) addScaled(middle, row, 1 / features.rows);
  for (const row of all) addScaled(row, middle, -1);
  return all;
}

/** Of the directions at right angles to those before, the one of most variance: by power iteration. */
function nextDirection(rows: readonly Float64Array[], before: readonly Float64Array[], columns: number): Float64Array {
  const random = seededRandom(before.length);
  let direction = unit(
    Float64Array.from({ length: columns }, () => random() - 0.5),
    before,
  );
  for (let round = 0; round < ROUNDS; round++) {
    const pulled = new Float64Array(columns);
    for (const row of rows) addScaled(pulled, row, dot(row, direction));
    const next = unit(pulled, before);
    const moved = Math.sqrt(next.reduce((sum, value, i) => sum + (value - direction[i]) ** 2, 0));
    direction = next;
    if (moved < SETTLED) break;
  }
  const largest = direction.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return largest < 0 ? direction.map((value) => -value) : direction;
}

/** What is left of a vector at right angles to others, of length 1; zeros where nothing is. */
function unit(vector: Float64Array, others: readonly Float64Array[]): Float64Array {
  for (const other of others) addScaled(vector, other, -dot(vector, other));
  const length = Math.sqrt(dot(vector, vector));
  return length > 1e-12 ? vector.map((value) => value / length) : vector.fill(0);
}
