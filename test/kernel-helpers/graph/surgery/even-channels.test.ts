import assert from "node:assert/strict";
import { test } from "node:test";
import { createOnnxRuntimeEngine } from "../../../../src/kernel-helpers/engines/onnxruntime.js";
import { writeGraph } from "../../../../src/kernel-helpers/graph/onnx/write-graph.js";
import { makeGraph, makeNode, makeTensor } from "../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { inferShapes } from "../../../../src/kernel-helpers/graph/shapes/infer-shapes.js";
import { withEvenChannels } from "../../../../src/kernel-helpers/graph/surgery/even-channels.js";
import { gaussian, seededRandom } from "../../../../src/kernel-helpers/support/random.js";

function convolution(channels: number, outputs: number, opset: number, isInput = false) {
  const random = seededRandom(`${channels} ${outputs}`);
  const filters = gaussian(random, outputs * channels * 9, 1);
  const graph = makeGraph({
    inputs: [
      { name: "x", dims: ["N", channels, 5, 4] },
      ...(isInput ? [{ name: "w", dims: [outputs, channels, 3, 3] }] : []),
    ],
    outputs: [{ name: "y" }],
    nodes: [makeNode("Conv", ["x", "w", "b"], ["y"], { pads: [1, 1, 1, 1] })],
    initializers: [
      ...(isInput ? [] : [makeTensor("w", [outputs, channels, 3, 3], filters)]),
      makeTensor("b", [outputs], gaussian(random, outputs, 1)),
    ],
    opset,
  });
  const feeds = {
    x: { dims: [2, channels, 5, 4], data: gaussian(random, 40 * channels, 1) },
    ...(isInput && { w: { dims: [outputs, channels, 3, 3], data: filters } }),
  };
  return { graph, feeds };
}

for (const [channels, opset, isInput] of [
  [6, 17, false],
  [9, 9, false],
  [18, 13, true],
] as const) {
  test(`${channels} channels become a multiple of four, operator set ${opset}: the same numbers`, async () => {
    const { graph, feeds } = convolution(channels, 8, opset, isInput);
    const even = withEvenChannels(graph);
    const shapes = inferShapes(even);
    const node = even.nodes.find(({ opType }) => opType === "Conv")!;
    assert.equal((shapes.get(node.input[0])![1] as number) % 4, 0);
    using one = await createOnnxRuntimeEngine(writeGraph(graph), { device: "cpu" });
    using other = await createOnnxRuntimeEngine(writeGraph(even), { device: "cpu" });
    const [expected, found] = [await one.run(feeds), await other.run(feeds)];
    found.y.data.forEach((value, i) => assert.ok(Math.abs(value - expected.y.data[i]) < 1e-5));
  });
}

test("other convolutions stay as they are", () => {
  const graphs = [3, 5, 8, 12].map((channels) => convolution(channels, 8, 17).graph);
  for (const graph of [...graphs, convolution(6, 6, 17).graph]) {
    assert.equal(withEvenChannels(graph), graph);
  }
});
