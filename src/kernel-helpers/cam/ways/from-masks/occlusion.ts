import type { Way } from "../way.js";

/** Cells of the photo a side, and cells that are covered at once. */
const CELLS = 14;
const COVERED = 3;

/** What the score loses when a square is covered with the mean colour: the mean over all squares that cover a place. */
export const occlusion: Way = {
  name: "occlusion",
  title: "Occlusion",
  equation: `mean of S_c(x) − S_c(x covered) over the squares over a place; ${COVERED} of ${CELLS} cells a side`,
  citation: "Zeiler, Fergus, Visualizing and Understanding Convolutional Networks, 2014",
  grain: "regions",
  map: async ({ seen, index, input, size, network }) => {
    const places = Array.from({ length: CELLS + COVERED - 1 }, (_, i) => i - COVERED + 1);
    const squares = places.flatMap((top) => places.map((left) => ({ left, top })));
    const edge = (cell: number, length: number) => Math.round((Math.min(CELLS, Math.max(0, cell)) * length) / CELLS);
    const [sums, counts] = [new Float64Array(CELLS * CELLS), new Float64Array(CELLS * CELLS)];
    const cover = (square: number, covered: Float32Array) => {
      const { left, top } = squares[square];
      covered.set(input);
      for (let c = 0; c < 3; c++) {
        for (let y = edge(top, size.height); y < edge(top + COVERED, size.height); y++) {
          const row = (c * size.height + y) * size.width;
          covered.fill(0, row + edge(left, size.width), row + edge(left + COVERED, size.width));
        }
      }
    };
    const scores = await network.scoresOfCopies("occlusion", { count: squares.length, write: cover });
    scores.forEach((score, square) => {
      const { left, top } = squares[square];
      for (let y = Math.max(0, top); y < Math.min(CELLS, top + COVERED); y++) {
        for (let x = Math.max(0, left); x < Math.min(CELLS, left + COVERED); x++) {
          sums[y * CELLS + x] += seen.logits[index] - score;
          counts[y * CELLS + x]++;
        }
      }
    });
    const data = Float32Array.from(sums, (sum, i) => sum / counts[i]);
    return { width: CELLS, height: CELLS, data, placement: seen.placement };
  },
};
