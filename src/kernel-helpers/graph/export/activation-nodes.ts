// Activations as operators: the function, its slope, and the mean of its slope between two numbers.
import type { Emitter } from "../gradient/emitter.js";
import type { Activation } from "../head/activations.js";
import { knotsOf } from "../head/slope-knots.js";
import { meanOfKnots, slopeOfKnots } from "./knots.js";

/** An activation: (value by name) → (value by name). */
export interface ActivationNodes {
  readonly value: (x: string) => string;
  readonly slope: (x: string) => string;
  /** ∫₀¹ act′(start + t · rise) dt. */
  readonly meanSlope: (start: string, rise: string) => string;
  /** Where the slope bends or jumps. */
  readonly jumps: readonly number[];
}

/** The operators of an activation. */
export function activationNodes(emit: Emitter, activation: Activation): ActivationNodes {
  const value = (x: string) => valueOf(emit, activation, x);
  const knots = knotsOf(activation);
  if (knots) {
    return {
      value,
      slope: (x) => slopeOfKnots(emit, knots, x),
      meanSlope: (start, rise) => meanOfKnots(emit, knots, start, rise),
      jumps: knots.knots.map(({ from }) => from),
    };
  }
  const slope = (x: string) => smoothSlope(emit, activation, x);
  if (activation.kind === "sqrt" || (activation.kind === "power" && activation.exponent < 1)) {
    return { value, slope, meanSlope: (start, rise) => steepMean(emit, value, start, rise), jumps: [] };
  }
  return { value, slope, meanSlope: (start, rise) => smoothMean(emit, { value, slope }, start, rise), jumps: [] };
}

/** Nodes and weights of Gauss's rule of 4 points on 0 … 1. */
const GAUSS = [
  [0.06943184420297371, 0.17392742256872692],
  [0.33000947820757187, 0.3260725774312731],
  [0.6699905217924281, 0.3260725774312731],
  [0.9305681557970262, 0.17392742256872692],
] as const;

/**
 * A long way: (act(start + rise) − act(start)) / rise. A short one, where that difference would be lost in rounding:
 * Gauss's rule, which is exact to more digits than there are.
 */
function smoothMean(
  emit: Emitter,
  { value, slope }: Pick<ActivationNodes, "value" | "slope">,
  start: string,
  rise: string,
): string {
  const long = emit.number(emit.greater(emit.node("Abs", [rise]), 1));
  const short = emit.sub(1, long);
  const difference = emit.sub(value(emit.add(start, rise)), value(start));
  const quotient = emit.div(difference, emit.add(rise, short));
  // Where the way is long the rule is not asked, and would read numbers far out.
  const near = emit.mul(rise, short);
  const samples = GAUSS.map(([at, weight]) => emit.mul(slope(emit.add(start, emit.mul(near, at))), weight));
  const mean = samples.reduce((sum, sample) => emit.add(sum, sample));
  return emit.add(emit.mul(quotient, long), emit.mul(mean, short));
}

/** Of a slope that grows beyond all bounds at 0 there is only the difference. */
function steepMean(emit: Emitter, value: ActivationNodes["value"], start: string, rise: string): string {
  const moves = emit.number(emit.greater(emit.node("Abs", [rise]), 0));
  const difference = emit.sub(value(emit.add(start, rise)), value(start));
  return emit.div(emit.mul(difference, moves), emit.add(rise, emit.sub(1, moves)));
}

function valueOf(emit: Emitter, activation: Activation, x: string): string {
  const relu = (value: string) => emit.node("Relu", [value]);
  const times = (a: string, b: string | number) => emit.mul(a, b);
  switch (activation.kind) {
    case "relu":
      return relu(x);
    case "leaky-relu":
      return emit.node("LeakyRelu", [x], { alpha: { float: activation.slope } });
    case "clip": {
      // max(min(x, high), low), as the differences from the ends.
      const { low, high } = activation;
      const below = Number.isFinite(high) ? emit.sub(high, relu(emit.sub(high, x))) : x;
      return Number.isFinite(low) ? emit.add(relu(emit.sub(below, low)), low) : below;
    }
    case "hard-sigmoid": {
      const line = emit.add(times(x, activation.alpha), activation.beta);
      return emit.sub(relu(line), relu(emit.sub(line, 1)));
    }
    case "elu":
      return times(emit.node("Elu", [x], { alpha: { float: activation.alpha } }), activation.gamma);
    case "celu":
      return times(emit.node("Elu", [times(x, 1 / activation.alpha)], { alpha: { float: 1 } }), activation.alpha);
    case "silu":
      return times(x, emit.node("Sigmoid", [times(x, activation.beta)]));
    case "hard-swish":
      return times(times(x, emit.sub(relu(emit.add(x, 3)), relu(emit.sub(x, 3)))), 1 / 6);
    case "gelu":
      return times(x, cumulative(emit, x));
    case "gelu-tanh":
      return times(times(x, emit.add(emit.node("Tanh", [bentLine(emit, x)]), 1)), 0.5);
    case "softsign":
      return emit.div(x, emit.add(emit.node("Abs", [x]), 1));
    case "mish":
      return times(x, emit.node("Tanh", [emit.node("Softplus", [x])]));
    case "squared-relu":
      return times(relu(x), relu(x));
    case "square":
      return times(x, x);
    case "negative":
      return times(x, -1);
    case "power":
      return emit.pow(x, activation.exponent);
    default:
      return emit.node(OPERATORS[activation.kind], [x]);
  }
}

