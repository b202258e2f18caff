// Networks of half precision, of quantised weights and numbers, and of a single place, looked at in every way.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { lookWays, type WayMap } from "../../../../src/kernel-helpers/cam/ways/look-ways.js";
import { Questioner } from "../../../../src/kernel-helpers/cam/ways/questions.js";
import type { Graph } from "../../../../src/kernel-helpers/graph/onnx/graph.js";
import type { Image } from "../../../../src/kernel-helpers/images/image.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { SMALL, smallNetwork, type Builder } from "../../graph/build-graph.js";
import { gemm, pooled, relu } from "../../graph/head/tails.js";
import { halved } from "../../graph/half.js";
import { openGraph, PLAIN } from "../../networks/open-small.js";

const random = seededRandom("photo");
const PHOTO: Image = {
  ...{ width: PLAIN.width, height: PLAIN.height },
  data: Uint8Array.from({ length: 3 * PLAIN.width * PLAIN.height }, () => 256 * random()),
};
const WAYS = ["cam", "contrast", "grad-cam", "grad-cam++", "layer-cam", "refine-cam", "saliency", "guided-backprop"];

/** A second convolution, so that there are maps of two sizes: 4 × 5, and the last of 2 × 3. */
const second = (b: Builder, maps: string, weights: string) =>
  relu(b, b.node("Conv", [maps, weights], { strides: [2, 2], pads: [1, 1, 1, 1] }));
const plain = (b: Builder, maps: string) =>
  gemm(b, pooled(b, second(b, maps, b.floats([SMALL.channels, SMALL.channels, 3, 3]))));

/** The same, its second filters and the maps before and behind them in eight bits. */
const eightBits = (b: Builder, maps: string) => {
  const through = (value: string, scale: number, zero: number) => {
    const parameters = [b.floats([], [scale]), b.constant([], Uint8Array.of(zero))];
    return b.node("DequantizeLinear", [b.node("QuantizeLinear", [value, ...parameters]), ...parameters]);
  };
  const stored = Int8Array.from({ length: SMALL.channels ** 2 * 9 }, () => 2 * 127 * b.random() - 127);
  const filters = b.node("DequantizeLinear", [
    b.constant([SMALL.channels, SMALL.channels, 3, 3], stored),
    b.floats([], [1 / 127]),
    b.constant([], Int8Array.of(0)),
  ]);
  return gemm(b, pooled(b, through(second(b, through(maps, 0.05, 90), filters), 0.05, 0)));
};

async function lookedAt(graph: Graph): Promise<{ maps: readonly WayMap[]; notes: readonly string[] }> {
  using network = await openGraph(graph);
  return await lookWays(network, PHOTO, { ways: WAYS, classes: [2] });
}

/** The largest difference, as a share of the largest value. */
function difference({ map: a }: WayMap, { map: b }: WayMap): number {
  assert.deepEqual([a.width, a.height], [b.width, b.height]);
  const most = b.data.reduce((peak, value) => Math.max(peak, Math.abs(value)), 0);
  assert.ok(most > 0);
  return a.data.reduce((peak, value, i) => Math.max(peak, Math.abs(value - b.data[i])), 0) / most;
}

test("half precision: every way gives the map of the network of single precision", async () => {
  const [half, single] = [await lookedAt(halved(smallNetwork(plain))), await lookedAt(smallNetwork(plain))];
  assert.deepEqual([half.notes, half.maps.length], [[], WAYS.length]);
  half.maps.forEach((map, i) => assert.ok(difference(map, single.maps[i]) < 0.02, map.way));
});

describe("eight bits", () => {
  test("every way gives a map, and rising by the gradient raises the score", async () => {
    const graph = smallNetwork(eightBits);
    const { maps, notes } = await lookedAt(graph);
    assert.deepEqual([notes, maps.length], [[], WAYS.length]);
    for (const { way, map } of maps)
      assert.ok(
        map.data.some((value) => value > 0),
        way,
      );
    using network = await openGraph(graph);
    using questioner = new Questioner(network);
    const input = Float32Array.from(PHOTO.data, (value) => (value - 127.5) / 127.5);
    const questions = questioner.of(2, input, PLAIN);
    const gradient = await questions.inputGradients(input, 1);
    const slope = gradient.reduce((sum, value) => sum + value * value, 0);
    const step = 0.5 / Math.sqrt(slope);
    const [down, up] = await Promise.all(
      [-step, step].map((by) =>
        questions.answers(
          input.map((value, i) => value + by * gradient[i]),
          1,
        ),
      ),
    );
    // Rounding makes steps of the way up, which is as steep as the gradient says.
    assert.ok(Math.abs((up.scores[0] - down.scores[0]) / (2 * step * slope) - 1) < 0.3);
  });

  test("filters are no maps, nor are whole numbers", async () => {
    using network = await openGraph(smallNetwork(eightBits));
    using questioner = new Questioner(network);
    const layers = await questioner.of(2, new Float32Array(3 * 80), PLAIN).layers();
    assert.deepEqual(
      layers.map(({ maps: { channels, width, height } }) => [channels, width, height]),
      [
        [SMALL.channels, 5, 4],
        [SMALL.channels, 3, 2],
      ],
    );
  });
});

test("a single place says nothing: ways of the last maps are left out, those of pixels and of earlier layers are not", async () => {
  const single = (b: Builder, maps: string) => {
    const weights = b.floats([SMALL.channels, SMALL.channels, SMALL.height, SMALL.width]);
    return gemm(b, pooled(b, relu(b, b.node("Conv", [maps, weights]))));
  };
  const { maps, notes } = await lookedAt(smallNetwork(single));
  assert.deepEqual(
    maps.map(({ way }) => way),
    ["refine-cam", "saliency", "guided-backprop"],
  );
  assert.equal(notes.length, 5);
  for (const note of notes) assert.match(note, /is left out: nothing can be localized: .* 5×1×1/);
});
