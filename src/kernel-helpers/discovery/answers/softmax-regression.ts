/*
 * The optimisation problem: multinomial logistic regression on sparse words beside dense image features,
 *
 *   min over θ:  P(θ) = ½ ‖θ‖² + C Σ_i −log p(y_i | q_i, x_i),     p(a | q, x) = e^{S_a} / Σ_b e^{S_b}
 *
 *   S_a(q, x) = β_a + Σ_{w ∈ q} n_w ω_{w,a} + Σ_{g ∋ q} Σ_k v^g_{k,a} x_k
 *
 * with n_w the times that word w is in question q, x the image's features, and g the openings that q has: "" alone
 * ("shared" weights, which is iBOWIMG: Zhou, Tian, Sukhbaatar, Szlam and Fergus, "Simple baseline for visual question
 * answering", 2015), or also "what", "what colour", …, which add weights of their own (a hierarchy of the kind of
 * Daumé, "Frustratingly easy domain adaptation", ACL 2007). All is linear in x: every answer has a map.
 *
 * The bias β is regularised with the rest, as weight of a constant 1, so P is strongly convex with modulus 1 and
 *
 *   P(θ) − P(θ*) ≤ ½ ‖∇P(θ)‖².
 *
 * The stopping rule is ½ ‖∇P(θ)‖² ≤ tolerance · P(θ): the objective is within `tolerance` of the optimum, relative.
 * At the optimum Σ_a θ_a = 0: a weight says how much more than for an average answer something speaks for this one.
 *
 * Solved by L-BFGS (lbfgs.ts) from 0. Weights along an opening's chain are summed before they meet the rows, so a
 * gradient costs rows · features · answers, however many openings there are. Nothing is random.
 */
import type { Matrix } from "../../support/matrix.js";
import { minimise } from "./lbfgs.js";
import { chainOf, type Opening } from "./openings.js";

/** What is to be learned: question i has `words[i]`, begins with opening `opening[i]`, asks of image row `image[i]`. */
export interface SoftmaxProblem {
  /** Number of answers. */
  readonly answers: number;
  /** Number of words. */
  readonly vocabulary: number;
  readonly openings: readonly Pick<Opening, "parent">[];
  /** Columns of the words of each question, as often as they occur. */
  readonly words: readonly (readonly number[])[];
  readonly opening: ArrayLike<number>;
  /** The right answer of each question. */
  readonly answer: ArrayLike<number>;
  /** Features of images as they are to be weighed, and each question's row; absent for words alone. */
  readonly images?: { readonly features: Matrix; readonly row: ArrayLike<number> };
  readonly C: number;
  readonly tolerance: number;
  /** Awaited after each step; it may throw to stop the work. */
  readonly onStep?: (step: number, elapsed: number) => Promise<void>;
}

/** Weights θ; each table has one row a word or channel and one column an answer. */
export interface SoftmaxSolution {
  readonly bias: Float64Array;
  readonly words: Float64Array;
  /** One table an opening, of the weights that are its own. */
  readonly images: readonly Float64Array[];
  readonly fit: SoftmaxFit;
}

/** How a regression was solved. */
export interface SoftmaxFit {
  readonly steps: number;
  readonly evaluations: number;
  /** P(θ). */
  readonly objective: number;
  /** ½ ‖∇P(θ)‖²: the objective is at most this far above the optimum. */
  readonly gap: number;
  readonly converged: boolean;
}

const MOST_STEPS = 2000;

/** Solves the problem above. */
export async function softmaxRegression(problem: SoftmaxProblem): Promise<SoftmaxSolution> {
  const { answers, vocabulary, openings, images, tolerance, onStep } = problem;
  const channels = images?.features.columns ?? 0;
  const layout = { words: answers, images: answers * (1 + vocabulary), table: channels * answers };
  const size = layout.images + (images ? openings.length * layout.table : 0);
  const { point, value, gradientLength, steps, evaluations, converged } = await minimise(
    objectiveOf(problem, layout, size),
    size,
    { enough: (value, length) => 0.5 * length * length <= tolerance * value, mostSteps: MOST_STEPS, onStep },
  );
  return {
    bias: point.slice(0, answers),
    words: point.slice(layout.words, layout.images),
    images: openings.map((_, g) =>
      point.slice(layout.images + g * layout.table, layout.images + (g + 1) * layout.table),
    ),
    fit: { steps, evaluations, objective: value, gap: 0.5 * gradientLength * gradientLength, converged },
  };
}

/** Where the parts of θ begin. */
interface Layout {
  readonly words: number;
  readonly images: number;
  /** Values of one opening's table. */
  readonly table: number;
}

