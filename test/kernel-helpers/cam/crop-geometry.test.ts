// Crops of a network that sees each pixel by itself: whatever the crops, the picture itself comes back.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { cropMaps, type CropMapsOptions } from "../../../src/kernel-helpers/cam/crop-maps.js";
import type { Image } from "../../../src/kernel-helpers/images/image.js";
import type { Network } from "../../../src/kernel-helpers/networks/network.js";
import { softmax } from "../../../src/kernel-helpers/networks/softmax.js";
import { sigmoid } from "../../../src/kernel-helpers/networks/sigmoid.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";
import { assertNear } from "./assert-near.js";
import { squashed } from "../images/squashed.js";
import { fakeNetwork } from "../networks/fake-network.js";

const [RED, GREEN] = [2, -3];

/** Its map of class 1 is 2 · red − 3 · green of each pixel; its logits are the means of the colours. */
function pixelNetwork(width: number, height: number, probabilities?: "sigmoid"): Network & { batches: number[] } {
  const base = fakeNetwork(() => []);
  const area = width * height;
  const batches: number[] = [];
  const run: Network["run"] = (batch, count) => {
    batches.push(count);
    const data = new Float32Array(count * 2 * area);
    const logits: number[] = [];
    for (let i = 0; i < count; i++) {
      data.set(batch.subarray(3 * i * area, (3 * i + 2) * area), 2 * i * area);
      for (const c of [0, 1, 2]) {
        const plane = batch.subarray((3 * i + c) * area, (3 * i + c + 1) * area);
        logits.push(plane.reduce((a, b) => a + b, 0) / area / 100);
      }
    }
    const featureMaps = { channels: 2, width, height, data };
    const features = new Float32Array(2 * count);
    return Promise.resolve({ featureMaps, features, logits: Float32Array.from(logits) });
  };
  const head = { ...base.head, weights: Float32Array.of(0, 0, RED, GREEN, 1, 1) };
  const preprocessing = squashed(width, height);
  return { ...base, card: { ...base.card, probabilities }, head, preprocessing, run, batches };
}

function noise(width: number, height: number): Image {
  const random = seededRandom("crops");
  return { width, height, data: Uint8Array.from({ length: 3 * width * height }, () => Math.floor(random() * 256)) };
}

const valuesOf = ({ data }: Image) =>
  Array.from({ length: data.length / 3 }, (_, p) => RED * data[3 * p] + GREEN * data[3 * p + 1]);
const near = (found: ArrayLike<number>, expected: ArrayLike<number>, within = 1e-2) =>
  assertNear(found, expected, within);

/** How many of the windows that begin at these places cover a place. */
const covering = (starts: readonly number[], window: number, at: number) =>
  starts.filter((start) => at >= start && at < start + window).length;

