import { floatAttribute, textAttribute } from "../../onnx/attributes.js";
import { constantOf } from "../../onnx/constants.js";
import type { NodeProto } from "../../onnx/onnx.js";
import { refused, unary, unbroadcast, type GradientRule, type Step } from "../step.js";

/**
 * Gradients of activations. Where the output alone tells the slope, the input is not read, so that an engine may still
 * merge the activation into the operator before it. At a kink the slope is PyTorch's: 0 for Relu at 0 and for Clip at
 * its bounds.
 */
export const ACTIVATION_RULES: Readonly<Record<string, GradientRule>> = {
  Relu: unary((step, _input, output) => rectified(step, step.emit.greater(output, 0))),
  Clip: (step) => {
    const { emit, gradient, node } = step;
    for (const bound of [1, 2]) if (step.wants(bound)) throw refused(node, "its bounds depend on what is looked at");
    const [low, high] = [boundOf(step, "min", 1), boundOf(step, "max", 2)];
    const output = node.output[0];
    const above = low === undefined ? undefined : emit.greater(output, low);
    const below = high === undefined ? undefined : emit.less(output, high);
    const inside = above && below ? emit.and(above, below) : (above ?? below);
    if (inside && low === 0) return [rectified(step, inside)];
    return [inside ? emit.where(inside, gradient) : gradient];
  },
  LeakyRelu: unary((step, input, output) => {
    const alpha = floatAttribute(step.node, "alpha", 0.01);
    return sloped(step, alpha >= 0 ? output : input, alpha);
  }),
  PRelu: (step) => {
    const { emit, gradient, node, wants } = step;
    const [input, slopes] = node.input;
    const positive = emit.number(emit.greater(input, 0));
    const negative = emit.sub(1, positive);
    const slope = () => emit.add(positive, emit.mul(negative, slopes));
    return [
      wants(0) ? emit.mul(gradient, slope()) : undefined,
      wants(1) ? unbroadcast(step, emit.mul(gradient, emit.mul(negative, input)), slopes) : undefined,
    ];
  },
  ThresholdedRelu: unary(({ emit, gradient, node }, input) =>
    emit.where(emit.greater(input, floatAttribute(node, "alpha", 1)), gradient),
  ),
  Sigmoid: unary(({ emit, gradient }, _input, output) => emit.mul(gradient, emit.mul(output, emit.sub(1, output)))),
  Tanh: unary(({ emit, gradient }, _input, output) => emit.mul(gradient, emit.sub(1, emit.mul(output, output)))),
  HardSigmoid: unary(({ emit, gradient, node }, _input, output) => {
    const inside = emit.and(emit.greater(output, 0), emit.less(output, 1));
    return emit.mul(emit.where(inside, gradient), floatAttribute(node, "alpha", 0.2));
  }),
  HardSwish: unary(({ emit, gradient }, input) => {
    const inside = emit.number(emit.and(emit.greater(input, -3), emit.less(input, 3)));
    const above = emit.number(emit.not(emit.less(input, 3)));
    const slope = emit.add(emit.mul(inside, emit.add(emit.div(input, 3), 0.5)), above);
    return emit.mul(gradient, slope);
  }),
  Elu: unary((step, _input, output) => exponential(step, output, floatAttribute(step.node, "alpha", 1), 1)),
  Selu: unary((step, _input, output) => {
    const alpha = floatAttribute(step.node, "alpha", 1.6732632);
    return exponential(step, output, alpha, floatAttribute(step.node, "gamma", 1.050701));
  }),
  Celu: unary((step, input) => {
    const { emit, gradient, node } = step;
    const below = emit.node("Min", [emit.div(input, floatAttribute(node, "alpha", 1)), emit.floats([], [0])]);
    return emit.mul(gradient, emit.node("Exp", [below]));
  }),
  Softplus: unary(({ emit, gradient }, input) => emit.mul(gradient, emit.node("Sigmoid", [input]))),
  Softsign: unary(({ emit, gradient }, input) => {
    const root = emit.add(emit.node("Abs", [input]), 1);
    return emit.div(gradient, emit.mul(root, root));
  }),
  Mish: unary(({ emit, gradient }, input) => {
    const tanh = emit.node("Tanh", [emit.node("Softplus", [input])]);
    const inner = emit.mul(emit.mul(input, emit.node("Sigmoid", [input])), emit.sub(1, emit.mul(tanh, tanh)));
    return emit.mul(gradient, emit.add(tanh, inner));
  }),
  Gelu: unary((step, input) => {
    const tanh = textAttribute(step.node, "approximate", "none") === "tanh";
    return step.emit.mul(step.gradient, tanh ? tanhGeluSlope(step, input) : geluSlope(step, input));
  }),
  Erf: unary(({ emit, gradient }, input) =>
    emit.mul(gradient, emit.mul(emit.node("Exp", [emit.mul(emit.mul(input, input), -1)]), 2 / Math.sqrt(Math.PI))),
  ),
};

