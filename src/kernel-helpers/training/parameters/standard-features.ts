// Pooled features brought to mean 0 and variance 1 while a classifier learns from them, and folded into its weights after.
import type { Classifier } from "./new-head.js";

/** Mean and standard deviation of each channel. */
export interface FeatureScale {
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
}

/**
 * The scale of some features, images × channels. Channels that hardly vary are not blown up: the deviation is at least
 * a tenth of the channels' root mean square deviation.
 */
export function featureScale(features: Float32Array, channels: number): FeatureScale {
  const rows = features.length / channels;
  const sums = new Float64Array(channels);
  for (let i = 0; i < features.length; i++) sums[i % channels] += features[i];
  const mean = Float32Array.from(sums, (sum) => sum / rows);
  const squares = new Float64Array(channels);
  for (let i = 0; i < features.length; i++) squares[i % channels] += (features[i] - mean[i % channels]) ** 2;
  const typical = Math.sqrt(squares.reduce((sum, each) => sum + each, 0) / rows / channels) || 1;
  const deviation = Float32Array.from(squares, (each) => Math.max(Math.sqrt(each / rows), typical / 10));
  return { mean, deviation };
}

/** (F − mean) ÷ deviation, in place. */
export function standardiseFeatures(features: Float32Array, { mean, deviation }: FeatureScale): void {
  const channels = mean.length;
  for (let i = 0; i < features.length; i++) {
    const k = i % channels;
    features[i] = (features[i] - mean[k]) / deviation[k];
  }
}

/** The classifier of plain features as one of standardised features: w σ, b + Σ w mean. */
export function forStandardised({ weight, bias }: Classifier, { mean, deviation }: FeatureScale): Classifier {
  const channels = mean.length;
  const shifted = bias.map((b, c) => mean.reduce((sum, each, k) => sum + weight[c * channels + k] * each, b));
  return { weight: weight.map((w, i) => w * deviation[i % channels]), bias: shifted };
}

/** The classifier of standardised features as one of plain features: w ÷ σ, b − Σ w mean ÷ σ. */
export function forPlain({ weight, bias }: Classifier, { mean, deviation }: FeatureScale): Classifier {
  const channels = mean.length;
  const plain = weight.map((w, i) => w / deviation[i % channels]);
  return {
    weight: plain,
    bias: bias.map((b, c) => mean.reduce((sum, each, k) => sum - plain[c * channels + k] * each, b)),
  };
}
