import type { SolverExports } from "../wasm/web-assembly.js";
import type { Scratch, SharedRows } from "./shared-rows.js";

/** The loss: `squared-hinge` is liblinear's solver 1 and 2, `hinge` its solver 3. */
export type Loss = "squared-hinge" | "hinge";

/** Up to 8 one-vs-rest problems on the same rows, solved together. */
export interface Block {
  readonly loss: Loss;
  /** The rows that take part. */
  readonly rows: Int32Array;
  /** One a row that takes part: bit k is set when the row is positive for problem k. */
  readonly positive: Uint32Array;
  /** One a row that takes part: C times the weight of the row. Above 0. */
  readonly costs: Float64Array;
  /** Two a problem: what multiplies the cost of its negative rows, and of its positive rows. Above 0. */
  readonly classCosts: Float64Array;
  readonly tolerance: number;
  /** A 32-bit number. */
  readonly seed: number;
  /** Multipliers to start from, problem by problem; all 0 when absent. */
  readonly start?: Float64Array;
}

/** How a problem was solved. */
export interface Fit {
  /** Sweeps over the active rows. */
  readonly sweeps: number;
  /** Inner products of a row taken in them, divided by the number of rows. */
  readonly fullSweeps: number;
  /** Steps of Newton's method; 0 where coordinate descent was enough. */
  readonly newtonSteps: number;
  /** P(w). */
  readonly objective: number;
  /** P(w) − D(α): the objective is at most this far above the optimum. Absent for ml-svm, which does not know. */
  readonly gap?: number;
  /** Whether the gap is within the tolerance. */
  readonly converged: boolean;
}

/** The solution of a block. */
export interface BlockSolution {
  /** Problem by problem, `columns` values each: the weights, then the bias feature's weight when there is one. */
  readonly weights: Float64Array;
  /** The multipliers α, problem by problem. */
  readonly multipliers: Float64Array;
  readonly fits: readonly Fit[];
}

/** What a thread works with. */
export interface Workplace {
  readonly shared: SharedRows;
  readonly scratch: Scratch;
  readonly exports: SolverExports;
}
