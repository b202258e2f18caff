// The class's score and probability while a picture's pixels are replaced, hottest first.
import type { Judged } from "../judged.js";

/** Steps from the untouched picture to the wholly replaced one. */
const STEPS = 28;

/** The class after each step, the untouched picture first. */
export interface PerturbationCurve {
  readonly scores: Float64Array;
  readonly probabilities: Float64Array;
}

/**
 * Pixels of `from` give way to those of `to`, the map's hottest first, in 28 equal steps.
 *
 * @param from, to inputs of `3 × height × width`
 */
export async function perturbationCurve(
  judged: Judged,
  from: Float32Array,
  to: Float32Array,
): Promise<PerturbationCurve> {
  const { order, network } = judged;
  const pixels = order.length;
  const inputs = new Float32Array((STEPS + 1) * from.length);
  const current = from.slice();
  let done = 0;
  for (let step = 0; step <= STEPS; step++) {
    const until = Math.round((step * pixels) / STEPS);
    for (; done < until; done++) {
      for (let c = 0; c < 3; c++) current[c * pixels + order[done]] = to[c * pixels + order[done]];
    }
    inputs.set(current, step * from.length);
  }
  const { scores, probabilities } = await network.answers(inputs, STEPS + 1);
  return { scores: Float64Array.from(scores), probabilities: Float64Array.from(probabilities) };
}

/** The photo's pixels give way to the mean colour. What deletion and pixel flipping share. */
export function deletionCurve(judged: Judged): Promise<PerturbationCurve> {
  const { input } = judged;
  return judged.once("deletion", () => perturbationCurve(judged, input, new Float32Array(input.length)));
}

/** The area below a curve over 0 … 1, by trapezoids. */
export function areaBelow(curve: Float64Array): number {
  let sum = 0;
  for (let i = 1; i < curve.length; i++) sum += (curve[i - 1] + curve[i]) / 2;
  return sum / (curve.length - 1);
}
