import { isStandard } from "../../onnx/graph.js";
import type { NodeProto } from "../../onnx/onnx.js";
import { ACTIVATION_RULES } from "./activation.js";
import { ARITHMETIC_RULES } from "./arithmetic.js";
import { CONVOLUTION_RULES } from "./convolution.js";
import { JOINING_RULES } from "./joining.js";
import { NORMALISATION_RULES } from "./normalisation.js";
import { POOLING_RULES } from "./pooling.js";
import { PRODUCT_RULES } from "./products.js";
import { QUANTISING_RULES } from "./quantising.js";
import { REDUCTION_RULES } from "./reduction.js";
import { RESHAPING_RULES } from "./reshaping.js";
import { RESIZING_RULES } from "./resizing.js";
import { SOFTMAX_RULES } from "./softmax.js";
import { SUMMATION_RULES } from "./summation.js";
import { refused, type GradientRule } from "../step.js";

/** The gradient of every operator that has one here. */
const RULES: Readonly<Record<string, GradientRule>> = {
  ...CONVOLUTION_RULES,
  ...ACTIVATION_RULES,
  ...POOLING_RULES,
  ...NORMALISATION_RULES,
  ...ARITHMETIC_RULES,
  ...JOINING_RULES,
  ...RESHAPING_RULES,
  ...PRODUCT_RULES,
  ...SOFTMAX_RULES,
  ...REDUCTION_RULES,
  ...QUANTISING_RULES,
  ...RESIZING_RULES,
  ...SUMMATION_RULES,
};

/** The gradient rule of a node; throws an error that names the node when there is none. */
export function ruleOf(node: NodeProto): GradientRule {
  const known = isStandard(node) ? RULES : QUANTISING_RULES;
  if (Object.hasOwn(known, node.opType)) return known[node.opType];
  throw refused(
    node,
    "the gradient of this operator is not known; look with respect to a value behind it, such as the last feature maps",
  );
}

/** The operators that `gradientOf` can differentiate, in alphabetical order. */
export function differentiableOperators(): string[] {
  return Object.keys(RULES).sort();
}
