import assert from "node:assert/strict";
import { test } from "node:test";
import { gradientName, gradientOf, type ReluRule } from "../../../../src/kernel-helpers/graph/gradient/gradient-of.js";
import { makeGraph, makeNode, makeTensor } from "../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { feed } from "./finite-differences.js";

// ReLU(x) · weight, by hand: x has both signs, and so has what comes back.
const X = [-1, 2, -3, 4, 5, 0];
const WEIGHT = [1, -2, 3, 4, -5, 6];
const BACK: Readonly<Record<ReluRule, readonly number[]>> = {
  gradient: [0, -2, 0, 4, -5, 0],
  guided: [0, 0, 0, 4, 0, 0],
  deconvolution: [1, 0, 3, 4, 0, 6],
};

for (const op of ["Relu", "Clip"]) {
  test(`back through ${op}, by each rule`, async () => {
    const bounds = op === "Clip" ? ["low", "high"] : [];
    const graph = makeGraph({
      inputs: [{ name: "x", dims: [1, 6] }],
      outputs: [{ name: "y" }],
      nodes: [makeNode(op, ["x", ...bounds], ["r"]), makeNode("Mul", ["r", "w"], ["y"])],
      initializers: [
        makeTensor("w", [1, 6], Float32Array.from(WEIGHT)),
        makeTensor("low", [], Float32Array.of(0)),
        makeTensor("high", [], Float32Array.of(6)),
      ],
      opset: 13,
    });
    for (const relu of ["gradient", "guided", "deconvolution"] as const) {
      const whole = gradientOf(graph, { output: "y", withRespectTo: "x", relu });
      const found = await feed(whole, {
        x: { data: Float32Array.from(X), dims: [1, 6] },
        seed: { data: new Float32Array(6).fill(1), dims: [1, 6] },
      });
      assert.deepEqual(
        [...found[gradientName("x")].data].map((value) => value + 0),
        BACK[relu],
      );
    }
  });
}
