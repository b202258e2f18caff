/** For each place on an axis its two neighbours among the samples, and the share of the second. */
export interface LinearTaps {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly share: Float64Array;
}

/**
 * Between which samples places lie: what every linear interpolation of the project reads its values with. Beyond the ends
 * the outermost sample repeats.
 *
 * @param places in samples, the first sample at 0
 * @param length how many samples there are
 * @example
 * linearTaps([-0.25, 0.75, 1.5], 2); // low 0, 0, 1; high 1, 1, 1; share 0, 0.75, 0
 */
export function linearTaps(places: ArrayLike<number>, length: number): LinearTaps {
  const count = places.length;
  const low = new Int32Array(count);
  const high = new Int32Array(count);
  const share = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const place = Math.min(Math.max(places[i], 0), length - 1);
    low[i] = Math.floor(place);
    high[i] = Math.min(low[i] + 1, length - 1);
    share[i] = place - low[i];
  }
  return { low, high, share };
}
