import assert from "node:assert/strict";
import { test } from "node:test";
import { findGapHead } from "../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { withFinerMaps } from "../../../../src/kernel-helpers/graph/surgery/finer-maps.js";
import { withFoldedPads } from "../../../../src/kernel-helpers/graph/surgery/fold-pads.js";
import { makeTensor } from "../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { images, run, smallNetwork, type Builder } from "../build-graph.js";

/** TensorFlow's "same" as PyTorch's exporter writes it: zeros, a concatenation, turned and reversed. */
const samePads = (b: Builder, before: number, after: number) => {
  const zeros = b.node("ConstantOfShape", [b.node("Sub", [b.ints(8), b.ints(4)])], { value: makeTensor("", [1], [0]) });
  const pairs = b.node("Reshape", [
    b.node("Concat", [b.ints(before, after, before, after), zeros], { axis: 0 }),
    b.ints(-1, 2),
  ]);
  const reversed = b.node("Slice", [pairs, b.ints(-1), b.ints(-1000), b.ints(0), b.ints(-1)]);
  return b.node("Cast", [b.node("Reshape", [b.node("Transpose", [reversed], { perm: [1, 0] }), b.ints(-1)])], {
    to: 7,
  });
};
const network = (fill: number, op = "Conv") =>
  smallNetwork((b, maps) => {
    const padded = b.node("Pad", [maps, samePads(b, 1, 1), b.floats([], [fill])]);
    const more =
      op === "Conv"
        ? b.node("Conv", [padded, b.floats([5, 5, 3, 3])], { strides: [2, 2] })
        : b.node("MaxPool", [padded], { kernel_shape: [3, 3], strides: [2, 2] });
    const last = b.node("Pad", [b.node("Relu", [more]), b.ints(0, 0, 1, 1, 0, 0, 1, 1)]);
    const pooled = b.node("GlobalAveragePool", [b.node("Relu", [b.node("Conv", [last, b.floats([5, 5, 3, 3])])])]);
    return b.node("Gemm", [b.node("Flatten", [pooled]), b.floats([6, 5])], { transB: 1 });
  });

test("zeros around a convolution's input become its padding, and all stays the same", async () => {
  const graph = network(0);
  const folded = withFoldedPads(graph);
  assert.equal(folded.nodes.filter(({ opType }) => opType === "Pad").length, 0);
  const [{ name }] = graph.outputs;
  const dims = [2, 3, 8, 10];
  const [before, after] = [(await run(graph, images(2), dims))[name], (await run(folded, images(2), dims))[name]];
  before.data.forEach((value, i) => assert.ok(Math.abs(value - after.data[i]) < 1e-6));
});

test("padding by another number, or before a pooling, stays", () => {
  for (const graph of [network(1), network(0, "MaxPool")]) {
    assert.equal(withFoldedPads(graph).nodes.filter(({ opType }) => opType === "Pad").length, 1);
  }
});

test("a network whose last stride lies behind such padding gets finer maps", () => {
  const finer = withFinerMaps(network(0));
  const [own, fine] = [findGapHead(network(0)), findGapHead(finer)].map(({ featureMaps }) => featureMaps);
  assert.deepEqual([own.height, own.width], [2, 3]);
  assert.ok(Number(fine.height) >= 4 && Number(fine.width) >= 5, `${fine.height}×${fine.width}`);
});
