/*
 * The truncated Newton method of solver/newton.ts on rows that are read from disk, all problems in one pass:
 *
 *   P(w) = ½ ‖w‖² + Σ_i c_i max(0, 1 − y_i w·x_i)²       gap = ½ ‖∇P(w)‖²
 *
 * A pass reads every row once and multiplies blocks of rows with the weights of all problems (float32, summed over blocks
 * in float64). What is held is a margin a row and problem, and blocks. A problem is solved when its gap, computed once
 * more in float64 throughout, is at most tolerance · P.
 */
import type { Multiplier } from "../../engines/multiply.js";
import { addScaled, dot } from "../../support/vectors.js";
import type { RowFile } from "./row-file.js";

/** Which problems are solved. */
export interface StreamProblem {
  readonly rows: RowFile;
  /** Two a problem: the costs of its negative rows, and of its positive ones, C included. */
  readonly costs: Float64Array;
  readonly problems: number;
  isPositive(problem: number, row: number): boolean;
  /** The bias feature's value; 0 for none. */
  readonly bias: number;
  readonly tolerance: number;
}

/** Where all problems stand: what a checkpoint holds. */
export interface StreamState {
  /** Problem by problem: the weights, then the bias feature's weight. */
  readonly weights: readonly Float64Array[];
  readonly steps: number;
}

/** How a problem was solved. */
export interface StreamFit {
  readonly newtonSteps: number;
  readonly objective: number;
  readonly gap: number;
  readonly converged: boolean;
  /** How often all rows were read for it. */
  readonly passes: number;
}

/** What is told, and may stop the work, between passes. */
export interface StreamHooks {
  readonly signal?: AbortSignal;
  /** After each Newton step. */
  readonly onStep?: (state: StreamState, solved: number) => Promise<void>;
}

const BLOCK = 2048;
const MOST_STEPS = 60;
const MOST_CONJUGATE_STEPS = 60;

/** Solves all problems from where a checkpoint left them, or from zero. */
export async function solveStream(
  problem: StreamProblem,
  multiplier: Multiplier,
  start: StreamState | undefined,
  { signal, onStep }: StreamHooks,
): Promise<{ readonly state: StreamState; readonly fits: readonly StreamFit[] }> {
  const { rows, problems, tolerance } = problem;
  const size = rows.columns + (problem.bias ? 1 : 0);
  const weights = Array.from({ length: problems }, (_, k) => start?.weights[k].slice() ?? new Float64Array(size));
  const pass = new Passes(problem, multiplier, size, signal);
  const done = new Set<number>();
  const fits: StreamFit[] = [];
  let newtonSteps = start?.steps ?? 0;
  for (;;) {
    const open = indices(problems).filter((k) => !done.has(k));
    const { objectives, gradients, diagonals } = await pass.gradients(weights, open);
    const ready = open.filter((k) => half(gradients.get(k)!) <= tolerance * objectives.get(k)!);
    if (ready.length > 0 || newtonSteps >= MOST_STEPS) {
      const last = newtonSteps >= MOST_STEPS ? open : ready;
      const exact = await pass.exact(weights, last);
      for (const k of last) {
        const { objective, gap } = exact.get(k)!;
        const converged = gap <= tolerance * objective;
        // In float32 a gap may seem smaller than it is: then the problem goes on.
        if (!converged && newtonSteps < MOST_STEPS) continue;
        fits[k] = { newtonSteps, objective, gap, converged, passes: pass.count };
        done.add(k);
      }
    }
    const left = open.filter((k) => !done.has(k));
    await onStep?.({ weights, steps: newtonSteps }, done.size);
    if (left.length === 0) return { state: { weights, steps: newtonSteps }, fits };
    const directions = await newtonDirections(pass, left, gradients, diagonals);
    const changes = await pass.products(directions, left);
    for (const k of left) {
      const slope = dot(gradients.get(k)!, directions.get(k)!);
      const length = pass.stepLength(k, weights[k], directions.get(k)!, changes.get(k)!, objectives.get(k)!, slope);
      if (length > 0) addScaled(weights[k], directions.get(k)!, length);
      else {
        // No shorter step is better: it is as good as numbers of this size let it be.
        const exact = (await pass.exact(weights, [k])).get(k)!;
        const converged = exact.gap <= tolerance * exact.objective;
        fits[k] = { newtonSteps, ...exact, converged, passes: pass.count };
        done.add(k);
      }
    }
    newtonSteps += 1;
  }
}

