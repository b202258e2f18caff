import assert from "node:assert/strict";
import { test } from "node:test";
import { withInputSize } from "../../../../src/kernel-helpers/graph/surgery/input-size.js";
import { withOutputs } from "../../../../src/kernel-helpers/graph/surgery/cut-graph.js";
import { withOpenSides } from "../../../../src/kernel-helpers/graph/surgery/open-sides.js";
import { findGapHead } from "../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { images, run, smallNetwork } from "../build-graph.js";

const own = { width: 10, height: 8 };

function network(op: string, attributes = {}) {
  const graph = smallNetwork((builder, maps) => {
    const features = builder.node("Flatten", [builder.node(op, [maps], attributes)]);
    return builder.node("Gemm", [features, builder.floats([6, 5])], { transB: 1 });
  });
  const maps = findGapHead(graph).featureMaps.name;
  return { graph: withOutputs(graph, [maps, graph.outputs[0].name]), maps };
}

test("one graph takes pictures of any proportions and gives what a graph made for each size gives", async () => {
  for (const [op, attributes] of [
    ["GlobalAveragePool", {}],
    ["AveragePool", { kernel_shape: [4, 5] }],
  ] as const) {
    const { graph, maps } = network(op, attributes);
    const { graph: open, stride } = withOpenSides(graph, maps, own);
    assert.equal(stride, 2);
    for (const [height, width] of [
      [8, 10],
      [12, 6],
      [4, 20],
    ]) {
      const picture = images(8).subarray(0, 3 * height * width);
      const fixed = withInputSize(graph, { width, height });
      assert.deepEqual(
        await run(open, picture, [1, 3, height, width]),
        await run(fixed, picture, [1, 3, height, width]),
      );
    }
  }
});

test("a network that is tied to the size of its input says by what", () => {
  const tied = smallNetwork((builder, maps) => {
    const places = builder.node("Reshape", [maps, builder.ints(-1, 5, 20)]);
    const mean = builder.node("ReduceMean", [places], { axes: [2], keepdims: 0 });
    return builder.node("Gemm", [mean, builder.floats([6, 5])], { transB: 1 });
  });
  assert.throws(() => withOpenSides(tied, findGapHead(tied).featureMaps.name, own), /tied to the size of its input: /);
});
