import { seededRandom } from "../../kernel-helpers/support/random.js";

/** The side of a noise field: a power of two, so that it repeats without a seam. */
export const NOISE_SIDE = 512;

const LATTICE = 32;

let clouds: Float32Array | undefined;
let speckles: Float32Array | undefined;

/** Smooth noise between −1 and 1 in two octaves, 512 × 512, without a seam; features are about 16 pixels wide. */
export function cloudNoise(): Float32Array {
  clouds ??= drawClouds();
  return clouds;
}

/** Independent values of mean 0 and deviation 1, near enough to normal (the sum of eight uniform numbers). */
export function speckleNoise(): Float32Array {
  if (!speckles) {
    const random = seededRandom("speckles");
    speckles = Float32Array.from({ length: NOISE_SIDE * NOISE_SIDE }, () => {
      let sum = -4;
      for (let i = 0; i < 8; i++) sum += random();
      return sum / Math.sqrt(8 / 12);
    });
  }
  return speckles;
}

function drawClouds(): Float32Array {
  const field = new Float32Array(NOISE_SIDE * NOISE_SIDE);
  for (const [cells, weight] of [
    [LATTICE, 0.65],
    [LATTICE * 2, 0.45],
  ]) {
    const random = seededRandom(`clouds ${cells}`);
    const lattice = Float32Array.from({ length: cells * cells }, () => random() * 2 - 1);
    const step = NOISE_SIDE / cells;
    for (let y = 0; y < NOISE_SIDE; y++) {
      const [row, fy] = cell(y / step);
      const next = (row + 1) % cells;
      for (let x = 0; x < NOISE_SIDE; x++) {
        const [column, fx] = cell(x / step);
        const right = (column + 1) % cells;
        const top = lattice[row * cells + column] * (1 - fx) + lattice[row * cells + right] * fx;
        const bottom = lattice[next * cells + column] * (1 - fx) + lattice[next * cells + right] * fx;
        field[y * NOISE_SIDE + x] += weight * (top * (1 - fy) + bottom * fy);
      }
    }
  }
  return field;
}

function cell(position: number): [number, number] {
  const whole = Math.floor(position);
  const part = position - whole;
  return [whole, part * part * (3 - 2 * part)];
}
