import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { createEngine } from "../../../../src/kernel-helpers/engines/create-engine.js";
import type { StateDict, StoredTensor } from "../../../../src/kernel-helpers/formats/weights/state-dict.js";
import { findGapHead } from "../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { makeGraph } from "../../../../src/kernel-helpers/graph/onnx/create-graph.js";
import { tensorDims, tensorFloats } from "../../../../src/kernel-helpers/graph/onnx/tensor.js";
import { buildNetwork } from "../../../../src/kernel-helpers/networks/architectures/build-network.js";
import { fitWeights } from "../../../../src/kernel-helpers/networks/architectures/fit-weights.js";
import { softmax } from "../../../../src/kernel-helpers/networks/softmax.js";
import { readNpy } from "../../../../src/kernel-helpers/support/files/npy.js";

const real = process.env.CAMLAB_REAL;

describe("real data: the authors' GoogLeNet-GAP classifier", { skip: !real }, () => {
  test("fits the head of googlenet-gap and gives their scores of their activations", async (t) => {
    const read = async (name: string) => {
      const { shape, data } = await readNpy(join(real!, "models/googlenet_cam_cached", name));
      return { shape, data: data as Float32Array };
    };
    const classifier = await read("classifier_1024x1000.npy");
    assert.deepEqual(classifier.shape, [1024, 1000]);
    const weight = Float32Array.from({ length: 1024 * 1000 }, (_, i) => {
      const [c, k] = [Math.floor(i / 1024), i % 1024];
      return classifier.data[k * 1000 + c];
    });
    const own = buildNetwork("googlenet-gap");
    const tensors = new Map<string, StoredTensor>(
      own.model.graph!.initializer.map((tensor) => [
        tensor.name,
        { dims: tensorDims(tensor), type: "float32", floats: () => tensorFloats(tensor) },
      ]),
    );
    tensors.set("CAM_fc.weight", { dims: [1000, 1024], type: "float32", floats: () => weight });
    const weights: StateDict = { tensors, notes: [] };
    const { graph } = fitWeights(weights, { architecture: "googlenet-gap" });
    const { featureMaps } = findGapHead(graph);
    assert.deepEqual([featureMaps.name, featureMaps.channels, featureMaps.height], ["CAM_conv_relu", 1024, 14]);
    const behind = graph.nodes.findIndex(({ output }) => output[0] === featureMaps.name) + 1;
    const head = makeGraph({
      inputs: [{ name: featureMaps.name, dims: ["N", 1024, 14, 14] }],
      outputs: [{ name: "CAM_fc", dims: ["N", 1000] }],
      nodes: graph.nodes.slice(behind),
      initializers: ["CAM_fc.weight", "CAM_fc.bias"].map((name) => graph.initializer(name)!),
    });
    const maps = await read("img1_activations_10x1024x14x14.npy");
    const expected = await read("img1_scores_10x1000.npy");
    using engine = await createEngine(head, { device: "cpu" });
    const { CAM_fc: logits } = await engine.run({ [featureMaps.name]: { dims: [10, 1024, 14, 14], data: maps.data } });
    let apart = 0;
    for (let crop = 0; crop < 10; crop++) {
      const scores = softmax(logits.data.subarray(crop * 1000, (crop + 1) * 1000));
      scores.forEach((score, c) => (apart = Math.max(apart, Math.abs(score - expected.data[crop * 1000 + c]))));
    }
    t.diagnostic(`scores apart by at most ${apart.toExponential(1)}`);
    assert.ok(apart <= 1e-3);
  });
});
