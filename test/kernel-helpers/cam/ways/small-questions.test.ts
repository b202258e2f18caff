// Questions to small networks: inputs of every batch, gradients that finite differences give.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { engineLike } from "../../../../src/kernel-helpers/cam/ways/engine-like.js";
import { inMapOrder, Questioner } from "../../../../src/kernel-helpers/cam/ways/questions.js";
import { seeInput } from "../../../../src/kernel-helpers/cam/ways/see-input.js";
import type { Looking } from "../../../../src/kernel-helpers/cam/ways/way.js";
import { weightsAsClass } from "../../../../src/kernel-helpers/cam/ways/weights-as-class.js";
import type { Image } from "../../../../src/kernel-helpers/images/image.js";
import type { Network } from "../../../../src/kernel-helpers/networks/network.js";
import { sigmoid } from "../../../../src/kernel-helpers/networks/sigmoid.js";
import { assertNear } from "../assert-near.js";
import { countingRuns } from "../../networks/counting-runs.js";
import { images, smallNetwork, SMALL, type Builder } from "../../graph/build-graph.js";
import { gemm, pooled, type Tail } from "../../graph/head/tails.js";
import { fakeNetwork } from "../../networks/fake-network.js";
import { openGraph, PLAIN } from "../../networks/open-small.js";

const SIZE = { width: PLAIN.width, height: PLAIN.height };
/** Behind a GAP head any maps have the same gradient. */
const MAPS = { ...SMALL, data: new Float32Array(SMALL.channels * SMALL.width * SMALL.height) };
const LENGTH = 3 * SIZE.width * SIZE.height;
const INDEX = 4;
const tail: Tail = (b, maps) => gemm(b, pooled(b, maps));
/** A head that is not linear. */
const bent: Tail = (b, maps) => b.node("Tanh", [gemm(b, pooled(b, maps), SMALL.classes, SMALL.channels)]);
const part = (values: Float32Array, i: number) => values.slice(i * LENGTH, (i + 1) * LENGTH);

/** ∂S_c/∂x at some pixels, by differences on both sides. */
async function slopes(network: Network, input: Float32Array, at: readonly number[]): Promise<number[]> {
  const step = 1e-2;
  const score = async (pixel: number, by: number) =>
    (
      await network.run(
        input.map((value, i) => value + (i === pixel ? by : 0)),
        1,
      )
    ).logits[INDEX];
  return Promise.all(at.map(async (i) => ((await score(i, step)) - (await score(i, -step))) / (2 * step)));
}

