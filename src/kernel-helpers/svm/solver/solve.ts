/*
 * The optimisation problem
 *
 *   min over w:  P(w) = ½ ‖w‖² + Σ_i c_i ξ(y_i w·x_i)
 *
 *   squared hinge (the default; "L2-loss"):  ξ(m) = max(0, 1 − m)²
 *   hinge ("L1-loss"):                       ξ(m) = max(0, 1 − m)
 *
 * for rows x_i with y_i = ±1 and costs c_i = C · (weight of the row) · (weight of its class). The bias is one more
 * feature of value B (1 unless told) at the end of every row, so it is regularised with the rest, as liblinear's
 * `-B` does. Several classes are one such problem each, one against the rest.
 *
 * The dual
 *
 *   max over α:  D(α) = Σ_i α_i − ½ ‖Σ_i α_i y_i x_i‖² − ½ Σ_i d_i α_i²,   0 ≤ α_i ≤ u_i,   w = Σ_i α_i y_i x_i
 *
 *   squared hinge: d_i = 1 / (2 c_i), u_i = ∞;   hinge: d_i = 0, u_i = c_i
 *
 * is solved one multiplier at a time, in a new random order each sweep, leaving out rows that look settled (dual
 * coordinate descent: Hsieh, Chang, Lin, Keerthi and Sundararajan, "A dual coordinate descent method for large-scale
 * linear SVM", ICML 2008).
 *
 * The stopping rule
 *
 *   P(w) − D(α) ≤ tolerance · P(w)
 *
 * over all rows. D(α) is never above the optimum, so the objective is within `tolerance` of the optimum, relative, at
 * any C and any scale of the features; and as P is strongly convex, ‖w − w*‖² ≤ 2 · tolerance · P(w).
 *
 * Coordinate descent crawls where long feature vectors meet labels that no hyperplane separates. The squared hinge then
 * changes over, after as much work as 300 full sweeps, to Newton's method on P (newton.ts). The hinge loss, whose P has
 * no second derivative, goes on to 1,000 sweeps' work and says `converged: false` when that was not enough.
 */
import { solveByNewton } from "./newton.js";
import type { Block, BlockSolution, Fit, Workplace } from "./problem.js";
import { FIT_BYTES, layOut } from "./shared-rows.js";
import type { SharedRows } from "./shared-rows.js";
import { instantiateSolver } from "../wasm/web-assembly.js";

const SQUARED_HINGE_SWEEPS = 300;
const HINGE_SWEEPS = 1000;

/** The function that solves blocks on the given thread's own part of the memory. */
export function openSolver(shared: SharedRows, thread: number): (block: Block) => BlockSolution {
  const workplace: Workplace = {
    shared,
    scratch: layOut(shared, thread),
    exports: instantiateSolver(shared.module, shared.memory),
  };
  return (block) => solveBlock(workplace, block);
}

function solveBlock(workplace: Workplace, block: Block): BlockSolution {
  const { shared, scratch, exports } = workplace;
  const { buffer } = shared.memory;
  const n = block.rows.length;
  const problems = block.classCosts.length / 2;
  const sweeps = block.loss === "hinge" ? HINGE_SWEEPS : SQUARED_HINGE_SWEEPS;

  new Int32Array(buffer, scratch.rows, n).set(block.rows);
  new Uint32Array(buffer, scratch.positive, n).set(block.positive);
  new Float64Array(buffer, scratch.costs, n).set(block.costs);
  new Float64Array(buffer, scratch.classCosts, 2 * problems).set(block.classCosts);
  const alpha = new Float64Array(buffer, scratch.alpha, problems * n);
  if (block.start) alpha.set(block.start);
  else alpha.fill(0);
  exports.setProblem(
    0,
    shared.stride,
    shared.norms,
    scratch.rows,
    n,
    scratch.positive,
    scratch.costs,
    problems,
    scratch.classCosts,
    block.loss === "hinge" ? 1 : 0,
    scratch.alpha,
    scratch.weights,
    scratch.exact,
    scratch.active,
    scratch.order,
    scratch.fits,
  );
  exports.solve(block.tolerance, sweeps * n, block.seed);

  const weights = new Float64Array(problems * shared.columns);
  const multipliers = alpha.slice();
  const fits: Fit[] = [];
  for (let k = 0; k < problems; k++) {
    const fit = readFit(buffer, scratch.fits + k * FIT_BYTES, n, block.tolerance);
    const w = new Float64Array(buffer, scratch.exact + 2 * k * shared.stride, shared.columns).slice();
    if (fit.converged || block.loss === "hinge") {
      weights.set(w, k * shared.columns);
      fits.push(fit);
    } else {
      const solved = solveByNewton(workplace, block, k, w);
      weights.set(solved.weights, k * shared.columns);
      multipliers.set(solved.multipliers, k * n);
      fits.push({ ...fit, ...solved.fit });
    }
  }
  return { weights, multipliers, fits };
}

function readFit(buffer: SharedArrayBuffer, address: number, n: number, tolerance: number): Fit {
  const [sweeps, work, objective, dual] = new Float64Array(buffer, address, 4);
  const gap = objective - dual;
  return { sweeps, fullSweeps: work / n, newtonSteps: 0, objective, gap, converged: gap <= tolerance * objective };
}
