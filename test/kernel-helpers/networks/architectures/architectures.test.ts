import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { createEngine } from "../../../../src/kernel-helpers/engines/create-engine.js";
import { findGapHead } from "../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { checkGraph } from "../../../../src/kernel-helpers/graph/onnx/check-graph.js";
import type { Graph } from "../../../../src/kernel-helpers/graph/onnx/graph.js";
import { tensorFloats } from "../../../../src/kernel-helpers/graph/onnx/tensor.js";
import { buildNetwork } from "../../../../src/kernel-helpers/networks/architectures/build-network.js";
import {
  describeArchitecture,
  listArchitectures,
} from "../../../../src/kernel-helpers/networks/architectures/describe-architecture.js";
import { COMPARED, livelyNetwork } from "./lively-weights.js";

/** GoogLeNet without inception 5a, 5b and its classifier, with a GAP head. */
const GOOGLENET_GAP = 6_998_552 - 1_043_456 - 1_444_080 - 1_025_000 + (9 * 832 * 512 + 1024) + 1025 * 1000;

/**
 * Parameters as published (torchvision's documentation; Caffe's model zoo; the tables of the papers), and by hand for
 * the GAP versions: what is kept, + 9 · channels · 1024 / 2 + 1024 for the convolution, + 1025 · 1000.
 */
const PARAMETERS: Readonly<Record<string, number>> = {
  bvlc_alexnet: 60_965_224,
  vgg_ilsvrc_16: 138_357_544,
  bvlc_googlenet: 6_998_552,
  nin_imagenet: 7_595_176,
  "alexnet-gap": 34_944 + 307_456 + 885_120 + 663_936 + 442_624 + (9 * 256 * 512 + 1024) + 1025 * 1000,
  "alexnet-star-gap":
    34_944 +
    307_456 +
    885_120 +
    663_936 +
    (9 * 192 * 384 + 384) +
    (9 * 192 * 512 + 512) +
    (9 * 256 * 512 + 512) +
    513_000,
  "vggnet-gap": 14_714_688 + (9 * 512 * 512 + 1024) + 1025 * 1000,
  "googlenet-gap": GOOGLENET_GAP,
  "googlenet-gmp": GOOGLENET_GAP,
  alexnet: 61_100_840,
  vgg11: 132_863_336,
  vgg13: 133_047_848,
  vgg16: 138_357_544,
  vgg19: 143_667_240,
  vgg11_bn: 132_868_840,
  vgg13_bn: 133_053_736,
  vgg16_bn: 138_365_992,
  vgg19_bn: 143_678_248,
  resnet18: 11_689_512,
  resnet34: 21_797_672,
  resnet50: 25_557_032,
  resnet101: 44_549_160,
  resnet152: 60_192_808,
  googlenet: 6_624_904,
  mobilenet_v2: 3_504_872,
  densenet121: 7_978_856,
  squeezenet1_0: 1_248_424,
  squeezenet1_1: 1_235_496,
  efficientnet_b0: 5_288_548,
  efficientnet_lite0: 4_652_008,
  efficientnet_lite1: 5_416_680,
  efficientnet_lite2: 6_092_072,
  efficientnet_lite3: 8_197_096,
  efficientnet_lite4: 13_006_568,
};
/** Maps at the networks' own size: the paper's section 3.1, and strides of 32. */
const MAPS: Readonly<Record<string, string>> = {
  "alexnet-gap": "1024 13×13",
  "alexnet-star-gap": "512 11×11",
  "vggnet-gap": "1024 14×14",
  "googlenet-gap": "1024 14×14",
  "googlenet-gmp": "1024 14×14",
  bvlc_googlenet: "1024 7×7",
  nin_imagenet: "1000 6×6",
  resnet50: "2048 7×7",
  squeezenet1_0: "1000 13×13",
  efficientnet_lite2: "1280 9×9",
};

