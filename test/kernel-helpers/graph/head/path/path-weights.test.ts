import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { classWeightsFor, pathResidualFor } from "../../../../../src/kernel-helpers/graph/head/class-weights.js";
import { findGapHead } from "../../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { seededRandom } from "../../../../../src/kernel-helpers/support/random.js";
import { smallNetwork, SMALL, type Builder } from "../../build-graph.js";
import { gemm, layerNorm, one, pooled, relu } from "../tails.js";

const { channels: K, classes: C } = SMALL;
const WIDE = 5000;
const random = seededRandom("path");
const features = Float32Array.from({ length: K }, () => 3 * random() - 1);

const largest = (weights: Float32Array) => weights.reduce((most, w) => Math.max(most, Math.abs(w)), 0);

describe("wide hidden layers, whose products are computed elsewhere", () => {
  for (const [name, tail, opset] of [
    ["one", (b: Builder, maps: string) => gemm(b, b.node("HardSwish", [gemm(b, pooled(b, maps), WIDE)]), C, WIDE), 14],
    [
      "one, normalised",
      (b: Builder, maps: string) => {
        const hidden = layerNorm(b, gemm(b, pooled(b, maps), WIDE), WIDE);
        return gemm(b, b.node("HardSwish", [hidden]), C, WIDE);
      },
      17,
    ],
  ] as const) {
    test(name, () => {
      const head = findGapHead(smallNetwork(tail, { opset }));
      for (const c of [2, 0]) {
        const weights = classWeightsFor(head, c, features);
        const most = weights.reduce((sum, w, k) => sum + Math.abs(w * features[k]), 0);
        assert.ok(Math.abs(pathResidualFor(head, c, features)) < 1e-6 * most);
        const again = classWeightsFor(head, c, features.slice());
        const size = largest(weights);
        weights.forEach((w, k) =>
          assert.ok(Math.abs(w - again[k]) < 1e-6 * size, "whether a class comes first changes nothing"),
        );
      }
    });
  }
});

test("weights are complete for features of any size", () => {
  const head = findGapHead(smallNetwork((b, maps) => gemm(b, relu(b, gemm(b, pooled(b, maps), 7)), C, 7)));
  for (const size of [0, 1e-9, 1e-4, 1, 1e4]) {
    const scaled = features.map((value) => value * size);
    assert.ok(classWeightsFor(head, 1, scaled).every(Number.isFinite));
    assert.ok(Math.abs(pathResidualFor(head, 1, scaled)) < 1e-6 * Math.max(1, size));
  }
});

test("two wide layers, normalised between, against plain steps along the path", () => {
  const head = findGapHead(
    smallNetwork(
      (b, maps) => {
        const hidden = relu(b, layerNorm(b, gemm(b, pooled(b, maps), 300), 300));
        return gemm(b, b.node("Tanh", [b.node("Mul", [gemm(b, hidden, 200, 300), one(b, 0.1)])]), C, 200);
      },
      { opset: 17 },
    ),
  );
  const weights = classWeightsFor(head, 2, features);
  const sum = new Float64Array(K);
  const steps = 4000;
  for (let i = 0; i < steps; i++) {
    const t = (i + 0.5) / steps;
    const gradient = classWeightsFor(
      head,
      2,
      features.map((value) => value * t),
      { along: "gradient" },
    );
    for (let k = 0; k < K; k++) sum[k] += gradient[k] / steps;
  }
  weights.forEach((w, k) => assert.ok(Math.abs(w - sum[k]) < 3e-4 * largest(weights), `${k}: ${w}, ${sum[k]}`));
});