/** Back through ReLU (and ReLU6), by the gradient or by one of the two rules that pictures are made with. */
export function rectified({ emit, gradient, rectifierRule }: Step, inside: string): string {
  const relu = rectifierRule();
  const passed = relu === "gradient" ? gradient : emit.node("Relu", [gradient]);
  return relu === "deconvolution" ? passed : emit.where(inside, passed);
}

/** The gradient itself where a value is positive, times `slope` elsewhere. */
function sloped({ emit, gradient }: Step, value: string, slope: number): string {
  const positive = emit.number(emit.greater(value, 0));
  return emit.mul(gradient, emit.add(emit.mul(positive, 1 - slope), slope));
}

/** For y = γx above 0 and γα(eˣ − 1) below: the slope is γ above and y + γα below. */
function exponential({ emit, gradient }: Step, output: string, alpha: number, gamma: number): string {
  const positive = emit.number(emit.greater(output, 0));
  const below = emit.mul(emit.sub(1, positive), emit.add(output, alpha * gamma));
  return emit.mul(gradient, emit.add(emit.mul(positive, gamma), below));
}

/** Φ(x) + x φ(x), with the normal distribution's Φ and φ. */
function geluSlope({ emit }: Step, input: string): string {
  const below = emit.mul(emit.add(emit.node("Erf", [emit.mul(input, Math.SQRT1_2)]), 1), 0.5);
  const bell = emit.node("Exp", [emit.mul(emit.mul(input, input), -0.5)]);
  return emit.add(below, emit.mul(emit.mul(input, bell), 1 / Math.sqrt(2 * Math.PI)));
}

/** For y = x(1 + t)/2 with t = tanh(u), u = √(2/π)(x + 0.044715x³): (1 + t)/2 + x(1 − t²)u′/2. */
function tanhGeluSlope({ emit }: Step, input: string): string {
  const [factor, cubic] = [Math.sqrt(2 / Math.PI), 0.044715];
  const square = emit.mul(input, input);
  const inner = emit.mul(emit.mul(input, emit.add(emit.mul(square, cubic), 1)), factor);
  const tanh = emit.node("Tanh", [inner]);
  const change = emit.mul(emit.add(emit.mul(square, 3 * cubic), 1), factor);
  const second = emit.mul(emit.mul(input, emit.sub(1, emit.mul(tanh, tanh))), change);
  return emit.mul(emit.add(emit.add(tanh, 1), second), 0.5);
}

/** A bound of Clip: a number where it is known, since that is of one type; undefined when there is none. */
function boundOf({ graph, node }: Step, name: string, index: number): string | number | undefined {
  const input = node.input[index];
  if (!input) return boundAttribute(node, name);
  const known = constantOf(graph, input)?.data[0];
  if (known === undefined) return input;
  return Math.abs(known) < LARGEST ? known : undefined;
}

/** What exporters write for "no bound". */
const LARGEST = 3.4e38;

function boundAttribute(node: NodeProto, name: string): number | undefined {
  const bound = floatAttribute(node, name, Infinity);
  return Math.abs(bound) < LARGEST ? bound : undefined;
}
