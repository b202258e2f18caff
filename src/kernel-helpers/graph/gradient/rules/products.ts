import { floatAttribute, intAttribute } from "../../onnx/attributes.js";
import { float } from "../../onnx/create-graph.js";
import type { Shape } from "../../shapes/shape.js";
import { refused, unbroadcast, type GradientRule, type Step } from "../step.js";

/** Gradients of matrix products. */
export const PRODUCT_RULES: Readonly<Record<string, GradientRule>> = {
  Gemm: (step) => {
    const { node, emit, gradient, wants } = step;
    const [a, b, c] = node.input;
    const [transA, transB] = [intAttribute(node, "transA", 0), intAttribute(node, "transB", 0)];
    const alpha = float(floatAttribute(node, "alpha", 1));
    const ofA = () =>
      transA
        ? emit.node("Gemm", [b, gradient], { alpha, transA: transB, transB: 1 })
        : emit.node("Gemm", [gradient, b], { alpha, transB: 1 - transB });
    const ofB = () =>
      transB
        ? emit.node("Gemm", [gradient, a], { alpha, transA: 1, transB: transA })
        : emit.node("Gemm", [a, gradient], { alpha, transA: 1 - transA });
    const ofC = () => unbroadcast(step, emit.mul(gradient, floatAttribute(node, "beta", 1)), c);
    return [wants(0) ? ofA() : undefined, wants(1) ? ofB() : undefined, wants(2) ? ofC() : undefined];
  },
  MatMul: (step) => {
    const { node, emit, gradient, wants, shape } = step;
    const [a, b] = node.input;
    const [left, right] = [shape(a), shape(b)];
    if (left.length < 2 || right.length < 2) throw refused(node, "only products of matrices are known, not of vectors");
    return [
      wants(0) ? unstack(step, emit.matMul(gradient, turned(step, b, right)), a, left) : undefined,
      wants(1) ? unstack(step, emit.matMul(turned(step, a, left), gradient), b, right) : undefined,
    ];
  },
};

/** Rows and columns exchanged. */
function turned({ emit }: Step, value: string, { length: rank }: Shape): string {
  const axes = Array.from({ length: rank }, (_, axis) => axis);
  return emit.transpose(value, [...axes.slice(0, -2), rank - 1, rank - 2]);
}

/** Summed over the stacks along which a matrix was repeated. */
function unstack(step: Step, gradient: string, input: string, shape: Shape): string {
  const { node } = step;
  const stacks = step.shape(node.output[0]).slice(0, -2);
  const found = [...stacks, ...shape.slice(-2)];
  return unbroadcast(
    { ...step, shape: (name) => (name === node.output[0] ? found : step.shape(name)) },
    gradient,
    input,
  );
}