describe("questions to a small network", () => {
  const PIXELS = [0, 37, 113, 239];

  /** What the class's score wins with a pixel is what the gradients say. */
  const gradientsAreSlopes = async (network: Network, gradients: Float32Array) => {
    const found = PIXELS.map((p) => gradients[p]);
    assertNear(found, await slopes(network, images(1), PIXELS), 2e-3);
  };
  for (const batch of ["N", 1] as const) {
    test(`that takes ${batch === "N" ? "any number of photos" : "one photo"} at once`, async () => {
      using network = await openGraph(smallNetwork(tail, { batch }));
      using questioner = new Questioner(network);
      const inputs = images(9);
      const questions = questioner.of(INDEX, part(inputs, 0), SIZE);
      const { scores, probabilities } = await questions.answers(inputs, 9);
      const gradients = await questions.inputGradients(inputs, 9);
      assert.equal(questioner.passes, 9 + 27);
      assert.equal(gradients.length, 9 * LENGTH);
      const copies = { count: 9, write: (copy: number, to: Float32Array) => to.set(part(inputs, copy)) };
      assert.deepEqual(await questions.scoresOfCopies("nine", copies), scores);
      for (const i of [0, 7, 8]) {
        const { logits } = await network.run(part(inputs, i), 1);
        assertNear([scores[i]], [logits[INDEX]], 1e-5);
        const powers = logits.map(Math.exp);
        assertNear([probabilities[i]], [powers[INDEX] / powers.reduce((a, b) => a + b)], 1e-5);
        const own = part(gradients, i);
        assertNear(
          PIXELS.map((p) => own[p]),
          await slopes(network, part(inputs, i), PIXELS),
          2e-3,
        );
      }
      questioner.passes = 0;
      const { channels, width, height, data } = await questions.mapGradients(MAPS);
      assert.equal(questioner.passes, 0);
      assert.deepEqual([channels, width, height], [SMALL.channels, SMALL.width, SMALL.height]);
      assertNear(
        data,
        Float32Array.from(data, (_, i) => network.head.weights[INDEX * 5 + Math.floor(i / 20)] / 20),
        1e-6,
      );
    });
  }

  test("whose scores keep the axes of one place, and whose probabilities are sigmoids", async () => {
    const kept = (b: Builder, maps: string) =>
      b.node("Sigmoid", [
        b.node("Conv", [b.node("GlobalAveragePool", [maps]), b.floats([SMALL.classes, SMALL.channels, 1, 1])]),
      ]);
    using network = await openGraph(smallNetwork(kept));
    using questioner = new Questioner(network);
    const questions = questioner.of(INDEX, images(1), SIZE);
    const { scores, probabilities } = await questions.answers(images(1), 1);
    assertNear(probabilities, sigmoid(scores), 1e-6);
    await gradientsAreSlopes(network, await questions.inputGradients(images(1), 1));
  });

  test("that takes exactly three photos at once, and one that joins two poolings, say what they cannot", async () => {
    using three = await openGraph(smallNetwork(tail, { batch: 3 }));
    using asked = new Questioner(three);
    await assert.rejects(asked.of(0, images(1), SIZE).inputGradients(images(1), 1), {
      name: "CamlabError",
      message: "gradients of a network that takes exactly 3 photos at once are not known",
    });
    const joined: Tail = (b, maps) => {
      const both = b.node("Concat", [pooled(b, maps), pooled(b, maps, "GlobalMaxPool")], { axis: 1 });
      return gemm(b, both, SMALL.classes, 2 * SMALL.channels);
    };
    using network = await openGraph(smallNetwork(joined));
    using questioner = new Questioner(network);
    const questions = questioner.of(INDEX, images(1), SIZE);
    await assert.rejects(
      questions.mapGradients(MAPS),
      /^CamlabError: this way needs the gradient of one pooling, and the/,
    );
    await gradientsAreSlopes(network, await questions.inputGradients(images(1), 1));
  });

  test("opens a graph once for each rule, and what follows its maps, and closes it when it is disposed", async () => {
    using network = await openGraph(smallNetwork((b, maps) => bent(b, b.node("Relu", [maps]))));
    let opened = 0;
    const counting = {
      ...network,
      run: network.run.bind(network),
      graph: () => (opened++, network.graph!()),
    } as Network;
    const questioner = new Questioner(counting);
    const questions = questioner.of(INDEX, images(1), SIZE);
    for (const relu of [undefined, "guided", undefined, "guided", "deconvolution"] as const) {
      await questions.inputGradients(images(1), 1, relu);
    }
    assert.equal(opened, 3);
    await questions.mapGradients(MAPS);
    await questions.mapGradients(MAPS);
    await questioner.of(1, images(1), SIZE).mapGradients(MAPS);
    const ofEnd = opened;
    assert.ok(ofEnd > 3);
    questioner[Symbol.dispose]();
    await questions.inputGradients(images(1), 1);
    assert.equal(opened, ofEnd + 1);
    questioner[Symbol.dispose]();
  });

  test("a rule for ReLU is refused where there is none, for the picture would be the gradient's", async () => {
    using network = await openGraph(smallNetwork(tail));
    using questioner = new Questioner(network);
    const questions = questioner.of(INDEX, images(1), SIZE);
    for (const relu of ["guided", "deconvolution"] as const) {
      await assert.rejects(questions.inputGradients(images(1), 1, relu), {
        name: "CamlabError",
        message: /^there is no ReLU between "image" and .*: the (guided|deconvolution) rule would change nothing/,
      });
    }
  });

  test("copies of a photo are run once for every class and every weight vector, and again of another photo or name", async () => {
    using network = await openGraph(smallNetwork(tail));
    const counted = countingRuns(network);
    using questioner = new Questioner(counted.network);
    const [input, other] = [part(images(2), 0), part(images(2), 1)];
    const copies = (of: Float32Array) => ({
      count: 11,
      write: (copy: number, to: Float32Array) => to.set(of.map((value) => value * (copy / 10))),
    });
    const scoresOf = (index: number, of = input, name = "darker") =>
      questioner.of(index, of, SIZE).scoresOfCopies(name, copies(of));
    const [first, second] = [await scoresOf(INDEX), await scoresOf(1)];
    assert.deepEqual([counted.photos(), questioner.passes], [11, 11]);
    for (const copy of [0, 7, 10]) {
      const { logits } = await network.run(
        input.map((value) => value * (copy / 10)),
        1,
      );
      assertNear([first[copy], second[copy]], [logits[INDEX], logits[1]], 1e-5);
    }
    const seen = { ...(await network.run(input, 1)), network, logits: new Float32Array(SMALL.classes) };
    const weights = network.head.weights.subarray(SMALL.channels, 2 * SMALL.channels);
    const weighted = (by: Float32Array) =>
      weightsAsClass(questioner, by, { seen, input, size: SIZE } as unknown as Looking).network;
    const bias = second[0] - (await weighted(weights).scoresOfCopies("darker", copies(input)))[0];
    const own = await weighted(weights.map((value) => 3 * value)).scoresOfCopies("darker", copies(input));
    assertNear(
      own,
      second.map((score) => 3 * (score - bias)),
      1e-4,
    );
    assert.equal(counted.photos(), 22, "weight vectors share runs of their own");
    await scoresOf(INDEX, other);
    assert.equal(counted.photos(), 33);
    await scoresOf(INDEX, input, "another name");
    assert.equal(counted.photos(), 44);
  });

  test("scores of a network's file are those that it has, several photos at once", async () => {
    const graph = smallNetwork(tail);
    using network = await openGraph(graph);
    const { head } = network;
    const plain = { ...network, classes: [], head: { ...head, logits: { ...head.logits, classes: 0 } } };
    const copies = { count: 9, write: (copy: number, to: Float32Array) => to.set(part(images(9), copy)) };
    const ask = (one: Network, questioner = new Questioner(one)) =>
      questioner.of(INDEX, images(1), SIZE).scoresOfCopies("all", copies);
    assertNear(await ask({ ...plain, ownGraph: () => Promise.resolve(graph) }), await ask(network), 1e-5);
    await assert.rejects(ask(plain), /this way needs class scores, and the network has none/);
  });

  test("copies that failed are run again", async () => {
    using network = await openGraph(smallNetwork(tail));
    const counted = countingRuns(network);
    using questioner = new Questioner(counted.network);
    const copies = { count: 9, write: (_: number, to: Float32Array) => to.set(images(1)) };
    const input = images(1);
    const stop = new AbortController();
    const stopping = { ...copies, write: (copy: number, to: Float32Array) => (copies.write(copy, to), stop.abort()) };
    const stopped = questioner.of(0, input, SIZE, stop.signal).scoresOfCopies("same", stopping);
    await assert.rejects(stopped, { name: "AbortError" });
    assert.equal(counted.photos(), 8, "between batches");
    await questioner.of(1, input, SIZE).scoresOfCopies("same", copies);
    assert.equal(counted.photos(), 17);
  });

  test("is stopped between batches, before the network is asked again", async () => {
    const stop = new AbortController();
    let asked = 0;
    const network = fakeNetwork(
      () => [0, 0, 0],
      () => {
        asked++;
        stop.abort();
      },
    );
    const questions = new Questioner(network).of(0, new Float32Array(48), { width: 4, height: 4 }, stop.signal);
    await assert.rejects(questions.answers(new Float32Array(9 * 48), 9), { name: "AbortError" });
    assert.equal(asked, 1);
  });
});

