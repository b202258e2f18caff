import assert from "node:assert/strict";
import { test } from "node:test";
import { checkFinite } from "../../../src/kernel-helpers/networks/finite-outputs.js";
import { smallNetwork, SMALL } from "../graph/build-graph.js";
import { openGraph } from "./open-small.js";

test("maps, features and scores that are not finite name their layer and place, and only their own picture", async () => {
  const graph = smallNetwork((b, maps) => {
    const pooled = b.node("Flatten", [b.node("GlobalAveragePool", [b.node("Log", [maps])])]);
    return b.node("Gemm", [pooled, b.floats([SMALL.classes, SMALL.channels])], { transB: 1 });
  });
  using network = await openGraph(graph, { classes: [..."abcdef"] });
  const outputs = await network.run(new Float32Array(240).fill(1), 1);
  const pattern =
    /what the network computes of a\.jpg .*its feature maps "log_\d+" hold (NaN|-Infinity) \(channel \d, row \d, column \d\)/;
  assert.throws(() => checkFinite("a.jpg", network, outputs, 0, 1), { name: "CamlabError", message: pattern });

  const { channels: K, classes: C, height, width } = SMALL;
  const two = {
    featureMaps: { channels: K, height, width, data: new Float32Array(2 * K * height * width) },
    features: new Float32Array(2 * K),
    logits: new Float32Array(2 * C),
  };
  two.featureMaps.data[K * height * width + 3 * height * width + width + 2] = NaN;
  two.features[K + 1] = Infinity;
  two.logits[C + 2] = -Infinity;
  assert.doesNotThrow(() => checkFinite("b", network, two, 0, 2));
  assert.throws(() => checkFinite("b", network, two, 1, 2), /hold NaN \(channel 3, row 1, column 2\)/);
  two.featureMaps.data.fill(0);
  assert.throws(() => checkFinite("b", network, two, 1, 2), /its pooled features hold Infinity \(channel 1\)/);
  two.features.fill(0);
  assert.throws(() => checkFinite("b", network, two, 1, 2), /its scores "gemm_\d+" hold -Infinity \(c\)/);
});
