import type { GapHead } from "./gap-head.js";
import type { HeadStep, Refused } from "./head-steps.js";
import type { Numbers } from "../onnx/tensor.js";

/** A whole tail as one classifier, with at most one normalisation before it. */
export interface ComposedHead {
  readonly weights: Float32Array;
  readonly bias?: Float32Array;
  readonly normalisation?: NonNullable<GapHead["normalisation"]>;
  readonly channels: number;
  readonly classes: number;
  /** What the last linear layer is called. */
  readonly label: string;
}

type Factor = Numbers | number;

/**
 * Multiplies the steps of a tail out, in the order in which the network takes them:
 * W₂ (W₁ (s ⊙ F + t) + b₁) + b₂ = W F + b. A normalisation must come first; its own scale and shift stay apart.
 */
export function composed(steps: readonly HeadStep[]): ComposedHead | Refused {
  let sum: { weights: Float32Array; bias?: Float32Array; outputs: number; inputs: number } | undefined;
  let normalisation: { epsilon: number; scale?: Float32Array; shift?: Float32Array } | undefined;
  let [scale, shift]: [Factor, Factor] = [1, 0];
  let label = "";
  for (const step of steps) {
    if (step.kind === "layer") {
      if (sum || normalisation || scale !== 1 || shift !== 0) {
        return {
          refused: "a layer normalisation stands behind another linear step, so no class weights follow from it",
        };
      }
      normalisation = { epsilon: step.epsilon };
      [scale, shift] = [step.scale ?? 1, step.shift ?? 0];
    } else if (step.kind === "affine") {
      if (sum) sum = scaledRows(sum, step.scale, step.shift);
      else [scale, shift] = [times(scale, step.scale), plus(times(shift, step.scale), step.shift)];
    } else if (step.kind === "linear") {
      label = step.label;
      if (sum) {
        if (step.inputs !== sum.outputs) return mismatch(step.inputs, sum.outputs);
        sum = multiplied(step, sum);
      } else {
        const wrong = [scale, shift].find((factor) => lengthOf(factor, step.inputs) !== step.inputs);
        if (wrong !== undefined) return mismatch(step.inputs, lengthOf(wrong, step.inputs));
        if (normalisation) {
          normalisation = {
            ...normalisation,
            ...spread("scale", scale, 1, step.inputs),
            ...spread("shift", shift, 0, step.inputs),
          };
          sum = step;
        } else sum = scaledColumns(step, scale, shift);
      }
    }
  }
  if (!sum) return { refused: "there is no linear classifier" };
  return {
    weights: sum.weights,
    ...(sum.bias && { bias: sum.bias }),
    ...(normalisation && { normalisation: { kind: "layer", ...normalisation } }),
    channels: sum.inputs,
    classes: sum.outputs,
    label,
  };
}

interface Linear {
  readonly weights: Float32Array;
  readonly bias?: Float32Array;
  readonly outputs: number;
  readonly inputs: number;
}

function mismatch(expected: number, given: number): Refused {
  return { refused: `the classifier reads ${expected} numbers a photo, but gets ${given}` };
}

function at(factor: Factor, index: number): number {
  return typeof factor === "number" ? factor : factor[factor.length === 1 ? 0 : index];
}

function lengthOf(factor: Factor, wanted: number): number {
  return typeof factor === "number" || factor.length === 1 ? wanted : factor.length;
}

function combine(a: Factor, b: Factor, compute: (a: number, b: number) => number): Factor {
  if (typeof a === "number" && typeof b === "number") return compute(a, b);
  const length = Math.max(typeof a === "number" ? 1 : a.length, typeof b === "number" ? 1 : b.length);
  return Float64Array.from({ length }, (_, i) => compute(at(a, i), at(b, i)));
}

const times = (a: Factor, b: Factor) => combine(a, b, (x, y) => x * y);
const plus = (a: Factor, b: Factor) => combine(a, b, (x, y) => x + y);

function spread(name: "scale" | "shift", factor: Factor, neutral: number, length: number) {
  if (factor === neutral) return {};
  return { [name]: Float32Array.from({ length }, (_, i) => at(factor, i)) };
}

/** W (s ⊙ x + t) + b. */
function scaledColumns(linear: Linear, scale: Factor, shift: Factor): Linear {
  if (scale === 1 && shift === 0) return linear;
  const { outputs, inputs } = linear;
  const weights = new Float32Array(outputs * inputs);
  const bias = new Float32Array(outputs);
  for (let c = 0; c < outputs; c++) {
    let sum = linear.bias?.[c] ?? 0;
    for (let k = 0; k < inputs; k++) {
      const w = linear.weights[c * inputs + k];
      weights[c * inputs + k] = w * at(scale, k);
      sum += w * at(shift, k);
    }
    bias[c] = sum;
  }
  return { ...linear, weights, ...((shift !== 0 || linear.bias) && { bias }) };
}

/** s ⊙ (W x + b) + t. */
function scaledRows(linear: Linear, scale: Factor, shift: Factor): Linear {
  const { outputs, inputs } = linear;
  const weights = scale === 1 ? linear.weights : linear.weights.map((w, i) => w * at(scale, Math.floor(i / inputs)));
  const bias = Float32Array.from({ length: outputs }, (_, c) => at(scale, c) * (linear.bias?.[c] ?? 0) + at(shift, c));
  return { ...linear, weights, ...((shift !== 0 || linear.bias) && { bias }) };
}

/** A (B x + b) + a. */
function multiplied(outer: Linear, inner: Linear): Linear {
  const { outputs, inputs: middle } = outer;
  const { inputs } = inner;
  const weights = new Float32Array(outputs * inputs);
  const bias = new Float32Array(outputs);
  const row = new Float64Array(inputs);
  for (let c = 0; c < outputs; c++) {
    row.fill(0);
    let sum = outer.bias?.[c] ?? 0;
    for (let m = 0; m < middle; m++) {
      const a = outer.weights[c * middle + m];
      sum += a * (inner.bias?.[m] ?? 0);
      for (let k = 0; k < inputs; k++) row[k] += a * inner.weights[m * inputs + k];
    }
    weights.set(row, c * inputs);
    bias[c] = sum;
  }
  return { weights, outputs, inputs, ...((outer.bias || inner.bias) && { bias }) };
}
