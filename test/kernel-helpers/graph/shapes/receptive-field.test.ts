import assert from "node:assert/strict";
import { test } from "node:test";
import { makeGraph, makeNode, makeTensor } from "../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import type { Graph } from "../../../../src/kernel-helpers/graph/onnx/graph.js";
import type { NodeProto } from "../../../../src/kernel-helpers/graph/onnx/onnx.js";
import { fieldBox, receptiveField } from "../../../../src/kernel-helpers/graph/shapes/receptive-field.js";

const weights = (name: string, size: number) =>
  makeTensor(name, [1, 1, size, size], new Float32Array(size * size).fill(1));

function graphWith(nodes: readonly NodeProto[], kernels: readonly [string, number][] = []): Graph {
  return makeGraph({
    nodes: [...nodes],
    inputs: [{ name: "image", dims: ["N", 1, 64, 64] }],
    outputs: [{ name: "maps" }],
    initializers: kernels.map(([name, size]) => weights(name, size)),
  });
}

test("windows, one after the other: 7×7 by two, then a pooling by two, then 3×3 dilated", () => {
  const graph = graphWith(
    [
      makeNode("Conv", ["image", "w7"], ["a"], { strides: [2, 2], pads: [3, 3, 3, 3] }),
      makeNode("MaxPool", ["a"], ["b"], { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
      makeNode("Conv", ["b", "w3"], ["maps"], { dilations: [2, 2], pads: [2, 2, 2, 2] }),
    ],
    [
      ["w7", 7],
      ["w3", 3],
    ],
  );
  // 7, then 7 + 2·2 = 11, then 11 + 4·4 = 27; the first pixel −3, −3 − 2, −5 − 8.
  assert.deepEqual(receptiveField(graph, "maps")?.x, { step: 4, first: -13, size: 27 });
  assert.deepEqual(receptiveField(graph, "b")?.y, { step: 4, first: -5, size: 11 });
});

test("pixels that no window reaches are left out, at every depth", () => {
  const graph = graphWith(
    [
      makeNode("Conv", ["image", "w3"], ["a"], { strides: [2, 2], pads: [1, 1, 1, 1] }),
      makeNode("MaxPool", ["a"], ["b"], { kernel_shape: [3, 3], strides: [2, 2] }),
      makeNode("Conv", ["b", "w3"], ["maps"], { pads: [1, 1, 1, 1] }),
    ],
    [["w3", 3]],
  );
  // 64 pixels → 32 cells, the last of which no window of the pooling reads: 15 windows end with cell 30, pixels 59 to 61.
  const field = receptiveField(graph, "maps")!;
  assert.deepEqual(field.x, { step: 4, first: -5, size: 15, read: [0, 61] });
  const box = fieldBox(field, 14, 0, { width: 64, height: 64 });
  assert.deepEqual(box, { x: 51, y: 0, width: 11, height: 10 });
});

test("where paths meet the field spans both; what pools the whole map sees all", () => {
  const nodes = [
    makeNode("Conv", ["image", "w5"], ["wide"], { pads: [2, 2, 2, 2] }),
    makeNode("Conv", ["image", "w1"], ["narrow"]),
    makeNode("Add", ["wide", "narrow"], ["sum"]),
    makeNode("GlobalAveragePool", ["sum"], ["pooled"]),
    makeNode("Sigmoid", ["pooled"], ["gate"]),
    makeNode("Mul", ["sum", "gate"], ["maps"]),
  ];
  const graph = graphWith(nodes, [
    ["w5", 5],
    ["w1", 1],
  ]);
  assert.deepEqual(receptiveField(graph, "sum")?.x, { step: 1, first: -2, size: 5 });
  assert.equal(receptiveField(graph, "maps")?.x.size, Infinity);
  assert.equal(receptiveField(graph, "no such value"), undefined);
});

test("a cell's part of the input is cut to it", () => {
  const axis = { step: 16, first: -33, size: 83 };
  const input = { width: 224, height: 160 };
  assert.deepEqual(fieldBox({ x: axis, y: axis }, 0, 5, input), { x: 0, y: 47, width: 50, height: 83 });
  assert.deepEqual(fieldBox({ x: axis, y: axis }, 13, 9, input), { x: 175, y: 111, width: 49, height: 49 });
  const all = { step: 1, first: -Infinity, size: Infinity };
  assert.deepEqual(fieldBox({ x: all, y: axis }, 0, 5, input), { x: 0, y: 47, width: 224, height: 83 });
});
