// Straight through quantisers. Expected values: PyTorch 2.14, torch.fake_quantize_per_tensor_affine and _per_channel_affine
// of the same numbers, backwards.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { gradientName, gradientOf, type ReluRule } from "../../../../src/kernel-helpers/graph/gradient/gradient-of.js";
import { makeGraph, makeTensor, type AttributeValue } from "../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { assertNear } from "../../cam/assert-near.js";
import { Builder } from "../build-graph.js";
import { feed } from "./finite-differences.js";

const X = [-3.1, -0.4, 0.26, 0.74, 1.9, 2.6, 5.1, 13.2];
const WEIGHT = [1, -2, 3, 4, -5, 6, -7, 8];

interface Quantiser {
  readonly type?: "int8" | "uint8";
  readonly scale?: readonly number[];
  readonly zero?: readonly number[];
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Between the whole numbers and the real ones. */
  readonly between?: (builder: Builder, whole: string) => string;
  readonly before?: (builder: Builder, x: string) => string;
}

function quantised({ type = "uint8", scale = [0.02], zero, attributes = {}, ...given }: Quantiser) {
  const builder = new Builder();
  const x = given.before?.(builder, "x") ?? "x";
  const step = builder.floats(scale.length === 1 ? [] : [scale.length], scale);
  const numbers = zero && (type === "int8" ? Int8Array.from(zero) : Uint8Array.from(zero));
  const point = numbers && builder.constant(numbers.length === 1 ? [] : [numbers.length], numbers);
  const parameters = point ? [step, point] : [step];
  const whole = builder.node("QuantizeLinear", [x, ...parameters], attributes);
  const real = builder.node("DequantizeLinear", [given.between?.(builder, whole) ?? whole, ...parameters], attributes);
  return { builder, real };
}

async function backThrough(quantiser: Quantiser, relu: ReluRule = "gradient"): Promise<Float32Array> {
  const { builder, real } = quantised(quantiser);
  const output = builder.node("Mul", [real, "w"]);
  const graph = makeGraph({
    inputs: [{ name: "x", dims: [2, 4] }],
    outputs: [{ name: output }],
    nodes: builder.nodes,
    initializers: [...builder.initializers, makeTensor("w", [2, 4], Float32Array.from(WEIGHT))],
    opset: 13,
  });
  const found = await feed(gradientOf(graph, { output, withRespectTo: "x", outputs: [], relu }), {
    x: { data: Float32Array.from(X), dims: [2, 4] },
    seed: { data: new Float32Array(8).fill(1), dims: [2, 4] },
  });
  return found[gradientName("x")].data;
}

describe("rounding is passed, and what the numbers cannot hold is not", () => {
  test("eight bits without and with a zero point", async () => {
    assertNear(await backThrough({}), [0, 0, 3, 4, -5, 6, -7, 0], 1e-7);
    assertNear(await backThrough({ zero: [100] }), [0, -2, 3, 4, -5, 6, 0, 0], 1e-7);
    assertNear(await backThrough({ type: "int8", zero: [0] }), [0, -2, 3, 4, -5, 0, 0, 0], 1e-7);
  });

  test("a scale for each row", async () => {
    const rows = { type: "int8", scale: [0.02, 0.1], zero: [0, -20], attributes: { axis: 0 } } as const;
    assertNear(await backThrough(rows), [0, -2, 3, 4, -5, 6, -7, 8], 1e-7);
    assertNear(await backThrough({ ...rows, scale: [0.02, 0.02] }), [0, -2, 3, 4, -5, 6, 0, 0], 1e-7);
  });

  test("whole numbers that are only moved", async () => {
    const between = (b: Builder, whole: string) => b.node("Identity", [whole]);
    assertNear(await backThrough({ zero: [100], between }), [0, -2, 3, 4, -5, 6, 0, 0], 1e-7);
  });

  test("a quantiser that took a ReLU's place follows its rules, another does not", async () => {
    const before = (b: Builder, x: string) => b.node("Add", [x, b.floats([1], [0])]);
    assertNear(await backThrough({ before }, "guided"), [0, 0, 3, 4, 0, 6, 0, 0], 1e-7);
    assertNear(await backThrough({ before }, "deconvolution"), [1, 0, 3, 4, 0, 6, 0, 8], 1e-7);
    await assert.rejects(backThrough({}, "guided"), /no ReLU between/);
    await assert.rejects(backThrough({ before, zero: [100] }, "guided"), /no ReLU between/);
  });

  test("a score that the last quantiser cuts off has the gradient of the score before", async () => {
    const { builder, real } = quantised({ before: (b, x) => b.node("Mul", [x, b.floats([1], [3])]) });
    const graph = makeGraph({
      ...{ inputs: [{ name: "x", dims: [1, 2] }], outputs: [{ name: real }], opset: 13 },
      ...{ nodes: builder.nodes, initializers: builder.initializers },
    });
    const found = await feed(gradientOf(graph, { output: real, withRespectTo: "x" }), {
      x: { data: Float32Array.of(-90, 90), dims: [1, 2] },
      seed: { data: Float32Array.of(1, 2), dims: [1, 2] },
    });
    assertNear(found[gradientName("x")].data, [3, 6], 1e-7);
  });
});

describe("refused by name", () => {
  const refusedWith = async (quantiser: Quantiser, message: RegExp) =>
    assert.rejects(backThrough(quantiser), { name: "CamlabError", message });

  test("operators that compute with whole numbers", () =>
    refusedWith({ between: (b, whole) => b.node("Max", [whole, whole]) }, /\(Max\): it computes in whole numbers/));

  test("a scale that depends on the photo", () => {
    const builder = new Builder();
    const scale = builder.node("ReduceMax", ["x"], { keepdims: 0 });
    const whole = builder.node("QuantizeLinear", ["x", scale]);
    const real = builder.node("DequantizeLinear", [whole, scale]);
    const graph = makeGraph({
      ...{ inputs: [{ name: "x", dims: [2, 4] }], opset: 13, nodes: [...builder.nodes] },
      ...{ outputs: [{ name: real }], initializers: builder.initializers },
    });
    assert.throws(() => gradientOf(graph, { output: real, withRespectTo: "x" }), {
      name: "CamlabError",
      message: /the gradient with respect to its input "reducemax_0" is not known/,
    });
  });
});