const OPERATORS = {
  sigmoid: "Sigmoid",
  tanh: "Tanh",
  softplus: "Softplus",
  erf: "Erf",
  exp: "Exp",
  sqrt: "Sqrt",
  abs: "Abs",
} as const;

const GELU_TANH = Math.sqrt(2 / Math.PI);

/** Φ(x) of the normal distribution. */
function cumulative(emit: Emitter, x: string): string {
  return emit.mul(emit.add(emit.node("Erf", [emit.mul(x, Math.SQRT1_2)]), 1), 0.5);
}

/** √(2/π) (x + 0.044715 x³) */
function bentLine(emit: Emitter, x: string): string {
  return emit.mul(emit.mul(x, emit.add(emit.mul(emit.mul(x, x), 0.044715), 1)), GELU_TANH);
}

function smoothSlope(emit: Emitter, activation: Activation, x: string): string {
  const one = (value: string) => emit.node(value, [x]);
  /** 1 − y² */
  const lessSquare = (y: string) => emit.sub(1, emit.mul(y, y));
  const bell = (factor: number) => emit.node("Exp", [emit.mul(emit.mul(x, x), factor)]);
  /** min(x, 0) · factor */
  const below = (factor: number) => emit.mul(emit.node("Relu", [emit.mul(x, -1)]), -factor);
  switch (activation.kind) {
    case "elu": {
      const { alpha, gamma } = activation;
      const positive = emit.number(emit.greater(x, 0));
      const left = emit.mul(emit.mul(emit.node("Exp", [below(1)]), alpha * gamma), emit.sub(1, positive));
      return emit.add(emit.mul(positive, gamma), left);
    }
    case "celu":
      return emit.node("Exp", [below(1 / activation.alpha)]);
    case "silu": {
      const s = emit.node("Sigmoid", [emit.mul(x, activation.beta)]);
      return emit.add(s, emit.mul(emit.mul(emit.mul(x, activation.beta), s), emit.sub(1, s)));
    }
    case "sigmoid": {
      const s = one("Sigmoid");
      return emit.mul(s, emit.sub(1, s));
    }
    case "tanh":
      return lessSquare(one("Tanh"));
    case "gelu":
      return emit.add(cumulative(emit, x), emit.mul(emit.mul(x, bell(-0.5)), 1 / Math.sqrt(2 * Math.PI)));
    case "gelu-tanh": {
      const t = emit.node("Tanh", [bentLine(emit, x)]);
      const bend = emit.mul(emit.add(emit.mul(emit.mul(x, x), 3 * 0.044715), 1), GELU_TANH);
      return emit.mul(emit.add(emit.add(t, 1), emit.mul(emit.mul(x, lessSquare(t)), bend)), 0.5);
    }
    case "softplus":
      return one("Sigmoid");
    case "softsign": {
      const root = emit.add(one("Abs"), 1);
      return emit.div(1, emit.mul(root, root));
    }
    case "mish": {
      const t = emit.node("Tanh", [one("Softplus")]);
      return emit.add(t, emit.mul(emit.mul(x, lessSquare(t)), one("Sigmoid")));
    }
    case "erf":
      return emit.mul(bell(-1), 2 / Math.sqrt(Math.PI));
    case "exp":
      return one("Exp");
    case "sqrt":
      return emit.div(0.5, one("Sqrt"));
    case "power":
      return emit.mul(emit.pow(x, activation.exponent - 1), activation.exponent);
    default:
      throw new Error(`${activation.kind} has knots`);
  }
}