describe("crops of a network that sees each pixel by itself", () => {
  const plans: readonly {
    readonly crops: CropMapsOptions["crops"];
    readonly frame: readonly [number, number];
    readonly columns: readonly number[];
    readonly rows: readonly number[];
  }[] = [
    { crops: [1], frame: [6, 4], columns: [0], rows: [0] },
    { crops: [1.3], frame: [8, 5], columns: [0, 2], rows: [0, 1] },
    { crops: [1.75], frame: [11, 7], columns: [0, 3, 5], rows: [0, 2, 3] },
    { crops: [1.5], frame: [9, 6], columns: [0, 3], rows: [0, 2] },
    { crops: [2], frame: [12, 8], columns: [0, 3, 6], rows: [0, 2, 4] },
    { crops: [2.5], frame: [15, 10], columns: [0, 3, 6, 9], rows: [0, 2, 4, 6] },
    { crops: [8], frame: [48, 32], columns: Array.from({ length: 15 }, (_, i) => 3 * i), rows: [] },
  ];
  for (const { crops, frame, columns, rows } of plans) {
    const [width, height] = frame;
    test(`at scale ${String(crops)} they lie on a grid, each over half of its neighbour`, async () => {
      const network = pixelNetwork(6, 4);
      const picture = noise(width, height);
      const covered = await cropMaps(network, picture, { crops, targets: [1] });
      const [map] = covered.maps;
      assert.deepEqual([map.width, map.height, map.label], [width, height, "b"]);
      const { imageWidth, imageHeight, inputWidth, inputHeight } = map.placement!;
      assert.deepEqual([imageWidth, imageHeight, inputWidth, inputHeight], [width, height, width, height]);
      near(map.data, valuesOf(picture));
      if (rows.length === 0) return;
      assert.deepEqual(network.batches, Array<number>(columns.length * rows.length).fill(2));
      const summed = await cropMaps(network, picture, { crops, targets: [1], merging: "authors" });
      near(
        summed.maps[0].data,
        valuesOf(picture).map((value, p) => {
          const crops = covering(columns, 6, p % width) * covering(rows, 4, Math.floor(p / width));
          return 2 * crops * Math.abs(value);
        }),
      );
    });
  }

  test("the ten of the authors: four corners and the centre, plain and mirrored, of a frame of 8/7", async () => {
    const network = pixelNetwork(14, 7);
    const picture = noise(16, 8);
    near((await cropMaps(network, picture, { targets: [1] })).maps[0].data, valuesOf(picture));
    const { maps } = await cropMaps(network, picture, { crops: "ten", targets: [1], merging: "authors" });
    near(
      maps[0].data,
      valuesOf(picture).map((value, p) => {
        const [x, y] = [p % 16, Math.floor(p / 16)];
        const starts: readonly (readonly [number, number])[] = [
          [0, 0],
          [2, 0],
          [0, 1],
          [2, 1],
          [1, 0],
        ];
        const crops = starts.filter(([left, top]) => x >= left && x < left + 14 && y >= top && y < top + 7);
        return 2 * crops.length * Math.abs(value);
      }),
    );
  });

  test("probabilities are the mean over crops of softmax, or of sigmoid where the card says so", async () => {
    const large = noise(9, 7);
    const region = { x: 2, y: 1, width: 6, height: 4 };
    const planes = Float32Array.from({ length: 3 * 24 }, (_, i) => {
      const [x, y, c] = [2 + (i % 6), 1 + (Math.floor(i / 6) % 4), Math.floor(i / 24)];
      return large.data[3 * (y * 9 + x) + c];
    });
    for (const [how, activation] of [
      [undefined, softmax],
      ["sigmoid", sigmoid],
    ] as const) {
      const network = pixelNetwork(6, 4, how);
      const { probabilities, top } = await cropMaps(network, { file: large, region }, { crops: [1], top: 2 });
      const { logits } = await network.run(planes, 1);
      near(probabilities, activation(logits), 1e-6);
      const order = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
      assert.deepEqual(
        top,
        order.slice(0, 2).map((index) => ({ index, name: network.classes[index], probability: probabilities[index] })),
      );
    }
  });

  test("unless told otherwise the five most probable are mapped, equal ones by their index", async () => {
    const network = pixelNetwork(4, 4);
    const grey: Image = { width: 4, height: 4, data: new Uint8Array(48).fill(90) };
    const { maps, top } = await cropMaps(network, grey, { crops: [1] });
    assert.deepEqual(
      [top.map(({ index }) => index), maps.map(({ label }) => label)],
      [
        [0, 1, 2],
        ["a", "b", "c"],
      ],
    );
    const single = await cropMaps(network, grey, { crops: [1], top: 1 });
    assert.deepEqual([single.top.length, single.maps.length], [1, 1]);
  });

  test("of several scales each weighs alike, stretched to the largest frame", async () => {
    const network = pixelNetwork(4, 4);
    // Left half 10, right half 20: the smaller frame's edge is soft when it is stretched.
    const picture: Image = { width: 8, height: 8, data: new Uint8Array(192) };
    for (let p = 0; p < 64; p++) picture.data.fill(p % 8 < 4 ? 10 : 20, 3 * p, 3 * p + 3);
    for (const crops of [
      [1, 2],
      [2, 1],
    ]) {
      const { maps } = await cropMaps(network, picture, { crops, targets: [1] });
      assert.deepEqual([maps[0].width, maps[0].height, maps[0].placement!.inputWidth], [8, 8, 8]);
      const row = [...maps[0].data.subarray(0, 8)];
      // The smaller frame sees 10, 11, 19, 20, which becomes 10, 10.25, 10.75, 13 …; each the mean with the sharp one.
      near(row, [-10, -10.125, -10.375, -11.5, -18.5, -19.625, -19.875, -20], 1e-4);
    }
  });

  test("only what is of scale 1 to 8 is looked at, and it can be stopped", async () => {
    const network = pixelNetwork(4, 4);
    const picture = noise(4, 4);
    for (const scale of [0.99, 8.01, NaN]) {
      await assert.rejects(cropMaps(network, picture, { crops: [scale] }), /invalid scale: .*1 ≤ s ≤ 8/);
    }
    await assert.rejects(cropMaps(network, picture, { top: 0 }), /invalid top: 0/);
    await assert.rejects(cropMaps(network, picture, { method: "area" as "bicubic" }), /invalid method: "area"/);
    await assert.rejects(cropMaps(network, picture, { crops: "nine" as "ten" }), /invalid crops: "nine"/);
    await assert.rejects(cropMaps(network, picture, { crop: [1] } as object), /cropMaps has no option "crop"/);
    await assert.rejects(
      cropMaps(Promise.resolve(network) as never, picture),
      /cropMaps needs a network, not a promise/,
    );
    await assert.rejects(cropMaps(network, [picture] as never), /cropMaps takes one picture/);
    assert.deepEqual(network.batches, []);
    const stop = new AbortController();
    const stopping = {
      ...network,
      run: (...given: Parameters<Network["run"]>) => (stop.abort(), network.run(...given)),
    };
    await assert.rejects(cropMaps(stopping, picture, { signal: stop.signal }), { name: "AbortError" });
    assert.equal(network.batches.length, 1);
  });
});
