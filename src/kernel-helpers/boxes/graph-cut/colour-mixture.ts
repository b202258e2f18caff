import type { Random } from "../../support/random.js";

const ROUNDS = 10;
/** Added to each variance: pixels of one colour would have none. */
const LEAST_VARIANCE = 1;

/** One colour and how colours spread around it. */
interface Spread {
  readonly mean: readonly [number, number, number];
  /** The inverse covariance, row by row. */
  readonly inverse: readonly number[];
  /** The logarithm of its weight and of what makes its density add up to one. */
  readonly constant: number;
}

/** A mixture of normal distributions of colours, as GrabCut (Rother et al. 2004) has one for each side. */
export class ColourMixture {
  private constructor(private readonly spreads: readonly Spread[]) {}

  /**
   * Fits the mixture: colours are put in groups by k-means, and each group is one normal distribution.
   *
   * @param pixels RGB, interleaved
   * @param chosen which of them, at least one
   * @param parts how many distributions, at most
   */
  static fit(pixels: Uint8Array, chosen: Int32Array, parts: number, random: Random): ColourMixture {
    const centres = startingCentres(pixels, chosen, parts, random);
    const group = new Int32Array(chosen.length);
    for (let round = 0; round < ROUNDS; round++) {
      chosen.forEach((p, i) => (group[i] = nearestOf(pixels, p, centres).centre));
      centres.forEach((_, k) => {
        const { count, mean } = momentsOf(pixels, chosen, group, k);
        if (count > 0) centres[k] = mean;
      });
    }
    const spreads = centres.flatMap((_, k) => {
      const { count, mean, covariance } = momentsOf(pixels, chosen, group, k);
      return count > 0 ? [spreadOf(mean, covariance, count / chosen.length)] : [];
    });
    return new ColourMixture(spreads);
  }

  /** −log of a pixel's density. */
  cost(pixels: Uint8Array, p: number): number {
    let total = 0;
    for (const { mean, inverse, constant } of this.spreads) {
      const [r, g, b] = [pixels[3 * p] - mean[0], pixels[3 * p + 1] - mean[1], pixels[3 * p + 2] - mean[2]];
      const far =
        r * (inverse[0] * r + inverse[1] * g + inverse[2] * b) +
        g * (inverse[3] * r + inverse[4] * g + inverse[5] * b) +
        b * (inverse[6] * r + inverse[7] * g + inverse[8] * b);
      total += Math.exp(constant - far / 2);
    }
    return -Math.log(Math.max(total, Number.MIN_VALUE));
  }
}

/** As k-means++ chooses them: each as likely as it is far from those before it, squared. */
function startingCentres(pixels: Uint8Array, chosen: Int32Array, parts: number, random: Random) {
  const colourAt = (i: number): [number, number, number] => {
    const p = 3 * chosen[i];
    return [pixels[p], pixels[p + 1], pixels[p + 2]];
  };
  const centres = [colourAt(Math.floor(random() * chosen.length))];
  while (centres.length < parts) {
    const far = Float64Array.from(chosen, (p) => nearestOf(pixels, p, centres).far);
    const all = far.reduce((sum, one) => sum + one, 0);
    if (all === 0) break;
    let left = random() * all;
    let i = 0;
    while (i + 1 < far.length && (left -= far[i]) > 0) i++;
    centres.push(colourAt(i));
  }
  return centres;
}

function nearestOf(pixels: Uint8Array, p: number, centres: readonly (readonly number[])[]) {
  let [centre, far] = [0, Infinity];
  centres.forEach(([r, g, b], k) => {
    const distance = (pixels[3 * p] - r) ** 2 + (pixels[3 * p + 1] - g) ** 2 + (pixels[3 * p + 2] - b) ** 2;
    if (distance < far) [centre, far] = [k, distance];
  });
  return { centre, far };
}

function momentsOf(pixels: Uint8Array, chosen: Int32Array, group: Int32Array, k: number) {
  const sums = [0, 0, 0];
  const products = new Array<number>(9).fill(0);
  let count = 0;
  for (let i = 0; i < chosen.length; i++) {
    if (group[i] !== k) continue;
    count++;
    const p = 3 * chosen[i];
    for (let a = 0; a < 3; a++) {
      sums[a] += pixels[p + a];
      for (let b = 0; b < 3; b++) products[3 * a + b] += pixels[p + a] * pixels[p + b];
    }
  }
  const mean = sums.map((sum) => sum / count) as [number, number, number];
  const covariance = products.map((product, i) => product / count - mean[Math.floor(i / 3)] * mean[i % 3]);
  return { count, mean, covariance };
}

function spreadOf(mean: readonly [number, number, number], covariance: readonly number[], weight: number): Spread {
  const [a, b, c, , d, e, , , f] = covariance.map((value, i) => (i % 4 === 0 ? value + LEAST_VARIANCE : value));
  const cofactors = [d * f - e * e, c * e - b * f, b * e - c * d, a * f - c * c, b * c - a * e, a * d - b * b];
  const determinant = a * cofactors[0] + b * cofactors[1] + c * cofactors[2];
  const [m0, m1, m2, m4, m5, m8] = cofactors.map((value) => value / determinant);
  const constant = Math.log(weight) - 0.5 * Math.log(determinant) - 1.5 * Math.log(2 * Math.PI);
  return { mean, inverse: [m0, m1, m2, m1, m4, m5, m2, m5, m8], constant };
}