function objectiveOf(problem: SoftmaxProblem, layout: Layout, size: number) {
  const { answers, openings, words, opening, answer, images, C } = problem;
  const groups = groupsOf(opening, openings.length);
  const chains = openings.map((_, g) => chainOf(openings, g));
  const scores = Array.from({ length: BLOCK }, () => new Float64Array(answers));
  const summed = new Float64Array(layout.table);
  const pulled = new Float64Array(layout.table);

  const objective = (theta: Float64Array, gradient: Float64Array): number => {
    let loss = 0;
    gradient.fill(0);
    groups.forEach((rows, g) => {
      if (rows.length === 0) return;
      summed.fill(0);
      pulled.fill(0);
      for (const h of images ? chains[g] : []) addPart(summed, theta, layout.images + h * layout.table);
      for (let start = 0; start < rows.length; start += BLOCK) {
        const block = rows.slice(start, start + BLOCK);
        block.forEach((i, slot) => wordScores(scores[slot], theta, words[i], layout.words));
        const photos = images && block.map((i) => images.row[i]);
        if (photos) addProducts(scores, images.features, photos, summed);
        block.forEach((i, slot) => {
          loss += lossInto(scores[slot], answer[i]);
          addWords(gradient, scores[slot], words[i], layout.words);
        });
        if (photos) addOuters(pulled, images.features, photos, scores);
      }
      for (const h of images ? chains[g] : []) {
        const start = layout.images + h * layout.table;
        for (let j = 0; j < layout.table; j++) gradient[start + j] += pulled[j];
      }
    });
    let length = 0;
    for (let j = 0; j < size; j++) {
      gradient[j] = C * gradient[j] + theta[j];
      length += theta[j] * theta[j];
    }
    return 0.5 * length + C * loss;
  };
  return objective;
}

/** Rows that meet a table of weights together, so that each weight is fetched once for all of them. */
const BLOCK = 4;

function addPart(target: Float64Array, values: Float64Array, start: number): void {
  for (let j = 0; j < target.length; j++) target[j] += values[start + j];
}

/** scores = bias + Σ ω of the words. */
function wordScores(scores: Float64Array, theta: Float64Array, words: readonly number[], first: number): void {
  const answers = scores.length;
  for (let a = 0; a < answers; a++) scores[a] = theta[a];
  for (const word of words) addPart(scores, theta, first + word * answers);
}

function addWords(gradient: Float64Array, scores: Float64Array, words: readonly number[], first: number): void {
  const answers = scores.length;
  for (let a = 0; a < answers; a++) gradient[a] += scores[a];
  for (const word of words) {
    const start = first + word * answers;
    for (let a = 0; a < answers; a++) gradient[start + a] += scores[a];
  }
}

/** −log softmax at the right answer; the scores become softmax minus one at the right answer. */
function lossInto(scores: Float64Array, right: number): number {
  let largest = -Infinity;
  for (const score of scores) if (score > largest) largest = score;
  const own = scores[right];
  let sum = 0;
  for (let a = 0; a < scores.length; a++) sum += scores[a] = Math.exp(scores[a] - largest);
  for (let a = 0; a < scores.length; a++) scores[a] /= sum;
  scores[right] -= 1;
  return Math.log(sum) + largest - own;
}

/** scores += x · table, for up to four rows x. */
function addProducts(
  [s0, s1, s2, s3]: readonly Float64Array[],
  { columns, data }: Matrix,
  [r0, r1 = -1, r2 = -1, r3 = -1]: readonly number[],
  table: Float64Array,
): void {
  const answers = s0.length;
  for (let k = 0, at = 0; k < columns; k++, at += answers) {
    const x0 = data[r0 * columns + k];
    const x1 = r1 < 0 ? 0 : data[r1 * columns + k];
    const x2 = r2 < 0 ? 0 : data[r2 * columns + k];
    const x3 = r3 < 0 ? 0 : data[r3 * columns + k];
    for (let a = 0; a < answers; a++) {
      const weight = table[at + a];
      s0[a] += x0 * weight;
      s1[a] += x1 * weight;
      s2[a] += x2 * weight;
      s3[a] += x3 * weight;
    }
  }
}

/** table += xᵀ · scores, for up to four rows x. */
function addOuters(
  table: Float64Array,
  { columns, data }: Matrix,
  [r0, r1 = -1, r2 = -1, r3 = -1]: readonly number[],
  [s0, s1, s2, s3]: readonly Float64Array[],
): void {
  const answers = s0.length;
  for (let k = 0, at = 0; k < columns; k++, at += answers) {
    const x0 = data[r0 * columns + k];
    const x1 = r1 < 0 ? 0 : data[r1 * columns + k];
    const x2 = r2 < 0 ? 0 : data[r2 * columns + k];
    const x3 = r3 < 0 ? 0 : data[r3 * columns + k];
    for (let a = 0; a < answers; a++) table[at + a] += x0 * s0[a] + x1 * s1[a] + x2 * s2[a] + x3 * s3[a];
  }
}

function groupsOf(opening: ArrayLike<number>, count: number): number[][] {
  const groups: number[][] = Array.from({ length: count }, () => []);
  for (let i = 0; i < opening.length; i++) groups[opening[i]].push(i);
  return groups;
}
