import { intAttribute } from "../../onnx/attributes.js";
import { constantOf, type Constant } from "../../onnx/constants.js";
import { elementTypeOf } from "../../onnx/element-type.js";
import type { NodeProto } from "../../onnx/onnx.js";
import { fromFront } from "../../shapes/shape-arithmetic.js";
import { rectified } from "./activation.js";
import { onlyFirst, refused, type GradientRule, type Step } from "../step.js";

/** The whole numbers that each type of quantised values holds. */
const RANGES: Readonly<Record<string, readonly [low: number, high: number]>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  uint16: [0, 65535],
  int16: [-32768, 32767],
  uint4: [0, 15],
  int4: [-8, 7],
};

/**
 * Gradients of quantised networks, straight through as PyTorch trains them: rounding counts as the identity, and what
 * lies beyond the numbers that a type holds has no gradient, which is also where quantising took the place of a ReLU.
 * Between the two operators gradients are those of the numbers that the whole ones stand for.
 */
export const QUANTISING_RULES: Readonly<Record<string, GradientRule>> = {
  QuantizeLinear: (step) => {
    onlyFirst(step);
    const { emit, graph, node } = step;
    const [input] = node.input;
    // A score that the last quantiser cuts off depends on the photo all the same, and nothing reads the cut one.
    if (step.gradient === step.seed) return [step.seed];
    const type = elementTypeOf(graph, input);
    const value = type === "float32" ? input : emit.cast(input, "float32");
    const [low, high] = realRange(step).map(({ dims, data }) => emit.floats(dims, data));
    const inside = emit.and(emit.greater(value, low), emit.less(value, high));
    const gradient = actsAsRelu(step) ? rectified(step, inside) : emit.where(inside, step.gradient);
    return [type === "float32" ? gradient : emit.cast(gradient, type)];
  },
  DequantizeLinear: (step) => {
    onlyFirst(step);
    const { emit, gradient, node, graph } = step;
    return [elementTypeOf(graph, node.output[0]) === "float32" ? gradient : emit.cast(gradient, "float32")];
  },
};

/** What rounds to the lowest and to the highest of a node's whole numbers, half a step further out: real numbers. */
function realRange({ graph, node, shape }: Step): [Constant, Constant] {
  const scale = constantOf(graph, node.input[1]);
  const zero = node.input[2] ? constantOf(graph, node.input[2]) : undefined;
  if (!scale || (node.input[2] && !zero)) throw refused(node, "its scale depends on the photo");
  if (intAttribute(node, "block_size", 0) > 0) throw refused(node, "it quantises in blocks");
  const [lowest, highest] = rangeOf(node, elementTypeOf(graph, node.output[0]));
  const rank = shape(node.input[0]).length;
  const axis = fromFront(intAttribute(node, "axis", 1), rank);
  const count = scale.data.length;
  const dims = count === 1 ? [] : Array.from({ length: rank }, (_, i) => (i === axis ? count : 1));
  const bounds = (whole: number) => ({
    dims,
    data: Float32Array.from(
      scale.data,
      (step, i) => (whole - (zero?.data[zero.data.length === 1 ? 0 : i] ?? 0)) * step,
    ),
  });
  return [bounds(lowest - 0.5), bounds(highest + 0.5)];
}

function rangeOf(node: NodeProto, type: string): readonly [number, number] {
  const range = RANGES[type];
  if (range) return range;
  throw refused(node, `its numbers are ${type}`);
}

/** Where the lowest number stands for 0 behind an operator that gives both signs, a quantiser took a ReLU's place. */
function actsAsRelu({ graph, node }: Step): boolean {
  const zeros = node.input[2] ? (constantOf(graph, node.input[2])?.data ?? []) : [0];
  const [lowest] = rangeOf(node, elementTypeOf(graph, node.output[0]));
  const made = graph.producer(node.input[0])?.opType ?? "";
  return SIGNED.has(made) && Array.from(zeros).every((zero) => zero === lowest);
}

const SIGNED = new Set(["Conv", "ConvTranspose", "Gemm", "MatMul", "Add", "BatchNormalization"]);
