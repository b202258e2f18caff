import { upsample } from "../../upsample.js";
import { pixelMap } from "../pixels.js";
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
  map: async (looking) => {
    const { input, size, network, random } = looking;
    const pixels = size.width * size.height;
    const masks: Float32Array[] = [];
    const scores = new Float32Array(MASKS);
    const batch = 8;
    for (let start = 0; start < MASKS; start += batch) {
      const seenThrough = new Float32Array(batch * input.length);
      for (let s = 0; s < batch; s++) {
        const mask = maskOf(size, random);
        masks.push(mask.small);
        for (let i = 0; i < input.length; i++) seenThrough[s * input.length + i] = input[i] * mask.pixels[i % pixels];
      }
      scores.set(await network.scores(seenThrough, batch), start);
    }
    const mean = scores.reduce((sum, score) => sum + score, 0) / MASKS;
    const data = new Float32Array(pixels);
    masks.forEach((small, i) => {
      const weight = (scores[i] - mean) / (MASKS * SHOWN);
      stretched(small, size).forEach((value, p) => (data[p] += weight * value));
    });
    return pixelMap(looking, data);
  },
};

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Cells and two numbers of where they begin, from which the mask is made again. */
function maskOf(size: Size, random: () => number): { readonly small: Float32Array; readonly pixels: Float32Array } {
  const side = CELLS + 1;
  const small = Float32Array.from({ length: side * side + 2 }, (_, i) =>
    i < side * side ? Number(random() < SHOWN) : random(),
  );
  return { small, pixels: stretched(small, size) };
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
  return Float32Array.from({ length: width * height }, (_, p) => {
    const [x, y] = [p % width, Math.floor(p / width)];
    return large.data[(y + top) * large.width + x + left];
  });
}
