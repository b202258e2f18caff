// Scaled weight standardisation: what is learned is v and a gain γ a filter; what convolves is
// w = γ (v − mean(v)) / (std(v) √n), with n the numbers of the filter (Brock, De and Smith 2021, §3.2).

/** The key under which a file lists the filters that stay standardised while they are trained (names, as JSON). */
export const STANDARDISED_FILTERS = "camlab.standardised_filters";

const EPSILON = 1e-12;

/**
 * The filters that convolve.
 *
 * @param v what is learned: one filter after the other
 * @param gain one number a filter
 */
export function standardisedFilters(v: Float32Array, gain: Float32Array): Float32Array {
  const result = new Float32Array(v.length);
  const n = v.length / gain.length;
  gain.forEach((factor, filter) => {
    const start = filter * n;
    const { mean, deviation } = moments(v, start, n);
    const scale = factor / (deviation * Math.sqrt(n));
    for (let i = start; i < start + n; i++) result[i] = (v[i] - mean) * scale;
  });
  return result;
}

/**
 * From the loss's gradient by the filters to those by v and γ: with x̂ = (v − mean) / std,
 * ∂L/∂γ = Σ g x̂ / √n and ∂L/∂v = γ / (std √n) · (g − mean(g) − x̂ mean(g x̂)).
 *
 * @param gradient ∂L/∂w
 */
export function standardisedGradients(v: Float32Array, gain: Float32Array, gradient: Float32Array) {
  const n = v.length / gain.length;
  const byV = new Float32Array(v.length);
  const byGain = new Float32Array(gain.length);
  gain.forEach((factor, filter) => {
    const start = filter * n;
    const { mean, deviation } = moments(v, start, n);
    let sum = 0;
    let along = 0;
    for (let i = start; i < start + n; i++) {
      sum += gradient[i];
      along += (gradient[i] * (v[i] - mean)) / deviation;
    }
    byGain[filter] = along / Math.sqrt(n);
    const scale = factor / (deviation * Math.sqrt(n));
    for (let i = start; i < start + n; i++) {
      byV[i] = scale * (gradient[i] - sum / n - ((v[i] - mean) / deviation) * (along / n));
    }
  });
  return { byV, byGain };
}

/** The gains with which filters that are standardised already are themselves. */
export function gainsOf(filters: Float32Array, count: number): Float32Array {
  const n = filters.length / count;
  return Float32Array.from({ length: count }, (_, filter) => moments(filters, filter * n, n).deviation * Math.sqrt(n));
}

function moments(v: Float32Array, start: number, n: number): { mean: number; deviation: number } {
  let sum = 0;
  for (let i = start; i < start + n; i++) sum += v[i];
  const mean = sum / n;
  let squares = 0;
  for (let i = start; i < start + n; i++) squares += (v[i] - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / n + EPSILON) };
}
