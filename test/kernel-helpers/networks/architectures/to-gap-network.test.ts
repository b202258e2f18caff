import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createEngine } from "../../../../src/kernel-helpers/engines/create-engine.js";
import { findGapHead } from "../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { checkGraph } from "../../../../src/kernel-helpers/graph/onnx/check-graph.js";
import { countParameters } from "../../../../src/kernel-helpers/graph/list-layers.js";
import { tensorFloats } from "../../../../src/kernel-helpers/graph/onnx/tensor.js";
import { buildNetwork } from "../../../../src/kernel-helpers/networks/architectures/build-network.js";
import { toGapNetwork } from "../../../../src/kernel-helpers/networks/architectures/to-gap-network.js";

const alexnet = buildNetwork("alexnet-gap", { classes: 3, size: 99 });

describe("toGapNetwork", () => {
  it("makes of AlexNet cut after conv5 what the paper's AlexNet-GAP is", () => {
    const net = toGapNetwork(alexnet, { after: "conv5_relu", groups: 2, classes: 3 });
    assert.deepEqual(checkGraph(net), []);
    assert.equal(countParameters(net), countParameters(alexnet));
    const { featureMaps, pooling, logits } = findGapHead(net);
    assert.equal(featureMaps.name, "gap_maps");
    assert.deepEqual([featureMaps.channels, featureMaps.height, pooling, logits.classes], [1024, 5, "average", 3]);
    const kept = (graph: typeof net) => tensorFloats(graph.initializer("conv1.weight")!);
    assert.deepEqual(kept(net), kept(alexnet));
  });

  it("computes pooled maps times a classifier, without a convolution where none is wanted, for any batch", async () => {
    const net = toGapNetwork(alexnet, { after: "conv3", conv: 0, pooling: "max", classes: 2 });
    using engine = await createEngine(net, { device: "cpu" });
    const data = Float32Array.from({ length: 2 * 3 * 99 * 99 }, (_, i) => Math.sin(i));
    const [output] = Object.values(await engine.run({ image: { dims: [2, 3, 99, 99], data } }));
    assert.deepEqual(output.dims, [2, 2]);
    assert.equal(findGapHead(net).pooling, "max");
  });

  it("cuts a GAP network at its own maps unless told where", () => {
    assert.equal(findGapHead(toGapNetwork(alexnet, { classes: 5, conv: 64 })).featureMaps.channels, 64);
  });

  it("refuses layers that are not there or give no maps", () => {
    assert.throws(() => toGapNetwork(alexnet, { after: "conv6", classes: 2 }), /no layer called "conv6", did you mean/);
    assert.throws(() => toGapNetwork(alexnet, { after: "CAM_flat", classes: 2 }), /gives no maps/);
    assert.throws(() => toGapNetwork(alexnet, { classes: 2, groups: 3 }), /invalid groups/);
    assert.throws(() => toGapNetwork(alexnet, { classes: 0 }), /invalid classes/);
    for (const much of [{ classes: 1e12 }, { classes: 2, conv: 1e9 }])
      assert.throws(() => toGapNetwork(alexnet, much), /"gap_\w+\.weight" would be [\d×]+ numbers.*at most 2 GB/);
    assert.throws(() => buildNetwork("alexnet-gap", { classes: 1e10 }), /numbers: a network's take at most 2 GB/);
  });
});
