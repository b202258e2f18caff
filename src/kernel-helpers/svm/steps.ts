/*
 * Steps between raw GAP features F and the rows x that the SVM is trained on, and how the weights come back. With w the
 * weights learned on x, b the bias:
 *
 * standardise   x_k = (F_k − μ_k) / σ_k    ⇒  w·x + b = Σ_k (w_k / σ_k) F_k + (b − Σ_k w_k μ_k / σ_k)
 *               An affine step: new weights w_k / σ_k and a new bias say exactly the same of raw features. A channel
 *               that never varies has σ_k = 0: x_k = 0 for every training row, so its weight is 0, and it stays 0.
 *
 * l2Normalise   x = F / ‖F‖                ⇒  w·x + b = (w / ‖F‖)·F + b
 *               A scale that differs from photo to photo: w stands in raw space as it is, and a photo's own weights
 *               are w / ‖F‖. The map Σ_k w_k f_k(x, y) is thus the photo's CAM times ‖F‖: the same after any
 *               normalisation of the map. A row of zeros stays zeros, and scores b.
 *
 * both          x = (F / ‖F‖ − μ) / σ      ⇒  w·x + b = Σ_k (w_k / σ_k) F_k / ‖F‖ + (b − Σ_k w_k μ_k / σ_k)
 *
 * The other order (standardise, then normalise) would scale the bias photo by photo too, and is not offered.
 */
import { CamlabError, invalid } from "../support/errors.js";
import type { Matrix } from "../support/matrix.js";
import { rowOf } from "../support/matrix.js";

/**
 * What is done to features before training: `l2Normalise` divides each row by its length; `standardise` gives each
 * channel mean 0 and standard deviation 1 over the training rows.
 */
export type Step = "l2Normalise" | "standardise";

/** The relative variance of a constant that was rounded to float32: less than this is no variation. */
const ROUNDING = 1e-14;

/** Steps with what they learned from the training rows. */
export interface FittedSteps {
  readonly l2Normalise: boolean;
  /** One μ_k and σ_k a channel (population standard deviation; 1 where the channel never varies). */
  readonly standardise?: { readonly mean: Float64Array; readonly deviation: Float64Array };
}

/**
 * Learns the steps from the given rows.
 *
 * @throws CamlabError for an unknown step, one named twice, or `standardise` before `l2Normalise`
 */
export function fitSteps(features: Matrix, rows: ArrayLike<number>, steps: readonly Step[]): FittedSteps {
  for (const step of steps) {
    if (step !== "l2Normalise" && step !== "standardise") throw invalid("step", step, "l2Normalise or standardise");
  }
  if (new Set(steps).size !== steps.length) throw invalid("steps", steps, "each step once");
  if (steps[0] === "standardise" && steps.length > 1) {
    throw new CamlabError(
      'the steps ["standardise", "l2Normalise"] cannot be carried back to raw features: normalise first, then standardise',
    );
  }
  const l2Normalise = steps.includes("l2Normalise");
  if (!steps.includes("standardise")) return { l2Normalise };
  return { l2Normalise, standardise: meansAndDeviations(features, rows, l2Normalise) };
}

/** The function that takes one row through the steps, in place. */
export function rowTransform({ l2Normalise, standardise }: FittedSteps): (row: Float32Array) => void {
  if (!l2Normalise && !standardise) return () => {};
  return (row) => {
    const scale = l2Normalise ? inverseLength(row) : 1;
    for (let k = 0; k < row.length; k++) {
      const value = row[k] * scale;
      row[k] = standardise ? (value - standardise.mean[k]) / standardise.deviation[k] : value;
    }
  };
}

/** A linear function of rows. */
interface LinearFunction {
  readonly weights: Float64Array;
  readonly bias: number;
}

/**
 * Weights learned on transformed rows, said of raw features: the decision value of a photo with features F is
 * `weights · F · s + bias`, with s = 1 / ‖F‖ when the steps normalise, else 1.
 */
export function carryBack({ weights, bias }: LinearFunction, { standardise }: FittedSteps): LinearFunction {
  if (!standardise) return { weights, bias };
  const raw = weights.map((w, k) => w / standardise.deviation[k]);
  return { weights: raw, bias: bias - raw.reduce((sum, w, k) => sum + w * standardise.mean[k], 0) };
}

/** The inverse of `carryBack`: weights on raw features, said of rows that went through the steps. */
export function carryForward({ weights, bias }: LinearFunction, { standardise }: FittedSteps): LinearFunction {
  if (!standardise) return { weights, bias };
  return {
    weights: weights.map((w, k) => w * standardise.deviation[k]),
    bias: bias + weights.reduce((sum, w, k) => sum + w * standardise.mean[k], 0),
  };
}

/** 1 / ‖row‖; 1 for a row of zeros. */
export function inverseLength(row: ArrayLike<number>): number {
  let square = 0;
  for (let k = 0; k < row.length; k++) square += row[k] * row[k];
  return square > 0 ? 1 / Math.sqrt(square) : 1;
}

function meansAndDeviations(features: Matrix, rows: ArrayLike<number>, normalised: boolean) {
  const { columns } = features;
  const mean = new Float64Array(columns);
  const deviation = new Float64Array(columns);
  const first = rowOf(features, rows[0]);
  const shift = Float64Array.from(first, (value) => value * (normalised ? inverseLength(first) : 1));
  // Sums of differences from the first row: exact zeros for a channel that never varies, and no cancellation.
  for (let i = 0; i < rows.length; i++) {
    const row = rowOf(features, rows[i]);
    const scale = normalised ? inverseLength(row) : 1;
    for (let k = 0; k < columns; k++) {
      const difference = row[k] * scale - shift[k];
      mean[k] += difference;
      deviation[k] += difference * difference;
    }
  }
  for (let k = 0; k < columns; k++) {
    const offset = mean[k] / rows.length;
    const variance = deviation[k] / rows.length - offset * offset;
    mean[k] = shift[k] + offset;
    deviation[k] = variance > ROUNDING * mean[k] * mean[k] ? Math.sqrt(variance) : 1;
  }
  return { mean, deviation };
}
