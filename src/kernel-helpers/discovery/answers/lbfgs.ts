import { performance } from "node:perf_hooks";
import { addScaled, dot } from "../../support/vectors.js";

/** A function to minimise: its value at a point, and its gradient written into the second argument. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

/** When a minimisation ends. */
export interface MinimiseOptions {
  /** True when the point is good enough. */
  readonly enough: (value: number, gradientLength: number) => boolean;
  readonly mostSteps: number;
  /** Awaited after each step; it may throw to stop the work. */
  readonly onStep?: (step: number, elapsed: number) => Promise<void>;
}

/** Where a minimisation ended. */
export interface Minimum {
  readonly point: Float64Array;
  readonly value: number;
  readonly gradientLength: number;
  readonly steps: number;
  /** How often the objective was computed. */
  readonly evaluations: number;
  readonly converged: boolean;
}

/** Pairs of steps and gradient changes that stand for the Hessian. */
const MEMORY = 12;

/**
 * L-BFGS (Liu and Nocedal, Mathematical Programming 45, 1989) from the origin, with a line search by bisection for the
 * weak Wolfe conditions (Lewis and Overton, Mathematical Programming 141, 2013). For a convex objective the value falls
 * at every step.
 */
export async function minimise(
  objective: Objective,
  size: number,
  { enough, mostSteps, onStep }: MinimiseOptions,
): Promise<Minimum> {
  const began = performance.now();
  let point: Float64Array = new Float64Array(size);
  let gradient: Float64Array = new Float64Array(size);
  let value = objective(point, gradient);
  let evaluations = 1;
  const pairs: Pair[] = [];
  for (let steps = 0; ; steps++) {
    const gradientLength = Math.sqrt(dot(gradient, gradient));
    const converged = enough(value, gradientLength);
    const result = { point, value, gradientLength, steps, evaluations, converged };
    if (converged || steps === mostSteps) return result;
    const direction = descent(gradient, pairs);
    // Nothing is known of the curvature at first: a short step finds it out.
    const first = pairs.length > 0 ? 1 : Math.min(1, 1 / gradientLength);
    const found = search(objective, point, value, gradient, direction, first);
    evaluations += found.evaluations;
    // Rounding leaves nothing to gain along the direction.
    if (!found.next) return result;
    const { next } = found;
    const pair = { step: difference(next.point, point), change: difference(next.gradient, gradient) };
    const curvature = dot(pair.step, pair.change);
    if (curvature > 0) pairs.push({ ...pair, curvature });
    if (pairs.length > MEMORY) pairs.shift();
    ({ point, gradient, value } = next);
    await onStep?.(steps + 1, performance.now() - began);
  }
}

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly curvature: number;
}

/** −H·gradient by the two loops of L-BFGS. */
function descent(gradient: Float64Array, pairs: readonly Pair[]): Float64Array {
  const direction = gradient.map((value) => -value);
  const shares: number[] = [];
  for (const { step, change, curvature } of [...pairs].reverse()) {
    const share = dot(step, direction) / curvature;
    shares.push(share);
    addScaled(direction, change, -share);
  }
  const newest = pairs.at(-1);
  if (newest) {
    const scale = newest.curvature / dot(newest.change, newest.change);
    for (let i = 0; i < direction.length; i++) direction[i] *= scale;
  }
  for (const { step, change, curvature } of pairs) {
    addScaled(direction, step, shares.pop()! - dot(change, direction) / curvature);
  }
  return direction;
}

interface Found {
  readonly next?: { readonly point: Float64Array; readonly gradient: Float64Array; readonly value: number };
  readonly evaluations: number;
}

/** A length at which the value has fallen by 10⁻⁴ of the slope's promise, and nine tenths of the slope are left at most. */
function search(
  objective: Objective,
  from: Float64Array,
  value: number,
  gradient: Float64Array,
  direction: Float64Array,
  first: number,
): Found {
  const slope = dot(gradient, direction);
  let [low, high, length] = [0, Infinity, first];
  for (let evaluations = 1; evaluations <= 40; evaluations++) {
    const point = from.slice();
    addScaled(point, direction, length);
    const next = { point, gradient: new Float64Array(from.length), value: 0 };
    next.value = objective(point, next.gradient);
    if (!(next.value <= value + 1e-4 * length * slope)) high = length;
    else if (dot(next.gradient, direction) < 0.9 * slope) low = length;
    else return { next, evaluations };
    length = high < Infinity ? (low + high) / 2 : 2 * low;
  }
  return { evaluations: 40 };
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => value - b[i]);
}
