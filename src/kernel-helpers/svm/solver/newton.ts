/*
 * A truncated Newton method for the squared hinge, for problems on which coordinate descent crawls.
 *
 *   ∇P(w)  = w − Σ_{i ∈ A} 2 c_i ξ_i y_i x_i            A = { i : ξ_i = 1 − y_i w·x_i > 0 }
 *   ∇²P(w) = I + 2 Σ_{i ∈ A} c_i x_i x_iᵀ               (generalised Hessian)
 *
 * Each step solves ∇²P s = −∇P to 10 % by conjugate gradients, preconditioned with the Hessian's diagonal, and goes
 * along s until P has fallen enough (Keerthi and DeCoste, JMLR 6, 2005; Hsia, Chiang and Lin, ACML 2018).
 *
 * With α_i = 2 c_i ξ_i the duality gap is exactly ½ ‖∇P(w)‖², so the stopping rule is that of solve.ts.
 */
import type { Block, Fit, Workplace } from "./problem.js";
import { addScaled, dot } from "../../support/vectors.js";

const MOST_STEPS = 100;
const MOST_CONJUGATE_STEPS = 500;

interface NewtonSolution {
  readonly weights: Float64Array;
  readonly multipliers: Float64Array;
  readonly fit: Pick<Fit, "newtonSteps" | "objective" | "gap" | "converged">;
}

/** Solves problem `k` of a block from the weights `start`. */
export function solveByNewton(workplace: Workplace, block: Block, k: number, start: Float64Array): NewtonSolution {
  const problem = oneProblem(workplace, block, k);
  const { costs, signs } = problem;
  const weights = start.slice();
  const margins = problem.times(weights, block.rows).map((value, i) => value * signs[i]);
  const multipliers = new Float64Array(margins.length);
  for (let newtonSteps = 0; ; newtonSteps++) {
    const objective = valueAt(weights, margins, costs);
    for (let i = 0; i < margins.length; i++) multipliers[i] = 2 * costs[i] * Math.max(0, 1 - margins[i]);
    const support = indicesOf(multipliers, (value) => value > 0);
    const gradient = problem.transposed(support, (i) => -multipliers[i] * signs[i]);
    addScaled(gradient, weights, 1);
    const gap = 0.5 * dot(gradient, gradient);
    const converged = gap <= block.tolerance * objective;
    if (converged || newtonSteps === MOST_STEPS) {
      return { weights, multipliers, fit: { newtonSteps, objective, gap, converged } };
    }
    const direction = newtonDirection(problem, block, support, gradient);
    const change = problem.times(direction, block.rows).map((value, i) => value * signs[i]);
    const length = stepLength(weights, direction, margins, change, costs, objective, dot(gradient, direction));
    if (length === 0) return { weights, multipliers, fit: { newtonSteps, objective, gap, converged } };
    addScaled(weights, direction, length);
    addScaled(margins, change, length);
  }
}

/** s with ∇²P s ≈ −∇P. */
function newtonDirection(problem: OneProblem, block: Block, support: Int32Array, gradient: Float64Array): Float64Array {
  const { costs } = problem;
  const rows = Int32Array.from(support, (i) => block.rows[i]);
  const diagonal = problem.diagonal(support);
  const direction = new Float64Array(gradient.length);
  const residual = gradient.map((value) => -value);
  const scaled = residual.map((value, j) => value / diagonal[j]);
  const search = scaled.slice();
  let size = dot(residual, scaled);
  const enough = 0.01 * size;
  for (let step = 0; step < MOST_CONJUGATE_STEPS && size > enough; step++) {
    const products = problem.times(search, rows);
    const curved = problem.transposed(support, (i, position) => 2 * costs[i] * products[position]);
    addScaled(curved, search, 1);
    const length = size / dot(search, curved);
    addScaled(direction, search, length);
    addScaled(residual, curved, -length);
    for (let j = 0; j < scaled.length; j++) scaled[j] = residual[j] / diagonal[j];
    const next = dot(residual, scaled);
    for (let j = 0; j < search.length; j++) search[j] = scaled[j] + (next / size) * search[j];
    size = next;
  }
  return direction;
}

/** The first of 1, ½, ¼, … at which P falls by a hundredth of what its slope promises; 0 when none does. */
function stepLength(
  weights: Float64Array,
  direction: Float64Array,
  margins: Float64Array,
  change: Float64Array,
  costs: Float64Array,
  objective: number,
  slope: number,
): number {
  for (let length = 1; length > 1e-6; length /= 2) {
    const w = weights.map((value, j) => value + length * direction[j]);
    const m = margins.map((value, i) => value + length * change[i]);
    if (valueAt(w, m, costs) <= objective + 0.01 * length * slope) return length;
  }
  return 0;
}

function valueAt(weights: Float64Array, margins: Float64Array, costs: Float64Array): number {
  let sum = 0.5 * dot(weights, weights);
  for (let i = 0; i < margins.length; i++) {
    const slack = 1 - margins[i];
    if (slack > 0) sum += costs[i] * slack * slack;
  }
  return sum;
}

interface OneProblem {
  readonly costs: Float64Array;
  readonly signs: Float64Array;
  /** x_row · vector, for the given rows. */
  times(vector: Float64Array, rows: Int32Array): Float64Array;
  /** Σ factor(i) x_i over rows that take part, by their positions in the block. */
  transposed(positions: Int32Array, factor: (i: number, position: number) => number): Float64Array;
  /** The diagonal of the Hessian. */
  diagonal(positions: Int32Array): Float64Array;
}

function oneProblem({ shared, scratch, exports }: Workplace, block: Block, k: number): OneProblem {
  const { stride, columns } = shared;
  const { buffer } = shared.memory;
  const n = block.rows.length;
  const list = new Int32Array(buffer, scratch.order, n);
  const products = new Float64Array(buffer, scratch.products, n);
  const vector = new Float32Array(buffer, scratch.weights, stride / 4);
  const sum = new Float64Array(buffer, scratch.exact + 2 * k * stride, stride / 4);
  const isPositive = (i: number) => (block.positive[i] >>> k) & 1;
  const costs = block.costs.map((cost, i) => cost * block.classCosts[2 * k + isPositive(i)]);
  const signs = Float64Array.from(block.rows, (_, i) => (isPositive(i) ? 1 : -1));
  return {
    costs,
    signs,
    times(values, rows) {
      list.set(rows);
      vector.fill(0);
      vector.set(values);
      exports.multiply(0, stride, scratch.order, rows.length, scratch.weights, scratch.products);
      return products.slice(0, rows.length);
    },
    transposed(positions, factor) {
      positions.forEach((i, position) => {
        list[position] = block.rows[i];
        products[position] = factor(i, position);
      });
      sum.fill(0);
      exports.addRows(0, stride, scratch.order, positions.length, scratch.products, sum.byteOffset);
      return sum.slice(0, columns);
    },
    diagonal(positions) {
      const diagonal = new Float64Array(columns).fill(1);
      for (const i of positions) {
        const row = new Float32Array(buffer, block.rows[i] * stride, columns);
        for (let j = 0; j < columns; j++) diagonal[j] += 2 * costs[i] * row[j] * row[j];
      }
      return diagonal;
    },
  };
}

function indicesOf(values: Float64Array, wanted: (value: number) => boolean): Int32Array {
  const found: number[] = [];
  for (let i = 0; i < values.length; i++) if (wanted(values[i])) found.push(i);
  return Int32Array.from(found);
}
