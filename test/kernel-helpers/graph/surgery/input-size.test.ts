import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { findGapHead } from "../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { withInputSize } from "../../../../src/kernel-helpers/graph/surgery/input-size.js";
import { readGraph } from "../../../../src/kernel-helpers/graph/onnx/read-graph.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { smallNetwork, images, run } from "../build-graph.js";

const small = fileURLToPath(new URL("../../../fixtures/engines/small-network.onnx", import.meta.url));

function pooled(op: string, attributes = {}) {
  return smallNetwork((builder, maps) => {
    const features = builder.node("Flatten", [builder.node(op, [maps], attributes)]);
    return builder.node("Gemm", [features, builder.floats([6, 5])], { transB: 1 });
  });
}

test("larger pictures give larger maps with the same weights; the own size gives the same numbers", async () => {
  const graph = pooled("GlobalAveragePool");
  const [{ name }] = graph.outputs;
  const same = withInputSize(graph, { width: 10, height: 8 });
  assert.deepEqual(await run(same, images(2), [2, 3, 8, 10]), await run(graph, images(2), [2, 3, 8, 10]));
  const large = withInputSize(graph, { width: 20, height: 16 });
  assert.match(findGapHead(large).summary, /5×8×10 → average/);
  const result = await run(large, new Float32Array(960).fill(0.5), [1, 3, 16, 20]);
  assert.deepEqual(result[name].dims, [1, 6]);
});

test("a window that is the whole map is widened with it; a network that is tied to its size says so", async () => {
  const window = pooled("AveragePool", { kernel_shape: [4, 5] });
  const large = withInputSize(window, { width: 20, height: 16 });
  const [{ name }] = large.outputs;
  const [found, global] = [large, withInputSize(pooled("GlobalAveragePool"), { width: 20, height: 16 })];
  const picture = images(4).subarray(0, 960);
  assert.deepEqual(
    (await run(found, picture, [1, 3, 16, 20]))[name],
    (await run(global, picture, [1, 3, 16, 20]))[global.outputs[0].name],
  );
  const tied = smallNetwork((builder, maps) => {
    const places = builder.node("Reshape", [maps, builder.ints(-1, 5, 20)]);
    const mean = builder.node("ReduceMean", [places], { axes: [2], keepdims: 0 });
    return builder.node("Gemm", [mean, builder.floats([6, 5])], { transB: 1 });
  });
  assert.throws(
    () => withInputSize(tied, { width: 20, height: 16 }),
    /cannot take pictures of 20×16: its head is tied/,
  );
  assert.throws(() => withInputSize(tied, { width: 1.5, height: 16 }), /invalid width: 1.5/);
});

test("openNetwork takes pictures of the size that is asked for", async () => {
  await assert.rejects(openNetwork(small, { size: 100_000 }), /invalid size: 100000 .*from 1 to 4096/);
  const graph = await readGraph(small);
  assert.deepEqual(graph.inputs[0].dims?.slice(2), [16, 24]);
  using large = await openNetwork(small, { device: "cpu", size: 64 });
  assert.match(large.head.summary, /8×16×16/);
  const { featureMaps } = await large.run(new Float32Array(3 * 64 * 64), 1);
  assert.deepEqual([featureMaps.height, featureMaps.width], [16, 16]);
  assert.deepEqual([large.preprocessing.width, large.preprocessing.resize], [64, { shorterSide: 72 }]);
});
