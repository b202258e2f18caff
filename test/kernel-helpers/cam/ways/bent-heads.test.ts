// Ablation-CAM and Shapley-CAM behind heads that are not linear, by runs of what follows the maps.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { lookWays } from "../../../../src/kernel-helpers/cam/ways/look-ways.js";
import { weightedMap } from "../../../../src/kernel-helpers/cam/weighted-map.js";
import type { Image } from "../../../../src/kernel-helpers/images/image.js";
import type { Network } from "../../../../src/kernel-helpers/networks/network.js";
import { softmax } from "../../../../src/kernel-helpers/networks/softmax.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { assertNear } from "../assert-near.js";
import { SMALL, smallNetwork } from "../../graph/build-graph.js";
import { gemm, pooled, type Tail } from "../../graph/head/tails.js";
import { openGraph } from "../../networks/open-small.js";

const random = seededRandom("bent heads");
const PHOTO: Image = { width: 10, height: 8, data: Uint8Array.from({ length: 240 }, () => 256 * random()) };
const WAYS = ["ablation-cam", "shapley-cam"];
const INDEX = 2;
const linear: Tail = (b, maps) => gemm(b, pooled(b, maps));
const bent: Tail = (b, maps) => b.node("Tanh", [gemm(b, pooled(b, maps), SMALL.classes, SMALL.channels)]);
const { channels, classes } = SMALL;

/** The scores of the bent head, of any features, by the weights of the linear one. */
async function oracle(): Promise<{ F: number[]; scoresOf: (F: readonly number[]) => number[] }> {
  using network = await openGraph(smallNetwork(linear));
  const { seen } = await lookWays(network, PHOTO, { ways: ["cam"] });
  const F = Array.from(seen.features);
  const dot = (j: number, of: readonly number[]) =>
    of.reduce((sum, value, k) => sum + network.head.weights[j * channels + k] * value, 0);
  const offsets = Array.from(seen.logits, (score, j) => score - dot(j, F));
  return { F, scoresOf: (of) => offsets.map((offset, j) => Math.tanh(offset + dot(j, of))) };
}

describe("behind a head that is not linear", () => {
  const mapsOf = async (network: Network) => {
    const { seen, maps, notes } = await lookWays(network, PHOTO, { ways: WAYS, classes: [INDEX] });
    assert.deepEqual(notes, []);
    const expected = (weights: readonly number[]) =>
      weightedMap(seen.featureMaps, weights).data.map((value) => Math.max(0, value));
    return { expected, data: maps.map(({ map }) => map.data), passes: maps.map(({ passes }) => passes) };
  };

  test("Ablation-CAM is what the score loses without each map", async () => {
    const { F, scoresOf } = await oracle();
    using network = await openGraph(smallNetwork(bent));
    const score = scoresOf(F)[INDEX];
    const drops = F.map((_, k) => score - scoresOf(F.map((value, i) => (i === k ? 0 : value)))[INDEX]);
    const { data, expected, passes } = await mapsOf(network);
    const wanted = expected(drops.map((drop) => drop / score));
    assert.ok(Math.max(...wanted) > 1e-3);
    assertNear(data[0], wanted, 1e-4);
    assert.deepEqual(passes, [0, 0]);
  });

  for (const kind of ["softmax", "sigmoid"] as const) {
    test(`Shapley-CAM is the gain's gradient less half its Hessian, probabilities by ${kind}`, async () => {
      const { F, scoresOf } = await oracle();
      const gain = (of: readonly number[]) => {
        const scores = Float32Array.from(scoresOf(of));
        const p = kind === "softmax" ? softmax(scores)[INDEX] : 1 / (1 + Math.exp(-scoresOf(of)[INDEX]));
        const exact = kind === "sigmoid" ? p : probability(scoresOf(of));
        return scoresOf(of)[INDEX] + Math.log(exact);
      };
      const slope = (of: readonly number[], k: number, step = 1e-4) => {
        const at = (by: number) => gain(of.map((value, i) => (i === k ? value + by : value)));
        return (at(step) - at(-step)) / (2 * step);
      };
      const scaled = (by: number) => F.map((value) => by * value);
      const weights = F.map(
        (_, k) => slope(F, k) - (slope(scaled(1.001), k) - slope(scaled(0.999), k)) / (2 * 2 * 0.001),
      );
      using network = await openGraph(smallNetwork(bent), kind === "sigmoid" ? { probabilities: "sigmoid" } : {});
      const { data, expected } = await mapsOf(network);
      const wanted = expected(weights.map((weight) => weight / (SMALL.width * SMALL.height)));
      const largest = Math.max(...wanted);
      assert.ok(largest > 1e-4);
      wanted.forEach((value, p) => assert.ok(Math.abs(data[1][p] - value) < 2e-3 * largest, `${p}`));
    });
  }

  test("maps that are classified before they are pooled have the maps of the same head the other way round", async () => {
    const before: Tail = (b, maps) => {
      const weights = b.floats([classes, channels, 1, 1]);
      return b.node("Flatten", [b.node("GlobalAveragePool", [b.node("Conv", [maps, weights])])]);
    };
    const after: Tail = (b, maps) => {
      const weights = b.floats([classes, channels, 1, 1]);
      return b.node("Flatten", [b.node("Conv", [b.node("GlobalAveragePool", [maps]), weights])]);
    };
    const [first, second] = await Promise.all(
      [before, after].map(async (tail) => {
        using network = await openGraph(smallNetwork(tail));
        return { form: network.head.form, data: (await mapsOf(network)).data };
      }),
    );
    assert.deepEqual([first.form, second.form], ["classify-then-pool", "pool-then-classify"]);
    first.data.forEach((data, i) => {
      const largest = Math.max(...second.data[i]);
      data.forEach((value, p) => assert.ok(Math.abs(value - second.data[i][p]) < 2e-3 * largest, `${WAYS[i]} ${p}`));
    });
  });
});

function probability(scores: readonly number[]): number {
  const powers = scores.map(Math.exp);
  return powers[INDEX] / powers.reduce((a, b) => a + b, 0);
}
