import { openMultiplier } from "../../engines/multiply.js";
import { seededRandom } from "../../support/random.js";
import { type Matrix, selectRows } from "../../support/matrix.js";
import { l2Normalised } from "../feature-table.js";

/** Up to so many rows all pairs are compared. */
export const ALL_PAIRS = 50_000;
const [ROWS, OTHERS] = [512, 4096];

/** What looks at similarities: of each row of one list to each of another, NaN for a pair that was looked at before. */
export type Visit = (rows: ArrayLike<number>, others: ArrayLike<number>, similarities: Float32Array) => void;

/**
 * The cosine similarity of rows with each other: of all pairs up to 50,000 rows. Beyond, rows are dealt to about √n cells
 * by the nearest of as many rows drawn by chance, each to its nearest two, and compared within their cells: pairs that no
 * cell holds are not seen, the less likely the more alike they are.
 *
 * @returns whether all pairs were compared
 */
export async function similarRows(matrix: Matrix, seed: number, most: number, visit: Visit): Promise<boolean> {
  const rows = l2Normalised(matrix);
  using multiplier = await openMultiplier();
  const compare = async (some: readonly number[], look: Visit) => {
    for (let to = 0; to < some.length; to += OTHERS) {
      const right = some.slice(to, to + OTHERS);
      const transposed = transpose(selectRows(rows, right));
      for (let from = 0; from < some.length; from += ROWS) {
        const left = some.slice(from, from + ROWS);
        look(left, right, await multiplier.multiply(selectRows(rows, left).data, transposed, rows.columns));
      }
    }
  };
  const all = Array.from({ length: rows.rows }, (_, row) => row);
  if (rows.rows <= most) {
    await compare(all, visit);
    return true;
  }
  const centres = drawn(rows.rows, Math.ceil(Math.sqrt(rows.rows)), seed);
  const cells: number[][] = centres.map(() => []);
  const cellsOf: number[][] = all.map(() => []);
  const transposed = transpose(selectRows(rows, centres));
  for (let from = 0; from < all.length; from += ROWS) {
    const left = all.slice(from, from + ROWS);
    const near = await multiplier.multiply(selectRows(rows, left).data, transposed, rows.columns);
    left.forEach((row, i) => {
      cellsOf[row] = nearestTwo(near.subarray(i * centres.length, (i + 1) * centres.length));
      for (const cell of cellsOf[row]) cells[cell].push(row);
    });
  }
  for (const [place, cell] of cells.entries()) {
    const earlier = (row: number) => cellsOf[row].find((other) => other < place) ?? -1;
    await compare(cell, (left, right, similarities) => {
      forgetKnown(Array.from(left, earlier), Array.from(right, earlier), similarities);
      visit(left, right, similarities);
    });
  }
  return false;
}

/** Pairs that share an earlier cell, −1 for none, become NaN. */
function forgetKnown(rows: readonly number[], others: readonly number[], similarities: Float32Array): void {
  for (let i = 0; i < rows.length; i++) {
    if (rows[i] < 0) continue;
    for (let j = 0; j < others.length; j++) if (rows[i] === others[j]) similarities[i * others.length + j] = NaN;
  }
}

function nearestTwo(similarities: Float32Array): number[] {
  let [first, second] = [0, -1];
  for (let i = 1; i < similarities.length; i++) {
    if (similarities[i] > similarities[first]) [first, second] = [i, first];
    else if (second < 0 || similarities[i] > similarities[second]) second = i;
  }
  return second < 0 ? [first] : [first, second];
}

function drawn(rows: number, count: number, seed: number): number[] {
  const random = seededRandom(`cells ${seed}`);
  const chosen = new Set<number>();
  while (chosen.size < count) chosen.add(Math.floor(random() * rows));
  return [...chosen];
}

function transpose({ rows, columns, data }: Matrix): Float32Array {
  const result = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < columns; k++) result[k * rows + row] = data[row * columns + k];
  return result;
}
