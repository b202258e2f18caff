import { intAttribute, intsAttribute, textAttribute } from "../../onnx/attributes.js";
import { elementTypeOf } from "../../onnx/element-type.js";
import { product } from "../../shapes/shape-arithmetic.js";
import { refused, unary, unbroadcast, type GradientRule, type Step } from "../step.js";

const reshaped = unary(({ emit, gradient, shape }, input) => emit.reshapeLike(gradient, input, shape(input)));

/** Gradients of what only moves, repeats or converts numbers. */
export const RESHAPING_RULES: Readonly<Record<string, GradientRule>> = {
  Reshape: reshaped,
  Flatten: reshaped,
  Squeeze: reshaped,
  Unsqueeze: reshaped,
  Transpose: unary(({ emit, gradient, node, shape }, input) => {
    const axes = shape(input).map((_, axis) => axis);
    const perm = intsAttribute(node, "perm") ?? [...axes].reverse();
    return emit.transpose(
      gradient,
      axes.map((axis) => perm.indexOf(axis)),
    );
  }),
  Cast: unary(({ emit, gradient, graph }, input) => emit.cast(gradient, elementTypeOf(graph, input))),
  CastLike: ({ emit, gradient, graph, node }) => [emit.cast(gradient, elementTypeOf(graph, node.input[0]))],
  Expand: unary((step, input) => unbroadcast(step, step.gradient, input)),
  Tile: unary((step, input) => {
    const { emit, gradient, node, shape } = step;
    const repeats = step.list(node.input[1]);
    if (!repeats) throw refused(node, "how often it repeats depends on the size of the photo");
    const sizes = shape(input);
    const apart = emit.reshape(
      gradient,
      sizes.flatMap((size, axis) => (repeats[axis] === 1 ? [1, size] : [repeats[axis], size])),
    );
    const summed = emit.sum(
      apart,
      sizes.map((_, axis) => 2 * axis),
    );
    return emit.reshapeLike(summed, input, sizes);
  }),
  DepthToSpace: unary((step) => {
    const { emit, gradient, node } = step;
    const blocksize = intAttribute(node, "blocksize", 1);
    const columnsFirst = textAttribute(node, "mode", "DCR") === "CRD";
    return columnsFirst ? toDepth(step, blocksize) : emit.node("SpaceToDepth", [gradient], { blocksize });
  }),
  SpaceToDepth: unary(({ emit, gradient, node }) =>
    emit.node("DepthToSpace", [gradient], { blocksize: intAttribute(node, "blocksize", 1) }),
  ),
};

/** Blocks of places to channels, the channel's number before the place's in its block. */
function toDepth(step: Step, block: number): string {
  const { emit, gradient, node, shape } = step;
  const [, channels, height, width] = shape(node.input[0]);
  const outer = product([channels]);
  const few = typeof outer === "number" ? outer / (block * block) : null;
  const apart = emit.reshape(gradient, [null, few, height, block, width, block]);
  return emit.reshape(emit.transpose(apart, [0, 1, 3, 5, 2, 4]), [null, channels, height, width]);
}
