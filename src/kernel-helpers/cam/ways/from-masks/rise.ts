import { upsample } from "../../upsample.js";
import { pixelMap, seeThrough } from "../pixels.js";
import type { Way } from "../way.js";

const MASKS = 400;
const CELLS = 7;
/** Share of the cells that a mask shows. */
const SHOWN = 0.5;

/** The class's score seen through random masks: the mean of the masks, each weighed by its score, less what is everywhere. */
export const rise: Way = {
  name: "rise",
  title: "RISE",
  equation: `mean of (S_c(x · m) − mean S_c) m / ${SHOWN} over ${MASKS} random masks m of ${CELLS} × ${CELLS} cells, stretched`,
  citation: "Petsiuk, Das, Saenko, RISE, 2018",
  grain: "regions",
  version: 2,
  map: async (looking) => {
    const { input, size, network, randomOfPhoto } = looking;
    const pixels = size.width * size.height;
    const masks = Array.from({ length: MASKS }, () => maskOf(randomOfPhoto));
    const scores = await network.scoresOfCopies("rise", {
      count: MASKS,
      write: (copy, to) => seeThrough(input, stretched(masks[copy], size), to),
    });
    const mean = scores.reduce((sum, score) => sum + score, 0) / MASKS;
    const data = new Float32Array(pixels);
    masks.forEach((small, i) => {
      const weight = (scores[i] - mean) / (MASKS * SHOWN);
      const mask = stretched(small, size);
      for (let p = 0; p < pixels; p++) data[p] += weight * mask[p];
    });
    return pixelMap(looking, data);
  },
};

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Cells and two numbers of where they begin, from which the mask is made again. */
function maskOf(random: () => number): Float32Array {
  const side = CELLS + 1;
  return Float32Array.from({ length: side * side + 2 }, (_, i) =>
    i < side * side ? Number(random() < SHOWN) : random(),
  );
}

/** The cells stretched to one more than the picture's, cut at a random place within the first. */
function stretched(small: Float32Array, { width, height }: Size): Float32Array {
  const side = CELLS + 1;
  const [cellWidth, cellHeight] = [Math.ceil(width / CELLS), Math.ceil(height / CELLS)];
  const large = upsample(
    { width: side, height: side, data: small.slice(0, side * side) },
    { width: side * cellWidth, height: side * cellHeight },
  );
  const left = Math.floor(small[side * side] * cellWidth);
  const top = Math.floor(small[side * side + 1] * cellHeight);
  const cut = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (y + top) * large.width + left;
    cut.set(large.data.subarray(from, from + width), y * width);
  }
  return cut;
}
