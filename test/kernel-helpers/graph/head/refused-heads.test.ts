import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { findGapHead } from "../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { smallNetwork, SMALL, type Builder } from "../build-graph.js";

const { channels: K, classes: C, height: H, width: W } = SMALL;
const gemm = (b: Builder, value: string, outputs: number, inputs: number) =>
  b.node("Gemm", [value, b.floats([outputs, inputs])], { transB: 1 });
const pooled = (b: Builder, maps: string) => b.node("Flatten", [b.node("GlobalAveragePool", [maps])]);

describe("findGapHead refuses, and says why", () => {
  const refusals: readonly [string, RegExp, (b: Builder, maps: string) => string][] = [
    [
      "a tail like VGG's, told with its sizes",
      /\(Flatten\) lays out maps of 5×3×4 that are not pooled[\s\S]*MaxPool 5×3×4 → Flatten 60 → Gemm 7 → Relu → Gemm 6[\s\S]*bring-your-network/,
      (b, maps) => {
        const small = b.node("MaxPool", [maps], { kernel_shape: [2, 2] });
        return gemm(b, b.node("Relu", [gemm(b, b.node("Flatten", [small]), 7, K * 12)]), C, 7);
      },
    ],
    [
      "a linear layer on places that are not pooled",
      /\(Flatten\) lays out maps of 5×4×5 that are not pooled/,
      (b, maps) => gemm(b, b.node("Flatten", [maps]), C, K * H * W),
    ],
    [
      "a window smaller than the map",
      /pools windows of 2×2 on 4×5 maps, not the whole map/,
      (b, maps) => gemm(b, b.node("Flatten", [b.node("AveragePool", [maps], { kernel_shape: [2, 2] })]), C, K * 12),
    ],
    [
      "a mean over channels",
      /axes 1 of N×5×4×5 is no pooling of maps/,
      (b, maps) => b.node("ReduceMean", [maps], { axes: [1] }),
    ],
    [
      "a 3×3 convolution as SqueezeNet's classifier",
      /window of 3×3, where a classifier has 1×1/,
      (b, maps) => b.node("Softmax", [pooled(b, b.node("Conv", [maps, b.floats([C, K, 3, 3])]))]),
    ],
    [
      "a quantised operator, by its name",
      /com\.microsoft\.QLinearGlobalAveragePool\) computes in whole numbers: .*QDQ/,
      (b, maps) => b.node("Flatten", [b.node("QLinearGlobalAveragePool", [maps], {}, "com.microsoft")]),
    ],
  ];
  for (const [name, message, tail] of refusals) {
    test(name, () => {
      assert.throws(() => findGapHead(smallNetwork(tail)), { name: "CamlabError", message });
    });
  }
});

test("of several heads the first output's is taken, and the others are named", () => {
  const graph = smallNetwork((b, maps) => [
    b.node("Softmax", [gemm(b, pooled(b, maps), C, K)]),
    b.node("Identity", [maps]),
    gemm(b, b.node("ReduceMean", [b.node("Tanh", [maps])], { axes: [2, 3], keepdims: 0 }), 3, K),
  ]);
  const head = findGapHead(graph);
  assert.equal(head.logits.classes, C);
  assert.match(head.notes?.[0] ?? "", /passed over: gemm_\d+ \(GAP head: tanh_\d+ 5×4×5 → average → gemm_\d+ 3\)/);
});