/** s with ∇²P s ≈ −∇P for each problem, by conjugate gradients that share their passes. */
async function newtonDirections(
  pass: Passes,
  problems: readonly number[],
  gradients: ReadonlyMap<number, Float64Array>,
  diagonals: ReadonlyMap<number, Float64Array>,
): Promise<ReadonlyMap<number, Float64Array>> {
  const searches = problems.map((k) => {
    const residual = gradients.get(k)!.map((value) => -value);
    const scaled = residual.map((value, j) => value / diagonals.get(k)![j]);
    const size = dot(residual, scaled);
    return {
      k,
      residual,
      scaled,
      search: scaled.slice(),
      direction: new Float64Array(residual.length),
      size,
      enough: 0.01 * size,
    };
  });
  for (let step = 0; step < MOST_CONJUGATE_STEPS; step++) {
    const open = searches.filter(({ size, enough }) => size > enough);
    if (open.length === 0) break;
    const curved = await pass.curved(new Map(open.map(({ k, search }) => [k, search])));
    for (const one of open) {
      const product = curved.get(one.k)!;
      const length = one.size / dot(one.search, product);
      addScaled(one.direction, one.search, length);
      addScaled(one.residual, product, -length);
      for (let j = 0; j < one.scaled.length; j++) one.scaled[j] = one.residual[j] / diagonals.get(one.k)![j];
      const next = dot(one.residual, one.scaled);
      for (let j = 0; j < one.search.length; j++) one.search[j] = one.scaled[j] + (next / one.size) * one.search[j];
      one.size = next;
    }
  }
  return new Map(searches.map(({ k, direction }) => [k, direction]));
}

/** Passes over all rows. */
class Passes {
  count = 0;
  /** Row by row in a problem: y_i w·x_i. */
  readonly #margins: readonly Float64Array[];

  constructor(
    private readonly problem: StreamProblem,
    private readonly multiplier: Multiplier,
    private readonly size: number,
    private readonly signal: AbortSignal | undefined,
  ) {
    this.#margins = indices(problem.problems).map(() => new Float64Array(problem.rows.rows));
  }

