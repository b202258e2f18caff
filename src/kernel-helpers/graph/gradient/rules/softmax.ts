import { intAttribute } from "../../onnx/attributes.js";
import { axesFrom, fromFront } from "../../shapes/shape-arithmetic.js";
import { unary, type GradientRule, type Step } from "../step.js";

/** Gradients of Softmax and its logarithm. */
export const SOFTMAX_RULES: Readonly<Record<string, GradientRule>> = {
  Softmax: unary((step, _input, output) => {
    const { emit, gradient } = step;
    const weighted = emit.mul(gradient, output);
    return emit.sub(weighted, emit.mul(output, emit.sum(weighted, axesOf(step))));
  }),
  LogSoftmax: unary((step, _input, output) => {
    const { emit, gradient } = step;
    return emit.sub(gradient, emit.mul(emit.node("Exp", [output]), emit.sum(gradient, axesOf(step))));
  }),
};

/** Up to operator set 12, an axis stands for itself and all behind it. */
function axesOf({ node, emit, shape }: Step): number[] {
  const rank = shape(node.input[0]).length;
  if (emit.opset >= 13) return [fromFront(intAttribute(node, "axis", -1), rank)];
  return axesFrom(intAttribute(node, "axis", 1), rank);
}
