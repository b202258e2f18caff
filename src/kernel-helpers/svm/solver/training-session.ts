import { seededRandom } from "../../support/random.js";
import type { Matrix } from "../../support/matrix.js";
import { rowOf } from "../../support/matrix.js";
import { openWorkers, usefulThreads } from "../../support/workers.js";
import type { RunOptions } from "../../support/workers.js";
import type { ClassWeights } from "../class-weights.js";
import type { EncodedLabels } from "../labels.js";
import type { LinearFunctions } from "../linear-functions.js";
import { BLOCK_CLASSES, shareRows } from "./shared-rows.js";
import { returnMemory } from "../wasm/web-assembly.js";
import { openSolver } from "./solve.js";
import type { Block, BlockSolution, Fit, Loss } from "./problem.js";
import { carryBack, carryForward, fitSteps, rowTransform } from "../steps.js";
import type { Step } from "../steps.js";

/** Everything that says which optimisation problems are solved, except C. */
export interface TrainingSetting {
  readonly features: Matrix;
  /** The rows that take part, and their labels in the same order. */
  readonly rows: Int32Array;
  readonly labels: EncodedLabels;
  readonly loss: Loss;
  /** The bias feature's value; 0 for none. */
  readonly bias: number;
  /** What the costs of the classes were asked to be: with other rows they may be others. */
  readonly classWeights?: ClassWeights;
  /** Two a problem; see `classCosts`. */
  readonly classCosts: Float64Array;
  /** One a row that takes part; 1 each when absent. Rows that weigh 0 are left out. */
  readonly sampleWeights?: Float64Array;
  readonly steps: readonly Step[];
  /** What steps learn from, where that is not the rows that take part. */
  readonly stepsFrom?: Matrix;
  readonly tolerance: number;
  readonly seed: number;
  readonly threads?: number;
  /** The largest C that is to come: the larger, the more sweeps; 1 unless given. */
  readonly largestC?: number;
}

/** The solutions of all problems. */
export interface Solution extends LinearFunctions {
  /** The blocks' multipliers, from which another C may start. */
  readonly multipliers: readonly Float64Array[];
  readonly fits: readonly Fit[];
}

/** Rows held ready in memory, to be solved for one C or several. */
export interface TrainingSession {
  /**
   * @param start multipliers of each block to start from
   */
  solve(C: number, start?: readonly Float64Array[], options?: SolveOptions): Promise<Solution>;
  /** Multipliers to start from that fit given weights on raw features: α_i = c_i · −ξ'(y_i w·x_i). */
  multipliersOf(functions: LinearFunctions, C: number): Float64Array[];
  close(): Promise<void>;
}

/** How a session is solved. */
export interface SolveOptions {
  readonly signal?: AbortSignal;
  /** Called with the number of problems solved so far. */
  readonly onSolved?: (problems: number) => void;
}

/** Rows · columns · problems, at C up to 1, from which threads save more than starting them costs: about 150 ms of work. */
const WORTH_THREADS = 1e8;

