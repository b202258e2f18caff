// Weights of wide tails against a quadrature in double precision that is written out here, on the head's own matrices.
import assert from "node:assert/strict";
import { test } from "node:test";
import { classWeightsFor, pathResidualFor } from "../../../../../src/kernel-helpers/graph/head/class-weights.js";
import { findGapHead } from "../../../../../src/kernel-helpers/graph/head/find-gap-head.js";
import type { GapHead } from "../../../../../src/kernel-helpers/graph/head/gap-head.js";
import type { Multiplier } from "../../../../../src/kernel-helpers/graph/head/vectors.js";
import { seededRandom } from "../../../../../src/kernel-helpers/support/random.js";
import { smallNetwork, SMALL, type Builder } from "../../build-graph.js";
import { gemm, layerNorm, pooled } from "../tails.js";

const { channels: K, classes: C } = SMALL;
const WIDE = 5000;
const STEPS = 3000;
const random = seededRandom("plain quadrature");
const features = Float32Array.from({ length: K }, () => 2 * random());

const SLOPES: Readonly<Record<string, (x: number) => number>> = {
  HardSwish: (x) => (x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6),
  Relu: (x) => (x > 0 ? 1 : 0),
  Tanh: (x) => 1 - Math.tanh(x) ** 2,
  Softplus: (x) => 1 / (1 + Math.exp(-x)),
};

const numberAt = (factor: ArrayLike<number> | number | undefined, i: number) =>
  typeof factor === "object" ? factor[factor.length === 1 ? 0 : i] : (factor ?? 0);
const matrixOf = (by: Multiplier) => {
  assert.ok(by.kind === "dense");
  return by.data;
};

/** A hidden layer: its weights for a class, and the layer that it reads. */
function hiddenOf({ network }: GapHead, c: number) {
  assert.ok(network);
  const [{ atom, by }] = network.scores.terms;
  assert.ok(atom.kind === "activation");
  return { v: matrixOf(by).subarray(c * WIDE, (c + 1) * WIDE), of: atom.of };
}

/** Places and lengths of steps, close together near 0. */
const STEPS_ALONG = Array.from({ length: STEPS }, (_, i) => {
  const end = (j: number) => Math.sinh((j / STEPS) * Math.asinh(1e4)) / 1e4;
  return { t: (end(i) + end(i + 1)) / 2, length: end(i + 1) - end(i) };
});

function assertNear(head: GapHead, c: number, wanted: Float64Array): void {
  const weights = classWeightsFor(head, c, features);
  const size = wanted.reduce((most, w) => Math.max(most, Math.abs(w)), 0);
  weights.forEach((w, k) => assert.ok(Math.abs(w - wanted[k]) < 1e-4 * size, `${k}: ${w}, ${wanted[k]}`));
  assert.ok(Math.abs(pathResidualFor(head, c, features)) < 2e-6 * K * size);
}

for (const [name, slope] of Object.entries(SLOPES)) {
  test(`a wide hidden layer, ${name}`, () => {
    const tail = (b: Builder, maps: string) => gemm(b, b.node(name, [gemm(b, pooled(b, maps), WIDE)]), C, WIDE);
    const head = findGapHead(smallNetwork(tail, { opset: 14 }));
    for (const c of [1, 4]) {
      const { v, of } = hiddenOf(head, c);
      const matrix = matrixOf(of.terms[0].by);
      const wanted = new Float64Array(K);
      for (let j = 0; j < WIDE; j++) {
        let rise = 0;
        for (let k = 0; k < K; k++) rise += matrix[j * K + k] * features[k];
        let mean = 0;
        for (let i = 0; i < STEPS; i++) mean += slope(numberAt(of.bias, j) + ((i + 0.5) / STEPS) * rise) / STEPS;
        for (let k = 0; k < K; k++) wanted[k] += v[j] * mean * matrix[j * K + k];
      }
      assertNear(head, c, wanted);
    }
  });

  test(`a wide layer that is normalised, ${name}`, () => {
    const tail = (b: Builder, maps: string) => {
      const hidden = layerNorm(b, b.node("MatMul", [pooled(b, maps), b.floats([K, WIDE])]), WIDE);
      return gemm(b, b.node(name, [hidden]), C, WIDE);
    };
    const head = findGapHead(smallNetwork(tail, { opset: 17 }));
    const { v, of } = hiddenOf(head, 2);
    const [{ atom: norm, by: scale }] = of.terms;
    assert.ok(norm.kind === "norm" && scale.kind === "scale");
    const matrix = matrixOf(norm.of.terms[0].by);
    const rises = new Float64Array(WIDE);
    for (let j = 0; j < WIDE; j++) for (let k = 0; k < K; k++) rises[j] += matrix[j * K + k] * features[k];
    const mean = rises.reduce((a, b) => a + b, 0) / WIDE;
    const variance = rises.reduce((sum, x) => sum + (x - mean) ** 2, 0) / WIDE;
    const wanted = new Float64Array(K);
    const back = new Float64Array(WIDE);
    for (const { t, length } of STEPS_ALONG) {
      const deviation = Math.sqrt(t * t * variance + norm.epsilon);
      let [sum, along] = [0, 0];
      const gradient = new Float64Array(WIDE);
      for (let j = 0; j < WIDE; j++) {
        const z = (t * (rises[j] - mean)) / deviation;
        const g = v[j] * numberAt(scale.scale, j) * slope(numberAt(scale.scale, j) * z + numberAt(of.bias, j));
        gradient[j] = g;
        sum += g;
        along += g * z;
      }
      for (let j = 0; j < WIDE; j++) {
        const z = (t * (rises[j] - mean)) / deviation;
        back[j] += ((gradient[j] - sum / WIDE - (z * along) / WIDE) / deviation) * length;
      }
    }
    for (let j = 0; j < WIDE; j++) for (let k = 0; k < K; k++) wanted[k] += back[j] * matrix[j * K + k];
    assertNear(head, 2, wanted);
  });
}
