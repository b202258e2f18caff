import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Questioner } from "../../../../src/kernel-helpers/cam/ways/questions.js";
import type { Network } from "../../../../src/kernel-helpers/networks/network.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

describe("questions about a class", () => {
  const [INDEX, COUNT] = [3, 11];
  const random = seededRandom("questions");
  let network: Network;
  let inputs: Float32Array;
  let size: number;

  before(async () => {
    network = await openNetwork(undefined, { device: "cpu" });
    size = 3 * network.preprocessing.width * network.preprocessing.height;
    inputs = Float32Array.from({ length: COUNT * size }, () => 2 * random() - 1);
  });
  after(() => network.dispose());

  const partOf = (values: Float32Array, i: number) =>
    values.slice((i * values.length) / COUNT, ((i + 1) * values.length) / COUNT);
  const near = (found: Float32Array, expected: Float32Array) => {
    assert.equal(found.length, expected.length);
    const most = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    assert.ok(found.every((value, i) => Math.abs(value - expected[i]) <= 1e-4 * most));
  };

  test("more than one batch is answered as one after the other is, and every photo is counted", async () => {
    using questioner = new Questioner(network);
    const questions = questioner.of(INDEX, partOf(inputs, 0), network.preprocessing);
    const { scores } = await questions.answers(inputs, COUNT);
    assert.equal(questioner.passes, COUNT);
    for (const relu of [undefined, "guided", "deconvolution"] as const) {
      questioner.passes = 0;
      const gradients = await questions.inputGradients(inputs, COUNT, relu);
      assert.equal(questioner.passes, 3 * COUNT, "there and back");
      assert.equal(gradients.length, COUNT * size);
      for (const i of [0, 7, 8, 10])
        near(partOf(gradients, i), await questions.inputGradients(partOf(inputs, i), 1, relu));
    }
    for (const i of [0, 7, 8, 10]) {
      const { logits } = await network.run(partOf(inputs, i), 1);
      assert.ok(Math.abs(scores[i] - logits[INDEX]) < 1e-4);
    }
  });

  test("the three rules at ReLU are three gradients, and the class is the one that was asked about", async () => {
    using questioner = new Questioner(network);
    const one = partOf(inputs, 0);
    const questions = questioner.of(INDEX, one, network.preprocessing);
    const all = [
      await questions.inputGradients(one, 1),
      await questions.inputGradients(one, 1, "guided"),
      await questions.inputGradients(one, 1, "deconvolution"),
      await questioner.of(INDEX + 1, one, network.preprocessing).inputGradients(one, 1),
    ];
    all.forEach((a, i) => all.slice(i + 1).forEach((b) => assert.notDeepEqual(a, b)));
    // Along its gradient the score rises by its square.
    const step = 1e-3;
    const moved = one.map((value, i) => value + step * all[0][i]);
    const both = new Float32Array(2 * size);
    both.set(one);
    both.set(moved, size);
    const [before, beyond] = (await questions.answers(both, 2)).scores;
    const expected = step * all[0].reduce((sum, value) => sum + value * value, 0);
    assert.ok(Math.abs(beyond - before - expected) < 0.15 * expected + 1e-5, `${beyond - before} ${expected}`);
  });

  test("the gradient at the feature maps is computed once: of a GAP head the class weights over the places", async () => {
    using questioner = new Questioner(network);
    const questions = questioner.of(INDEX, partOf(inputs, 0), network.preprocessing);
    const { featureMaps } = await network.run(partOf(inputs, 0), 1);
    const first = await questions.mapGradients(featureMaps);
    assert.equal(await questions.mapGradients(featureMaps), first);
    assert.equal(questioner.passes, 0, "a GAP head's gradient is known");
    near((await questions.layers()).at(-1)!.gradients.data, first.data);
    const { channels, width, height, data } = first;
    const weights = network.head.weights.subarray(INDEX * channels, (INDEX + 1) * channels);
    assert.equal(data.length, channels * width * height);
    near(
      data,
      Float32Array.from(data, (_, i) => weights[Math.floor(i / (width * height))] / (width * height)),
    );
  });

  test("what was asked to stop is not asked of the network", async () => {
    using questioner = new Questioner(network);
    const stop = new AbortController();
    const questions = questioner.of(INDEX, partOf(inputs, 0), network.preprocessing, stop.signal);
    stop.abort();
    await assert.rejects(questions.answers(inputs, COUNT), { name: "AbortError" });
    await assert.rejects(questions.inputGradients(inputs, COUNT), { name: "AbortError" });
  });
});
