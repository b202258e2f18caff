import assert from "node:assert/strict";
import { test } from "node:test";
import { cam, cams } from "../../../src/kernel-helpers/cam/cam.js";
import { weightedMap } from "../../../src/kernel-helpers/cam/weighted-map.js";
import { scoreOffsetFor } from "../../../src/kernel-helpers/graph/head/class-weights.js";
import { mean, randomNumbers, randomSource } from "./cam-source.js";

const NAMES = ["cat", "dog", "bird"];

function near(actual: number, expected: number, tolerance = 1e-5): void {
  assert.ok(Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected)), `${actual} is not ${expected}`);
}

test("a map by hand: two channels of 1×2, weights 2 and −1", () => {
  const featureMaps = { channels: 2, height: 1, width: 2, data: Float32Array.of(1, 2, 10, 20) };
  assert.deepEqual(weightedMap(featureMaps, [2, -1]), { width: 2, height: 1, data: Float32Array.of(-8, -16) });
});

test("each place holds Σ_k w_k f_k(x, y), for channel counts that are and are not multiples of four", () => {
  for (const channels of [1, 3, 4, 6, 9]) {
    const data = randomNumbers(channels * 6, 3);
    const weights = randomNumbers(channels, 4);
    const map = weightedMap({ channels, height: 2, width: 3, data }, weights);
    for (let p = 0; p < 6; p++) {
      near(
        map.data[p],
        weights.reduce((sum, w, k) => sum + w * data[k * 6 + p], 0),
      );
    }
  }
});

test("the sum identity: mean(M_c) + b_c is the class score", () => {
  const bias = randomNumbers(3, 5);
  const source = randomSource([37, 5, 8], NAMES, { bias });
  const { weights } = source.network.head;
  for (let c = 0; c < 3; c++) {
    const score = source.features.reduce((sum, f, k) => sum + f * weights[c * 37 + k], bias[c]);
    near(mean(cam(source, c).data) + bias[c], score);
  }
});

test("with a layer normalisation before the classifier, mean(M_c) + its offset is the class score", () => {
  const bias = randomNumbers(13, 5);
  const normalisation = { kind: "layer" as const, epsilon: 1e-3 };
  const source = randomSource([13, 4, 6], NAMES, { bias, normalisation });
  const { head } = source.network;
  const middle = mean(source.features);
  const deviation = Math.sqrt(mean(source.features.map((f) => (f - middle) ** 2)) + 1e-3);
  for (let c = 0; c < 3; c++) {
    let score = bias[c];
    source.features.forEach((f, k) => {
      score += (head.weights[c * 13 + k] * (f - middle)) / deviation;
    });
    near(mean(cam(source, c).data) + scoreOffsetFor(head, c, source.features), score);
  }
});

test("a maximum-pooled head's map has the same formula", () => {
  const average = randomSource([8, 3, 3], NAMES);
  const maximum = randomSource([8, 3, 3], NAMES, { pooling: "max" });
  assert.deepEqual(cam(maximum, "dog"), cam(average, "dog"));
});

test("classify, then pool: w·f + b before the activation; its rectified mean is the score", () => {
  const bias = Float32Array.of(0.1, -0.2, 0.3);
  const form = "classify-then-pool" as const;
  const source = randomSource([8, 4, 5], NAMES, { form, bias, activation: { kind: "relu" } });
  const plain = weightedMap(source.featureMaps, source.network.head.weights.subarray(8, 16));
  const before = cam(source, 1);
  before.data.forEach((value, p) => near(value, plain.data[p] - 0.2));
  assert.ok(before.data.some((value) => value < 0));
  assert.deepEqual(
    cam(source, 1, { activation: "after" }).data,
    before.data.map((value) => Math.max(0, value)),
  );
  const leaky = randomSource([8, 4, 5], NAMES, { form, bias, activation: { kind: "leaky-relu", slope: 0.5 } });
  assert.deepEqual(
    cam(leaky, 1, { activation: "after" }).data,
    before.data.map((value) => (value < 0 ? value / 2 : value)),
  );
  assert.deepEqual(cam(randomSource([8, 4, 5], NAMES, { form, bias }), 1, { activation: "after" }).data, before.data);
});

test("classes and probes may be mixed; labels and the placement travel along", () => {
  const placement = {
    ...{ scaleX: 2, scaleY: 2, offsetX: 0, offsetY: 0 },
    ...{ imageWidth: 2, imageHeight: 2, inputWidth: 4, inputHeight: 4 },
  };
  const source = { ...randomSource([2, 2, 2], NAMES), placement };
  const maps = cams(source, ["BIRD", 0, [1, 0]]);
  assert.deepEqual(
    maps.map(({ label }) => label),
    ["bird", "cat", undefined],
  );
  assert.ok(maps.every((map) => map.placement === placement));
  assert.deepEqual(maps[2].data, source.featureMaps.data.slice(0, 4));
  assert.equal(cam(source, [0, 1], { label: "text" }).label, "text");
});

test("weights that do not fit, NaN weights, foreign feature maps and short data are refused by name", () => {
  const source = randomSource([4, 2, 2], NAMES);
  assert.throws(() => cam(source, [1, 2]), /invalid weights: "2 numbers" \(expected 4, one for each channel/);
  assert.throws(() => cam(source, [1, 2, NaN, 4]), /invalid weight of channel 2: NaN \(expected a finite number\)/);
  assert.throws(() => cam(source, Float32Array.of(1, 2, 3, Infinity)), /invalid weight of channel 3: Infinity/);
  assert.throws(() => cam(source, 3), /invalid class: 3 \(expected an index from 0 to 2, or a name\)/);
  assert.throws(() => cam(source, 0, { activation: "during" as "after" }), /invalid activation: "during"/);
  const foreign = { ...source, featureMaps: { ...source.featureMaps, channels: 2, width: 4 } };
  assert.throws(
    () => cam(foreign, 0),
    /weighs 4 channels, but the feature maps have 2: they are not of the same network/,
  );
  const short = { ...source, featureMaps: { ...source.featureMaps, width: 3 } };
  assert.throws(() => cam(short, 0), /feature maps of 4×2×3 should hold 24 numbers, not 16/);
});

test("maps of one place and one channel are maps, maps of none are not; every weight is looked at", () => {
  const one = { channels: 1, height: 1, width: 1, data: Float32Array.of(3) };
  assert.deepEqual([...weightedMap(one, [-2]).data], [-6]);
  assert.throws(() => weightedMap(one, [NaN]), /invalid weight of channel 0: NaN/);
  const none = { channels: 0, height: 2, width: 2, data: new Float32Array(0) };
  assert.throws(() => weightedMap(none, []), /feature maps of 0×2×2 should hold 0 numbers, not 0/);
});
