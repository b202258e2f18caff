/** How the pixels of one axis become fewer: of each result the first pixel and its weights. */
export interface ReducingWeights {
  /** The first pixel that any result needs, and how many from there on. */
  readonly start: number;
  readonly length: number;
  /** Weights of a result. */
  readonly taps: number;
  /** Of each result its first pixel, counted from `start`, and its weights, whose sum is `WEIGHT_SUM`. */
  readonly table: Int16Array;
}

/** 14 bits behind the point. */
export const WEIGHT_SUM = 1 << 14;

/**
 * A triangle as wide as two results, around the centre of each; beyond the ends the outermost pixel repeats.
 *
 * @param size pixels of the axis
 * @param resized what they become, at most `size`
 * @param first the first of them that is needed
 * @param count how many of them
 * @param step the number of weights is a multiple of it
 */
export function reducingWeights(
  size: number,
  resized: number,
  first: number,
  count: number,
  step: number,
): ReducingWeights {
  const scale = size / resized;
  const reach = (i: number) => {
    const centre = (first + i + 0.5) * scale - 0.5;
    return { centre, low: Math.floor(centre - scale) + 1, high: Math.ceil(centre + scale) - 1 };
  };
  const inside = (pixel: number) => Math.min(Math.max(pixel, 0), size - 1);
  const start = inside(reach(0).low);
  const length = inside(reach(count - 1).high) - start + 1;
  const taps = Math.ceil((2 * Math.ceil(scale) + 1) / step) * step;
  const table = new Int16Array(count * (1 + taps));
  for (let i = 0; i < count; i++) {
    const { centre, low, high } = reach(i);
    const weights = new Float64Array(taps);
    let sum = 0;
    for (let pixel = low; pixel <= high; pixel++) {
      const weight = 1 - Math.abs(pixel - centre) / scale;
      weights[inside(pixel) - inside(low)] += weight;
      sum += weight;
    }
    const at = i * (1 + taps);
    table[at] = inside(low) - start;
    writeWhole(weights, sum, table.subarray(at + 1, at + 1 + taps));
  }
  return { start, length, taps, table };
}

/** In whole numbers; what rounding leaves goes to the largest. */
function writeWhole(weights: Float64Array, sum: number, to: Int16Array): void {
  let [left, largest] = [WEIGHT_SUM, 0];
  for (let tap = 0; tap < weights.length; tap++) {
    to[tap] = Math.round((weights[tap] / sum) * WEIGHT_SUM);
    left -= to[tap];
    if (to[tap] > to[largest]) largest = tap;
  }
  to[largest] += left;
}
