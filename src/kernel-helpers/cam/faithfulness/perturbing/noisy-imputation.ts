// Pixels that are missing become the weighted mean of their eight neighbours, all at once, and a little noise: a hole that
// is hard to see, so that a network answers to what is missing and not to the hole.
import { gaussian, type Random } from "../../../support/random.js";
import { fillCoarsely, type Size } from "./coarse-guess.js";

/** Neighbours beside and above weigh twice those at the corners. */
const NEIGHBOURS = [-1, 0, 1]
  .flatMap((dy) => [-1, 0, 1].map((dx) => ({ dx, dy, weight: dx === 0 || dy === 0 ? 1 / 6 : 1 / 12 })))
  .filter(({ dx, dy }) => dx !== 0 || dy !== 0);
const WEIGHTS = Float64Array.from(NEIGHBOURS, ({ weight }) => weight);
const NOISE = 0.01;
const TOLERANCE = 1e-4;
const MOST_ROUNDS = 400;

/**
 * An input with its missing pixels filled in: each is the weighted mean of those neighbours that lie in the picture, known
 * or filled in, plus Gaussian noise of 0.01. With nothing known, noise around 0.
 *
 * @param input `3 × height × width`, normalised
 * @param missing 1 for each pixel that is to be filled in
 */
export function imputed(input: Float32Array, size: Size, missing: Uint8Array, random: Random): Float32Array {
  const area = size.width * size.height;
  const result = input.slice();
  const hole = holeOf(size, missing);
  for (let c = 0; c < 3; c++) {
    const plane = result.subarray(c * area, (c + 1) * area);
    if (hole.places.length === area) plane.fill(0);
    else if (hole.places.length > 0) fill(plane, size, missing, hole);
    gaussian(random, area, NOISE).forEach((noise, p) => (plane[p] += missing[p] * noise));
  }
  return result;
}

/** The missing pixels, and the pixels around each: eight numbers a place, the pixel itself where the picture ends. */
interface Hole {
  readonly places: Int32Array;
  readonly around: Int32Array;
}

function holeOf({ width, height }: Size, missing: Uint8Array): Hole {
  const places = Int32Array.from([...missing.keys()].filter((p) => missing[p] === 1));
  const around = new Int32Array(8 * places.length);
  places.forEach((p, i) => {
    const column = p % width;
    const row = (p - column) / width;
    NEIGHBOURS.forEach(({ dx, dy }, n) => {
      const isIn = column + dx >= 0 && column + dx < width && row + dy >= 0 && row + dy < height;
      around[8 * i + n] = isIn ? p + dy * width + dx : p;
    });
  });
  return { places, around };
}

/** Solves Σ_n w_n (x_p − x_n) = 0 at each missing pixel, by conjugate gradients from a coarse guess. */
function fill(plane: Float32Array, size: Size, missing: Uint8Array, hole: Hole): void {
  const { places } = hole;
  fillCoarsely(plane, size, missing);
  const x = Float64Array.from(plane);
  // All but x are 0 at the pixels that are known, so that a whole plane can be asked for a pixel's neighbours.
  const [residual, direction, image] = [0, 1, 2].map(() => new Float64Array(plane.length));
  apply(x, residual, hole);
  for (const p of places) residual[p] = direction[p] = -residual[p];
  let squared = squareOf(residual, places);
  const enough = TOLERANCE ** 2 * places.length;
  for (let round = 0; round < MOST_ROUNDS && squared > enough; round++) {
    apply(direction, image, hole);
    let curvature = 0;
    for (const p of places) curvature += direction[p] * image[p];
    const step = squared / curvature;
    for (const p of places) {
      x[p] += step * direction[p];
      residual[p] -= step * image[p];
    }
    const next = squareOf(residual, places);
    for (const p of places) direction[p] = residual[p] + (next / squared) * direction[p];
    squared = next;
  }
  for (const p of places) plane[p] = x[p];
}

/** Σ_n w_n (x_p − x_n) at the places. */
function apply(x: Float64Array, to: Float64Array, { places, around }: Hole): void {
  for (let i = 0; i < places.length; i++) {
    const own = x[places[i]];
    let sum = 0;
    for (let n = 0; n < 8; n++) sum += WEIGHTS[n] * (own - x[around[8 * i + n]]);
    to[places[i]] = sum;
  }
}

function squareOf(values: Float64Array, places: Int32Array): number {
  let sum = 0;
  for (const p of places) sum += values[p] * values[p];
  return sum;
}
