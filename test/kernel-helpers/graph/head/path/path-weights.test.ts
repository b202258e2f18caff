import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { classWeightsFor, pathResidualFor } from "../../../../../src/kernel-helpers/graph/head/class-weights.js";
import { findGapHead } from "../../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import { seededRandom } from "../../../../../src/kernel-helpers/support/random.js";
import { smallNetwork, SMALL, type Builder } from "../../build-graph.js";
import { gemm, layerNorm, one, pooled, relu } from "../tails.js";
import { cam } from "../../../../../src/kernel-helpers/cam/cam.js";
import { weightedMap } from "../../../../../src/kernel-helpers/cam/weighted-map.js";
import { Nodes } from "../../../../../src/kernel-helpers/graph/head/path/nodes.js";
import { Path } from "../../../../../src/kernel-helpers/graph/head/path/path.js";

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
  const steps = 8000;
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
  weights.forEach((w, k) => assert.ok(Math.abs(w - sum[k]) < 2e-4 * largest(weights), `${k}: ${w}, ${sum[k]}`));
});

describe("activations behind a normalisation of the path, against plain steps along it", () => {
  const HIDDEN = 40;
  // Plain steps lose more where a slope jumps.
  for (const [act, tolerance] of [
    ["HardSwish", 2e-5],
    ["Relu", 4e-4],
    ["Tanh", 2e-5],
    ["Mish", 2e-5],
    ["Elu", 1e-4],
  ] as const) {
    for (const [of, normalised] of [
      ["pooled features", (b: Builder, x: string) => gemm(b, layerNorm(b, x, K), HIDDEN)],
      ["a layer without a bias", (b: Builder, x: string) => layerNorm(b, withoutBias(b, x), HIDDEN)],
    ] as const) {
      test(`${act}, of ${of}`, () => {
        asPlainSteps((b, maps) => gemm(b, b.node(act, [normalised(b, pooled(b, maps))]), C, HIDDEN), tolerance);
      });
    }
  }

  for (const [of, layer] of [
    ["pooled features", (b: Builder, x: string) => gemm(b, x, HIDDEN)],
    ["a normalisation", (b: Builder, x: string) => gemm(b, layerNorm(b, x, K), HIDDEN)],
  ] as const) {
    for (const act of ["Relu", "Softplus", "Elu"]) {
      test(`${act} of ${of}, scaled and normalised again`, () => {
        asPlainSteps((b, maps) => {
          const units = b.node("Mul", [b.node(act, [layer(b, pooled(b, maps))]), b.floats([HIDDEN])]);
          return gemm(b, layerNorm(b, units, HIDDEN), C, HIDDEN);
        }, 4e-4);
      });
    }
  }

  function asPlainSteps(tail: (b: Builder, maps: string) => string, tolerance: number): void {
    const head = findGapHead(smallNetwork(tail, { opset: 18 }));
    assert.equal(head.form, "pool-then-network");
    // Steps that grow from where a normalisation bends.
    const ends = Array.from({ length: 4001 }, (_, i) => Math.sinh((i / 4000) * Math.asinh(1e3)) / 1e3);
    // The first class of a photo, and one that goes along the same path.
    for (const c of [2, 4]) {
      const weights = classWeightsFor(head, c, features);
      const sum = new Float64Array(K);
      for (let i = 0; i < 4000; i++) {
        const at = features.map((value) => (value * (ends[i] + ends[i + 1])) / 2);
        const gradient = classWeightsFor(head, c, at, { along: "gradient" });
        for (let k = 0; k < K; k++) sum[k] += gradient[k] * (ends[i + 1] - ends[i]);
      }
      const size = largest(weights);
      weights.forEach((w, k) => assert.ok(Math.abs(w - sum[k]) < tolerance * size, `${w}, ${sum[k]}`));
      assert.ok(Math.abs(pathResidualFor(head, c, features)) < 1e-5 * size);
    }
  }

  function withoutBias(b: Builder, x: string): string {
    return b.node("MatMul", [x, b.floats([K, HIDDEN])]);
  }
});

test("a map by the plain gradient is weighed by differences of the score, one channel at a time", () => {
  const head = findGapHead(
    smallNetwork((b, maps) => gemm(b, b.node("Tanh", [layerNorm(b, gemm(b, pooled(b, maps), 7), 7)]), C, 7), {
      opset: 17,
    }),
  );
  const { network } = head;
  assert.ok(network);
  const [c, step] = [3, 1e-3];
  const score = (of: Float32Array) => new Nodes(new Path(network, of), [1]).vector(network.scores)[c];
  const gradient = Float64Array.from(features, (value, k) => {
    const [more, less] = [features.slice(), features.slice()];
    more[k] = value + step;
    less[k] = value - step;
    return (score(more) - score(less)) / (more[k] - less[k]);
  });
  const featureMaps = { channels: K, height: 1, width: 2, data: Float32Array.from({ length: 2 * K }, random) };
  const source = { network: { head, classes: [..."abcdef"] }, featureMaps, features };
  const found = cam(source, c, { weights: "gradient" }).data;
  weightedMap(featureMaps, gradient).data.forEach((wanted, p) => assert.ok(Math.abs(found[p] - wanted) < 1e-4));
  assert.ok(
    cam(source, c).data.some((value, p) => Math.abs(value - found[p]) > 1e-2),
    "the path's weights are others",
  );
  assert.throws(() => cam(source, c, { weights: "slope" as "path" }), {
    name: "CamlabError",
    message: /path.*gradient/,
  });
});