/** Billions of multiplications, as torchvision's documentation says, to the hundredth. */
const MACS: Readonly<Record<string, number>> = {
  alexnet: 0.71,
  vgg11: 7.61,
  vgg11_bn: 7.61,
  vgg13: 11.31,
  vgg13_bn: 11.31,
  vgg16: 15.47,
  vgg16_bn: 15.47,
  vgg19: 19.63,
  vgg19_bn: 19.63,
  resnet18: 1.81,
  resnet34: 3.66,
  resnet50: 4.09,
  resnet101: 7.8,
  resnet152: 11.51,
  googlenet: 1.5,
  mobilenet_v2: 0.3,
  densenet121: 2.83,
  squeezenet1_0: 0.82,
  squeezenet1_1: 0.35,
  efficientnet_b0: 0.39,
  // Caffe's model zoo and the papers; VGG-16 is torchvision's.
  bvlc_alexnet: 0.72,
  vgg_ilsvrc_16: 15.47,
  bvlc_googlenet: 1.58,
};
/** Millions, as the release of EfficientNet-Lite says: it counts additions of biases and activations as well. */
const LITE_MACS = [407, 631, 899, 1440, 2640];

async function scoresOf(graph: Graph): Promise<Float32Array> {
  const [, , height, width] = graph.inputs[0].dims as [string, number, number, number];
  const data = Float32Array.from({ length: 3 * height * width }, (_, i) => Math.sin(0.01 * i * i));
  using engine = await createEngine(graph, { device: "cpu", threads: 1 });
  const [output] = Object.values(await engine.run({ image: { dims: [1, 3, height, width], data } }));
  return output.data;
}

describe("architectures", () => {
  it("have as many parameters as was published, and multiplications, and maps", () => {
    assert.deepEqual(listArchitectures().sort(), Object.keys(PARAMETERS).sort());
    for (const [name, parameters] of Object.entries(PARAMETERS)) {
      const facts = describeArchitecture(name);
      assert.equal(facts.parameters, parameters, name);
      const { channels, width, height } = facts.maps;
      if (MAPS[name]) assert.equal(`${channels} ${width}×${height}`, MAPS[name], name);
      if (MACS[name]) assert.equal(Number((facts.macs / 1e9).toFixed(2)), MACS[name], name);
      const lite = LITE_MACS[Number(/^efficientnet_lite(\d)$/.exec(name)?.[1])];
      if (lite) assert.ok(facts.macs / 1e6 < lite && facts.macs / 1e6 > 0.94 * lite, `${name}: ${facts.macs}`);
    }
  });

  const golden = JSON.parse(readFileSync(join(import.meta.dirname, "golden.json"), "utf8")) as Record<string, number[]>;
  for (const name of Object.keys(COMPARED)) {
    it(`${name} gives the scores that PyTorch gives with the same weights`, async () => {
      const scores = await scoresOf(livelyNetwork(name));
      const size = Math.max(...golden[name].map(Math.abs));
      assert.equal(scores.length, golden[name].length);
      scores.forEach((score, i) =>
        assert.ok(Math.abs(score - golden[name][i]) <= 1e-5 * size, `${score} ${golden[name][i]}`),
      );
    });
  }

  it("have heads that are found, and graphs without a fault", () => {
    for (const name of ["googlenet-gap", "googlenet-gmp", "nin_imagenet", "squeezenet1_1", "efficientnet_lite0"]) {
      const net = buildNetwork(name, { classes: 7, size: 96 });
      assert.deepEqual(checkGraph(net), []);
      assert.equal(findGapHead(net).logits.classes, 7);
    }
    assert.equal(findGapHead(buildNetwork("googlenet-gmp", { classes: 3 })).pooling, "max");
  });

  it("have the same weights from the same seed, and others from another", () => {
    const weights = (seed: number) =>
      tensorFloats(buildNetwork("squeezenet1_1", { seed }).initializer("features.0.weight")!);
    assert.deepEqual(weights(1), weights(1));
    assert.notDeepEqual(weights(1), weights(2));
    const filters = weights(3);
    const deviation = Math.sqrt(filters.reduce((sum, value) => sum + value * value, 0) / filters.length);
    assert.ok(Math.abs(deviation / Math.sqrt(2 / 27) - 1) < 0.05, "He's rule");
  });

  it("refuse unknown names, and sizes that they do not take", () => {
    assert.throws(() => buildNetwork("resnet19"), /no architecture is called "resnet19", did you mean resnet18/);
    assert.throws(() => buildNetwork("vgg16", { size: 320 }), /maps of 7×7, this input gives 10×10.*toGapNetwork/);
    assert.throws(() => buildNetwork("resnet18", { size: 0 }), /invalid size.width/);
    assert.throws(() => buildNetwork("squeezenet1_0", { size: 8 }), /too small/);
  });
});
