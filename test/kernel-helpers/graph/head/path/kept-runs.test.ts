import assert from "node:assert/strict";
import { test } from "node:test";
import { classWeightsFor, pathResidualFor } from "../../../../../src/kernel-helpers/graph/head/class-weights.js";
import { findGapHead } from "../../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { keptFor } from "../../../../../src/kernel-helpers/graph/head/path/kept-runs.js";
import { headOutputs } from "../../../../../src/kernel-helpers/graph/surgery/expose-head.js";
import { seededRandom } from "../../../../../src/kernel-helpers/support/random.js";
import { openGraph } from "../../../networks/open-small.js";
import { smallNetwork, SMALL, type Builder } from "../../build-graph.js";
import { gemm, layerNorm, pooled } from "../tails.js";

const { channels: K, classes: C } = SMALL;
const WIDE = 5000;

const TAILS: readonly (readonly [name: string, hidden: (b: Builder, maps: string) => string])[] = [
  ["a hidden layer", (b, maps) => gemm(b, pooled(b, maps), WIDE)],
  ["one behind a normalisation", (b, maps) => gemm(b, layerNorm(b, pooled(b, maps)), WIDE)],
  ["one that is normalised", (b, maps) => layerNorm(b, b.node("MatMul", [pooled(b, maps), b.floats([K, WIDE])]), WIDE)],
];

for (const [name, hidden] of TAILS) {
  test(`what runs computed of ${name} is kept for each photo, and weights are the same with it`, async () => {
    const graph = smallNetwork((b, maps) => gemm(b, b.node("HardSwish", [hidden(b, maps)]), C, WIDE), { opset: 17 });
    using network = await openGraph(graph);
    assert.equal(headOutputs(network.head).hidden.length, 1);
    const { width, height } = network.preprocessing;
    const random = seededRandom("kept");
    const batch = Float32Array.from({ length: 2 * 3 * width * height }, random);
    const { features } = await network.run(batch, 2);
    const unknown = findGapHead(graph);
    for (const photo of [0, 1]) {
      const own = features.slice(photo * K, (photo + 1) * K);
      assert.ok(network.head.network && keptFor(network.head.network, own));
      assert.ok(unknown.network && keptFor(unknown.network, own) === undefined);
      const [weights, plain] = [classWeightsFor(network.head, 1, own), classWeightsFor(unknown, 1, own)];
      const most = plain.reduce((largest, w) => Math.max(largest, Math.abs(w)), 0);
      weights.forEach((w, k) => assert.ok(Math.abs(w - plain[k]) < 1e-5 * most));
      assert.ok(Math.abs(pathResidualFor(network.head, 1, own)) < 1e-5 * most);
      const later = own.map((value) => value + 1e-3);
      assert.equal(keptFor(network.head.network, later), undefined, "other features were not run");
    }
    for (let run = 0; run < 4; run++)
      await network.run(
        batch.map((value) => value + run + 1),
        2,
      );
    assert.equal(keptFor(network.head.network!, features.slice(0, K)), undefined, "a few runs are kept, no more");
  });
}