/** Copies the rows into memory that threads share, through the steps, and starts the threads. */
export function openSession(setting: TrainingSetting): TrainingSession {
  const { features, labels } = setting;
  const problems = labels.problems.length;
  const blocks = blocksOf(problems);
  // Measured: 25 sweeps at C = 1, 150 at 10, and 300, the most there are, from 100 on.
  const harder = Math.min(12, Math.max(1, setting.largestC ?? 1) ** 0.75);
  const work = setting.rows.length * features.columns * problems * harder;
  const useful = work < WORTH_THREADS ? 1 : usefulThreads(blocks.length);
  const threads = Math.min(setting.threads ?? useful, blocks.length);
  const from = setting.stepsFrom;
  const steps = fitSteps(from ?? features, from ? rangeOf(from.rows) : setting.rows, setting.steps);
  const shared = shareRows(features, setting.bias, threads, rowTransform(steps));
  const pool =
    threads > 1
      ? openWorkers<Block, BlockSolution>(new URL("./solve-worker", import.meta.url), shared, threads)
      : inThisThread(openSolver(shared, 0));
  const all = rangeOf(setting.rows.length);
  const taking = setting.sampleWeights ? all.filter((i) => setting.sampleWeights?.[i] !== 0) : all;
  const rows = setting.sampleWeights ? taking.map((i) => setting.rows[i]) : setting.rows;

  const positives = (first: number, size: number): Uint32Array => {
    const bits = new Uint32Array(taking.length);
    for (let i = 0; i < bits.length; i++) {
      for (let k = 0; k < size; k++) if (labels.isPositive(first + k, taking[i])) bits[i] |= 1 << k;
    }
    return bits;
  };
  const blockAt = (first: number, size: number, C: number, start: Float64Array | undefined): Block => ({
    loss: setting.loss,
    rows,
    positive: positives(first, size),
    costs: setting.sampleWeights
      ? Float64Array.from(taking, (i) => C * setting.sampleWeights![i])
      : new Float64Array(taking.length).fill(C),
    classCosts: setting.classCosts.slice(2 * first, 2 * (first + size)),
    tolerance: setting.tolerance,
    seed: Math.floor(seededRandom(`${setting.seed}/${first}`)() * 2 ** 32),
    start,
  });

  return {
    async solve(C, start, { signal, onSolved } = {}) {
      const tasks = blocks.map(({ first, size }, index) => blockAt(first, size, C, start?.[index]));
      let solved = 0;
      const solutions = await pool.run(tasks, {
        signal,
        onResult: (_, index) => onSolved?.((solved += blocks[index].size)),
      });
      const weights = new Float32Array(problems * features.columns);
      const bias = new Float32Array(problems);
      solutions.forEach((solution, index) => {
        for (let k = 0; k < blocks[index].size; k++) {
          const problem = blocks[index].first + k;
          const w = solution.weights.subarray(k * shared.columns, (k + 1) * shared.columns);
          const b = setting.bias ? w[features.columns] * setting.bias : 0;
          const raw = carryBack({ weights: w.subarray(0, features.columns), bias: b }, steps);
          weights.set(raw.weights, problem * features.columns);
          bias[problem] = raw.bias;
        }
      });
      return {
        weights: { rows: problems, columns: features.columns, data: weights },
        bias,
        steps: setting.steps,
        multipliers: solutions.map((solution) => solution.multipliers),
        fits: solutions.flatMap((solution) => solution.fits),
      };
    },
    multipliersOf: (functions, C) =>
      blocks.map(({ first, size }) => {
        const block = blockAt(first, size, C, undefined);
        const multipliers = new Float64Array(size * rows.length);
        for (let k = 0; k < size; k++) {
          const raw = Float64Array.from(rowOf(functions.weights, first + k));
          const { weights, bias } = carryForward({ weights: raw, bias: functions.bias[first + k] }, steps);
          multipliers.set(
            multipliersFor(shared.memory.buffer, shared.stride, block, k, weights, bias),
            k * rows.length,
          );
        }
        return multipliers;
      }),
    async close() {
      await pool.close();
      returnMemory(shared.memory);
    },
  };
}

function rangeOf(count: number): Int32Array {
  const range = new Int32Array(count);
  for (let i = 0; i < count; i++) range[i] = i;
  return range;
}

/**
 * The problems cut into blocks of up to 8, smaller where there are few, so that 16 cores find work. The cut depends on
 * the number of problems alone: so do the results.
 */
function blocksOf(problems: number): { first: number; size: number }[] {
  const most = Math.min(BLOCK_CLASSES, Math.ceil(problems / 16));
  const count = Math.ceil(problems / most);
  return Array.from({ length: count }, (_, block) => {
    const first = Math.floor((block * problems) / count);
    return { first, size: Math.floor(((block + 1) * problems) / count) - first };
  });
}

function multipliersFor(
  buffer: SharedArrayBuffer,
  stride: number,
  block: Block,
  k: number,
  weights: Float64Array,
  bias: number,
): Float64Array {
  return Float64Array.from(block.rows, (row, i) => {
    const x = new Float32Array(buffer, row * stride, weights.length);
    let decision = bias;
    for (let j = 0; j < x.length; j++) decision += weights[j] * x[j];
    const positive = (block.positive[i] >>> k) & 1;
    const slack = positive ? 1 - decision : 1 + decision;
    const cost = block.costs[i] * block.classCosts[2 * k + positive];
    if (block.loss === "squared-hinge") return 2 * cost * Math.max(0, slack);
    return slack > 0 ? cost : 0;
  });
}

/** The same interface as a pool's, without a thread: tasks too small to be worth one. */
function inThisThread(solve: (block: Block) => BlockSolution) {
  return {
    async run(tasks: readonly Block[], { signal, onResult }: RunOptions<BlockSolution> = {}) {
      const results: BlockSolution[] = [];
      for (const [index, task] of tasks.entries()) {
        signal?.throwIfAborted();
        results.push(solve(task));
        onResult?.(results[index], index);
        if (index + 1 < tasks.length) await new Promise(setImmediate);
      }
      return results;
    },
    async close() {},
  };
}
