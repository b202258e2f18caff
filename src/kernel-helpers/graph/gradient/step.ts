import { nodeLabel, operator, type Graph } from "../onnx/graph.js";
import { allNumbers, type Shape } from "../shapes/shape.js";
import type { NodeProto } from "../onnx/onnx.js";
import type { Emitter } from "./emitter.js";
import { NoGradientError } from "./no-gradient.js";

/** One node on the way back: what its gradient rule knows, and where it writes the operators of the backward pass. */
export interface Step {
  readonly graph: Graph;
  readonly node: NodeProto;
  /** Gradient of the node's first output. */
  readonly gradient: string;
  /** Gradients of all outputs; undefined where nothing depends on one. */
  readonly gradients: readonly (string | undefined)[];
  /** Whether the gradient of this input is wanted; a rule need not give any other. */
  readonly wants: (input: number) => boolean;
  /** Shape of a value of the graph; throws when not even the number of axes is known. */
  readonly shape: (name: string) => Shape;
  /** A short list of whole numbers, such as axes, by value name; undefined when it depends on the batch or the photo. */
  readonly list: (name: string | undefined) => readonly number[] | undefined;
  readonly emit: Emitter;
  /** How to go back through a ReLU; asked for by whoever goes through one. */
  readonly rectifierRule: () => ReluRule;
  /** What the way back begins with. */
  readonly seed: string;
}

/**
 * How the backward pass goes through ReLU: by its `gradient`; `guided`, where only what is positive goes on (Springenberg
 * et al., 2015); or as a `deconvolution`, where what was let through on the way forward does not matter (Zeiler and Fergus,
 * 2014).
 */
export type ReluRule = "gradient" | "guided" | "deconvolution";

/** The gradients of a node's inputs, in their order; undefined for those that are not wanted. */
export type Gradients = readonly (string | undefined)[];

/** How an operator's gradient is computed. */
export type GradientRule = (step: Step) => Gradients;

/** The error for a node that cannot be differentiated. */
export function refused(node: NodeProto, reason: string): NoGradientError {
  return new NoGradientError(`cannot differentiate node "${nodeLabel(node)}" (${operator(node)}): ${reason}`);
}

/** The sizes of some axes of a value, which must be numbers. */
export function sizesOf({ node, shape }: Step, name: string, from = 0): readonly number[] {
  const sizes = shape(name).slice(from);
  if (allNumbers(sizes)) return sizes;
  throw refused(
    node,
    `its input "${name}" varies in size; fix the network's height and width and leave only the batch open`,
  );
}

/** Throws when the gradient of another input than the first is asked for: the weights depend on what one looks at. */
export function onlyFirst({ node, wants }: Step): void {
  const other = node.input.findIndex((_, index) => index > 0 && wants(index));
  if (other > 0) throw refused(node, `the gradient with respect to its input "${node.input[other]}" is not known`);
}

/** The rule of an operator with one input that matters: the others are taken as fixed. */
export function unary(rule: (step: Step, input: string, output: string) => string): GradientRule {
  return (step) => {
    onlyFirst(step);
    return [rule(step, step.node.input[0], step.node.output[0])];
  };
}

/** A gradient summed over the axes along which an input was stretched, so that it has this input's shape. */
export function unbroadcast(step: Step, gradient: string, input: string): string {
  const { emit, shape, node } = step;
  const [from, to] = [shape(node.output[0]), shape(input)];
  const added = from.length - to.length;
  const axes = from.flatMap((size, axis) => {
    const target = axis < added ? 1 : to[axis - added];
    if (target === null && size !== null && size !== 1) {
      throw refused(node, `one size of its input "${input}" is not known; fix the network's height and width`);
    }
    return axis < added || (target === 1 && size !== 1) ? [axis] : [];
  });
  if (axes.length === 0) return gradient;
  const summed = emit.sum(gradient, axes);
  return added > 0 ? emit.reshapeLike(summed, input, to) : summed;
}

/** A tensor of zeros like a value. */
export function zerosLike({ emit, shape }: Step, name: string): string {
  const sizes = shape(name);
  return emit.node("Expand", [emit.floats([], [0]), allNumbers(sizes) ? emit.ints(sizes) : emit.node("Shape", [name])]);
}