test("a graph's engine is the network's own where that is ONNX Runtime, else its processor's", async () => {
  const graph = smallNetwork(tail);
  for (const device of ["cpu", "node"]) {
    const engine = await engineLike({ device, threads: 1 }, graph);
    const outputs = await engine.run({ image: { dims: [1, ...SMALL.image], data: images(1) } });
    assert.equal(Object.values(outputs)[0].data.length, SMALL.classes);
    engine.dispose();
  }
});

describe("a gradient in the order of the maps", () => {
  const numbers = (count: number) => Float32Array.from({ length: count }, (_, i) => i);
  const ordered = (dims: readonly number[], featureMaps: object) => {
    const count = dims.reduce((a, b) => a * b, 1);
    const found = inMapOrder({ dims, data: numbers(count) }, { featureMaps: { channels: 2, ...featureMaps } });
    return [found.channels, found.height, found.width, ...found.data];
  };

  test("without an axis of rows or of photos", () => {
    assert.deepEqual(ordered([2, 3], { layout: "CW" }), [2, 1, 3, 0, 1, 2, 3, 4, 5]);
    assert.deepEqual(ordered([3, 2], { layout: "HC" }), [2, 3, 1, 0, 2, 4, 1, 3, 5]);
    assert.deepEqual(ordered([1, 2, 2, 2], {}), [2, 2, 2, 0, 1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(ordered([2, 1, 2, 2], { layout: "HNWC" }), [2, 2, 2, 0, 2, 4, 6, 1, 3, 5, 7]);
  });

  test("of tokens in a grid of rows, or in one row where no grid is known", () => {
    const tokens = { first: 2, count: 6, order: "read" as const };
    assert.deepEqual(
      ordered([1, 6, 2], { layout: "NPC", height: 2, width: 2, tokens }),
      [2, 2, 2, 4, 6, 8, 10, 5, 7, 9, 11],
    );
    assert.deepEqual(ordered([1, 2, 3], { layout: "NCP", tokens: { ...tokens, first: 0, count: 3 } }), [
      ...[2, 1, 3, 0, 1, 2, 3, 4, 5],
    ]);
  });
});

test("the input is kept as the network takes it: region, flip and its own mean and deviation", async () => {
  const network = fakeNetwork((red, green, blue) => [red, green, blue]);
  const preprocessing = { ...network.preprocessing, mean: [1, 2, 3] as const, std: [2, 4, 8] as const };
  const picture: Image = { width: 6, height: 5, data: Uint8Array.from({ length: 90 }, (_, i) => (i * 7) % 251) };
  const region = { x: 1, y: 1, width: 4, height: 4 };
  const found = await seeInput({ ...network, preprocessing }, { file: picture, region, flip: true }, {});
  assert.deepEqual(found.size, { width: 4, height: 4 });
  const expected = Array.from({ length: 48 }, (_, i) => {
    const [x, y, c] = [i % 4, Math.floor(i / 4) % 4, Math.floor(i / 16)];
    return (picture.data[3 * ((1 + y) * 6 + 1 + (3 - x)) + c] - [1, 2, 3][c]) / [2, 4, 8][c];
  });
  assertNear(found.input, expected, 1e-5);
  const mean = (plane: number) => expected.slice(16 * plane, 16 * plane + 16).reduce((a, b) => a + b, 0) / 16;
  assertNear(found.seen.logits, [mean(0), mean(1), mean(2)], 1e-4);
});

test("a head that is not linear has the gradient of the photo's own maps, run alone or behind the whole network", async () => {
  const image = images(1);
  using network = await openGraph(smallNetwork(bent));
  using alone = new Questioner(network);
  const { featureMaps } = await network.run(image, 1);
  const ended = await alone.of(INDEX, image, SIZE).mapGradients(featureMaps);
  assert.equal(alone.passes, 0);
  using whole = new Questioner({ ...network, preprocessing: { ...network.preprocessing, fit: "whole" } });
  const full = await whole.of(INDEX, image, SIZE).mapGradients(featureMaps);
  assert.equal(whole.passes, 1);
  assertNear(ended.data, full.data, 1e-6);
  assert.ok(new Set(ended.data).size > 1);
});
