// Optimizers on the host: numbers in, numbers out, the same on every backend.
import { check } from "../../support/check.js";
import { invalid } from "../../support/errors.js";

/** The rule by which weights follow their gradients. */
export type Optimizer =
  /** Stochastic gradient descent: u ← μ u + g, w ← w − η u; Nesterov: w ← w − η (g + μ u). */
  | { readonly kind: "sgd"; readonly momentum?: number; readonly nesterov?: boolean }
  /** Kingma and Ba 2015; `adamw`: with weight decay apart from the gradient (Loshchilov and Hutter 2019). */
  | { readonly kind: "adam" | "adamw"; readonly beta1?: number; readonly beta2?: number; readonly epsilon?: number };

/** A list of numbers that is learned. */
export interface Variable {
  readonly key: string;
  readonly value: Float32Array;
  /** Whether weight decay pulls it towards 0: not biases, gains and normalisations. */
  readonly decay: boolean;
}

/** What an optimizer remembers: one or two lists of numbers a variable. */
export interface OptimizerState {
  /** Steps taken. */
  steps: number;
  readonly slots: readonly Float32Array[];
}

/** How large a step is. */
export interface StepSize {
  readonly learningRate: number;
  readonly weightDecay: number;
}

/** The state before the first step. */
export function startOptimizer(optimizer: Optimizer, variables: readonly Variable[]): OptimizerState {
  const each = optimizer.kind === "sgd" ? (momentumOf(optimizer) > 0 ? 1 : 0) : 2;
  return { steps: 0, slots: variables.flatMap(({ value }) => slotsFor(value, each)) };
}

/**
 * One step: changes the variables and the state in place.
 *
 * @param gradients one list a variable
 */
export function takeStep(
  optimizer: Optimizer,
  state: OptimizerState,
  variables: readonly Variable[],
  gradients: readonly Float32Array[],
  size: StepSize,
): void {
  state.steps += 1;
  variables.forEach((variable, i) => {
    if (optimizer.kind === "sgd") descend(optimizer, state.slots[i], variable, gradients[i], size);
    else adapt(optimizer, state, i, variable, gradients[i], size);
  });
}

/** √Σ g² over all lists. */
export function gradientNorm(gradients: readonly Float32Array[]): number {
  let sum = 0;
  for (const gradient of gradients) for (let i = 0; i < gradient.length; i++) sum += gradient[i] * gradient[i];
  return Math.sqrt(sum);
}

/** @throws CamlabError for an optimizer that cannot be used */
export function checkOptimizer(optimizer: Optimizer): void {
  const part = (name: string, value: number | undefined) => {
    if (value !== undefined) check.number(`optimizer.${name}`, value, { from: 0, below: 1 });
  };
  if (optimizer?.kind === "sgd") return part("momentum", optimizer.momentum);
  if (optimizer?.kind !== "adam" && optimizer?.kind !== "adamw") {
    throw invalid("optimizer", optimizer, '{ kind: "sgd" }, { kind: "adam" } or { kind: "adamw" }');
  }
  part("beta1", optimizer.beta1);
  part("beta2", optimizer.beta2);
  if (optimizer.epsilon !== undefined) check.positive("optimizer.epsilon", optimizer.epsilon);
}

type Sgd = Extract<Optimizer, { kind: "sgd" }>;
type Adam = Exclude<Optimizer, Sgd>;

function momentumOf({ momentum = 0.9 }: Sgd): number {
  return momentum;
}

function slotsFor(value: Float32Array, count: number): Float32Array[] {
  return Array.from({ length: count }, () => new Float32Array(value.length));
}

function descend(
  sgd: Sgd,
  speed: Float32Array | undefined,
  { value, decay }: Variable,
  g: Float32Array,
  size: StepSize,
) {
  const { learningRate } = size;
  const weightDecay = decay ? size.weightDecay : 0;
  const momentum = momentumOf(sgd);
  const nesterov = sgd.nesterov ?? true;
  for (let i = 0; i < value.length; i++) {
    const gradient = g[i] + weightDecay * value[i];
    if (!speed) {
      value[i] -= learningRate * gradient;
      continue;
    }
    speed[i] = momentum * speed[i] + gradient;
    value[i] -= learningRate * (nesterov ? gradient + momentum * speed[i] : speed[i]);
  }
}

function adapt(
  adam: Adam,
  state: OptimizerState,
  index: number,
  { value, decay }: Variable,
  g: Float32Array,
  size: StepSize,
) {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, kind } = adam;
  const { learningRate } = size;
  const weightDecay = decay ? size.weightDecay : 0;
  const [first, second] = [state.slots[2 * index], state.slots[2 * index + 1]];
  const firstScale = 1 / (1 - beta1 ** state.steps);
  const secondScale = 1 / (1 - beta2 ** state.steps);
  const shrink = kind === "adamw" ? 1 - learningRate * weightDecay : 1;
  const coupled = kind === "adam" ? weightDecay : 0;
  for (let i = 0; i < value.length; i++) {
    const gradient = g[i] + coupled * value[i];
    first[i] = beta1 * first[i] + (1 - beta1) * gradient;
    second[i] = beta2 * second[i] + (1 - beta2) * gradient * gradient;
    const step = (first[i] * firstScale) / (Math.sqrt(second[i] * secondScale) + epsilon);
    value[i] = value[i] * shrink - learningRate * step;
  }
}
