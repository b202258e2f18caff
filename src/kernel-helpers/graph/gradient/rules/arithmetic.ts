import { constantOf } from "../../onnx/constants.js";
import { onlyFirst, unary, unbroadcast, zerosLike, type GradientRule, type Gradients, type Step } from "../step.js";

/** Gradients of what works number by number. Inputs that were stretched over each other are summed back. */
export const ARITHMETIC_RULES: Readonly<Record<string, GradientRule>> = {
  Add: (step) => each(step, () => step.gradient),
  Sum: (step) => each(step, () => step.gradient),
  Sub: (step) => each(step, (i) => (i === 0 ? step.gradient : step.emit.node("Neg", [step.gradient]))),
  Mean: (step) => each(step, () => step.emit.mul(step.gradient, 1 / step.node.input.length)),
  Mul: (step) => each(step, (i) => step.emit.mul(step.gradient, step.node.input[1 - i])),
  Div: (step) =>
    each(step, (i) => {
      const { emit, gradient, node } = step;
      const share = emit.div(gradient, node.input[1]);
      return i === 0 ? share : emit.node("Neg", [emit.mul(share, node.output[0])]);
    }),
  Pow: (step) => each(step, (i) => (i === 0 ? ofBase(step) : ofExponent(step))),
  Max: (step) => each(step, (i) => shared(step, i)),
  Min: (step) => each(step, (i) => shared(step, i)),
  Where: (step) =>
    each(step, (i) => {
      const { emit, gradient, node } = step;
      return i === 1 ? emit.where(node.input[0], gradient) : emit.where(emit.not(node.input[0]), gradient);
    }),
  Neg: unary(({ emit, gradient }) => emit.node("Neg", [gradient])),
  Abs: unary(({ emit, gradient }, input) => emit.mul(gradient, emit.node("Sign", [input]))),
  Sqrt: unary(({ emit, gradient }, _input, output) => emit.div(emit.mul(gradient, 0.5), output)),
  Exp: unary(({ emit, gradient }, _input, output) => emit.mul(gradient, output)),
  Log: unary(({ emit, gradient }, input) => emit.div(gradient, input)),
  Reciprocal: unary(({ emit, gradient }, _input, output) =>
    emit.node("Neg", [emit.mul(gradient, emit.mul(output, output))]),
  ),
  Sin: unary(({ emit, gradient }, input) => emit.mul(gradient, emit.node("Cos", [input]))),
  Cos: unary(({ emit, gradient }, input) => emit.node("Neg", [emit.mul(gradient, emit.node("Sin", [input]))])),
  Identity: (step) => [step.gradient],
  Dropout: (step) => {
    onlyFirst(step);
    return [step.gradient];
  },
  // Rounding is flat wherever it has a slope.
  ...Object.fromEntries(
    ["Floor", "Ceil", "Round", "Sign"].map((op) => [op, unary((step, input) => zerosLike(step, input))]),
  ),
};

/** The gradients of all inputs, each brought to its input's shape. */
function each(step: Step, rule: (index: number) => string): Gradients {
  return step.node.input.map((input, index) => (step.wants(index) ? unbroadcast(step, rule(index), input) : undefined));
}

/** p x^(p−1) */
function ofBase({ emit, gradient, node, graph }: Step): string {
  const [base, exponent] = node.input;
  const known = constantOf(graph, exponent)?.data;
  if (known?.length !== 1) {
    // An exponent may be of another type than its base.
    const power = emit.cast(exponent, emit.type);
    return emit.mul(gradient, emit.mul(power, emit.pow(base, emit.sub(power, 1))));
  }
  const lower = known[0] - 1;
  const scaled = emit.mul(gradient, known[0]);
  if (lower === 0) return scaled;
  return emit.mul(scaled, lower === 1 ? base : emit.pow(base, lower));
}

/** x^p ln x */
function ofExponent({ emit, gradient, node }: Step): string {
  return emit.mul(gradient, emit.mul(node.output[0], emit.node("Log", [node.input[0]])));
}

/** For a maximum or minimum: the gradient where this input is it, divided among equals. */
function shared({ emit, gradient, node }: Step, index: number): string {
  const differs = (input: string) =>
    emit.node("Or", [emit.less(input, node.output[0]), emit.greater(input, node.output[0])]);
  const hits = node.input.map((input) => emit.number(emit.not(differs(input))));
  const count = hits.reduce((sum, hit) => emit.add(sum, hit));
  return emit.div(emit.mul(gradient, hits[index]), count);
}
