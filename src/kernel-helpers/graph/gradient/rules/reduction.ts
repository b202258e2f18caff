import { intAttribute, intsAttribute } from "../../onnx/attributes.js";
import { allNumbers } from "../../shapes/shape.js";
import { fromFront } from "../../shapes/shape-arithmetic.js";
import { elementCount } from "../../onnx/tensor.js";
import { refused, unary, type GradientRule, type Step } from "../step.js";

/** What a rule for a reduction works with: gradient and output with the reduced axes kept as axes of one place. */
interface Reduction {
  readonly gradient: string;
  readonly output: string;
  readonly axes: readonly number[];
}

/** Gradients of reductions over axes. A maximum that several places share divides its gradient among them. */
export const REDUCTION_RULES: Readonly<Record<string, GradientRule>> = {
  ReduceSum: reduction((step, input, { gradient, axes }) => spread(step, gradient, input, axes)),
  ReduceMean: reduction((step, input, { gradient, axes }) => {
    return spread(step, share(step, gradient, input, axes), input, axes);
  }),
  ReduceMax: reduction(extreme),
  ReduceMin: reduction(extreme),
  ReduceL1: reduction(({ emit }, input, { gradient }) => emit.mul(emit.node("Sign", [input]), gradient)),
  ReduceL2: reduction(({ emit }, input, { gradient, output }) => emit.mul(input, emit.div(gradient, output))),
  ReduceSumSquare: reduction(({ emit }, input, { gradient }) => emit.mul(input, emit.mul(gradient, 2))),
  ReduceLogSum: reduction(({ emit, shape }, input, { gradient, output }) =>
    emit.expandLike(emit.div(gradient, emit.node("Exp", [output])), shape(input)),
  ),
  ReduceLogSumExp: reduction(({ emit }, input, { gradient, output }) =>
    emit.mul(emit.node("Exp", [emit.sub(input, output)]), gradient),
  ),
};

function extreme({ emit }: Step, input: string, { gradient, output, axes }: Reduction): string {
  const differs = emit.node("Or", [emit.less(input, output), emit.greater(input, output)]);
  const hits = emit.number(emit.not(differs));
  return emit.mul(hits, emit.div(gradient, emit.sum(hits, axes)));
}

function reduction(rule: (step: Step, input: string, reduced: Reduction) => string): GradientRule {
  return unary((step, input, output) => {
    const axes = reducedAxes(step, input);
    if (axes.length === 0) return rule(step, input, { gradient: step.gradient, output, axes });
    const kept = (value: string) => withAxes(step, value, input, axes);
    return rule(step, input, { gradient: kept(step.gradient), output: kept(output), axes });
  });
}

function reducedAxes({ node, list, shape }: Step, input: string): number[] {
  const rank = shape(input).length;
  const listed = intsAttribute(node, "axes") ?? list(node.input[1]);
  if (node.input[1] && !listed) throw refused(node, "its axes are not fixed");
  if (listed && listed.length > 0) return listed.map((axis) => fromFront(axis, rank));
  return intAttribute(node, "noop_with_empty_axes", 0) === 1 ? [] : shape(input).map((_, axis) => axis);
}

/** A reduced value with its reduced axes put back, one place long. */
function withAxes({ node, emit, shape }: Step, value: string, input: string, axes: readonly number[]): string {
  if (intAttribute(node, "keepdims", 1) === 1) return value;
  const sizes = shape(input).map((size, axis) => (axes.includes(axis) ? 1 : size));
  if (sizes.filter((size) => typeof size !== "number").length <= 1) return emit.reshape(value, sizes);
  const sorted = [...axes].sort((a, b) => a - b);
  return emit.opset < 13
    ? emit.node("Unsqueeze", [value], { axes: sorted })
    : emit.node("Unsqueeze", [value, emit.ints(sorted)]);
}

/** Divided by the number of places along some axes. */
function share({ emit, shape, node }: Step, value: string, input: string, axes: readonly number[]): string {
  const sizes = axes.map((axis) => shape(input)[axis]);
  if (allNumbers(sizes)) return emit.mul(value, 1 / elementCount(sizes));
  const [whole, reduced] = [input, node.output[0]].map((name) => emit.cast(emit.node("Size", [name]), emit.type));
  return emit.mul(value, emit.div(reduced, whole));
}

/** Repeated along the axes that were reduced, of which the batch may be one. */
function spread({ emit, shape }: Step, value: string, input: string, axes: readonly number[]): string {
  const sizes = shape(input);
  if (axes.every((axis) => typeof sizes[axis] === "number")) return emit.expandLike(value, sizes);
  return emit.node("Expand", [value, emit.node("Shape", [input])]);
}