  /** P, its gradient and the diagonal of its Hessian; the margins stay. */
  async gradients(weights: readonly Float64Array[], problems: readonly number[]) {
    const sums = new Sums(problems, this.size, weights);
    const diagonals = new Map(problems.map((k) => [k, new Float64Array(this.size).fill(1)]));
    const objectives = new Map(problems.map((k) => [k, 0.5 * dot(weights[k], weights[k])]));
    await this.#each(async (data, start, count) => {
      const products = await this.#times(data, count, problems, (k) => weights[k]);
      const factors = new Float32Array(problems.length * count);
      const curvatures = new Float32Array(problems.length * count);
      problems.forEach((k, position) => {
        const margins = this.#margins[k];
        let objective = 0;
        for (let i = 0; i < count; i++) {
          const [sign, cost] = this.#signAndCost(k, start + i);
          const margin = sign * products[i * problems.length + position];
          margins[start + i] = margin;
          const slack = 1 - margin;
          if (slack <= 0) continue;
          objective += cost * slack * slack;
          factors[position * count + i] = -2 * cost * slack * sign;
          curvatures[position * count + i] = 2 * cost;
        }
        objectives.set(k, objectives.get(k)! + objective);
      });
      sums.add(await this.#transposed(factors, data, count));
      const squares = data.map((value) => value * value);
      const diagonal = await this.#transposed(curvatures, squares, count);
      problems.forEach((k, position) => addPart(diagonals.get(k)!, diagonal, position));
    });
    return { objectives, gradients: sums.vectors, diagonals };
  }

  /** ∇²P s for each s. */
  async curved(searches: ReadonlyMap<number, Float64Array>): Promise<ReadonlyMap<number, Float64Array>> {
    const problems = [...searches.keys()];
    const sums = new Sums(problems, this.size, searches);
    await this.#each(async (data, start, count) => {
      const products = await this.#times(data, count, problems, (k) => searches.get(k)!);
      const factors = new Float32Array(problems.length * count);
      problems.forEach((k, position) => {
        for (let i = 0; i < count; i++) {
          if (this.#margins[k][start + i] >= 1) continue;
          factors[position * count + i] =
            2 * this.#signAndCost(k, start + i)[1] * products[i * problems.length + position];
        }
      });
      sums.add(await this.#transposed(factors, data, count));
    });
    return sums.vectors;
  }

  /** y_i d·x_i for each row. */
  async products(directions: ReadonlyMap<number, Float64Array>, problems: readonly number[]) {
    const changes = new Map(problems.map((k) => [k, new Float32Array(this.problem.rows.rows)]));
    await this.#each(async (data, start, count) => {
      const products = await this.#times(data, count, problems, (k) => directions.get(k)!);
      problems.forEach((k, position) => {
        const change = changes.get(k)!;
        for (let i = 0; i < count; i++) {
          change[start + i] = this.#signAndCost(k, start + i)[0] * products[i * problems.length + position];
        }
      });
    });
    return changes;
  }

  /** P and the gap, in float64 throughout. */
  async exact(weights: readonly Float64Array[], problems: readonly number[]) {
    const gradients = new Map(problems.map((k) => [k, weights[k].slice()]));
    const objectives = new Map(problems.map((k) => [k, 0.5 * dot(weights[k], weights[k])]));
    const { bias } = this.problem;
    const { columns } = this.problem.rows;
    await this.#each(async (data, start, count) => {
      for (const k of problems) {
        const [w, gradient] = [weights[k], gradients.get(k)!];
        let objective = 0;
        for (let i = 0; i < count; i++) {
          const [sign, cost] = this.#signAndCost(k, start + i);
          let value = bias ? w[columns] * bias : 0;
          for (let j = 0, at = i * columns; j < columns; j++, at++) value += w[j] * data[at];
          const slack = 1 - sign * value;
          if (slack <= 0) continue;
          objective += cost * slack * slack;
          const factor = -2 * cost * slack * sign;
          for (let j = 0, at = i * columns; j < columns; j++, at++) gradient[j] += factor * data[at];
          if (bias) gradient[columns] += factor * bias;
        }
        objectives.set(k, objectives.get(k)! + objective);
      }
      await Promise.resolve();
    });
    return new Map(problems.map((k) => [k, { objective: objectives.get(k)!, gap: half(gradients.get(k)!) }]));
  }

  /** The first of 1, ½, ¼, … at which P falls by a hundredth of what its slope promises; 0 when none does. */
  stepLength(
    k: number,
    weights: Float64Array,
    direction: Float64Array,
    change: Float32Array,
    objective: number,
    slope: number,
  ): number {
    const margins = this.#margins[k];
    for (let length = 1; length > 1e-6; length /= 2) {
      const w = weights.map((value, j) => value + length * direction[j]);
      let sum = 0.5 * dot(w, w);
      for (let i = 0; i < margins.length; i++) {
        const slack = 1 - margins[i] - length * change[i];
        if (slack > 0) sum += this.#signAndCost(k, i)[1] * slack * slack;
      }
      if (sum <= objective + 0.01 * length * slope) return length;
    }
    return 0;
  }

  #signAndCost(k: number, row: number): [sign: number, cost: number] {
    const isPositive = this.problem.isPositive(k, row);
    return [isPositive ? 1 : -1, this.problem.costs[2 * k + (isPositive ? 1 : 0)]];
  }

  async #each(use: (data: Float32Array, start: number, count: number) => Promise<void>): Promise<void> {
    const { rows } = this.problem;
    let [now, next] = [0, 1].map(() => new Float32Array(BLOCK * rows.columns));
    let reading = rows.read(0, now);
    for (let start = 0; start < rows.rows;) {
      this.signal?.throwIfAborted();
      const count = await reading;
      const following = start + count < rows.rows ? rows.read(start + count, next) : Promise.resolve(0);
      following.catch(() => {});
      await use(now.subarray(0, count * rows.columns), start, count);
      reading = following;
      start += count;
      [now, next] = [next, now];
    }
    this.count += 1;
  }

  /** x_i · w_k, row by row, the bias feature included. */
  async #times(
    data: Float32Array,
    count: number,
    problems: readonly number[],
    vectorOf: (k: number) => Float64Array,
  ): Promise<Float32Array> {
    const { columns } = this.problem.rows;
    const matrix = new Float32Array(columns * problems.length);
    problems.forEach((k, position) => {
      const vector = vectorOf(k);
      for (let j = 0; j < columns; j++) matrix[j * problems.length + position] = vector[j];
    });
    const products = await this.multiplier.multiply(data, matrix, columns);
    const { bias } = this.problem;
    if (bias) {
      problems.forEach((k, position) => {
        const constant = vectorOf(k)[columns] * bias;
        for (let i = 0; i < count; i++) products[i * problems.length + position] += constant;
      });
    }
    return products;
  }

  /** Σ_i factor_ki x_i, problem by problem, the bias feature included. */
  async #transposed(factors: Float32Array, data: Float32Array, count: number): Promise<Float64Array> {
    const { columns } = this.problem.rows;
    const { bias } = this.problem;
    const sums = await this.multiplier.multiply(factors, data, count);
    const problems = factors.length / count;
    const result = new Float64Array(problems * this.size);
    for (let position = 0; position < problems; position++) {
      result.set(sums.subarray(position * columns, (position + 1) * columns), position * this.size);
      if (!bias) continue;
      let sum = 0;
      for (let i = 0; i < count; i++) sum += factors[position * count + i];
      result[position * this.size + columns] = sum * bias;
    }
    return result;
  }
}

/** A sum a problem, that begins with a vector of its own. */
class Sums {
  readonly vectors: ReadonlyMap<number, Float64Array>;

  constructor(
    private readonly problems: readonly number[],
    size: number,
    begin: readonly Float64Array[] | ReadonlyMap<number, Float64Array>,
  ) {
    const of = (k: number) =>
      (begin instanceof Map ? begin.get(k) : (begin as readonly Float64Array[])[k]) as Float64Array;
    this.vectors = new Map(problems.map((k) => [k, of(k).slice(0, size)]));
  }

  add(parts: Float64Array): void {
    this.problems.forEach((k, position) => addPart(this.vectors.get(k)!, parts, position));
  }
}

function addPart(sum: Float64Array, parts: Float64Array, position: number): void {
  const start = position * sum.length;
  for (let j = 0; j < sum.length; j++) sum[j] += parts[start + j];
}

function half(gradient: Float64Array): number {
  return 0.5 * dot(gradient, gradient);
}

function indices(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
