import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cam } from "../../../src/kernel-helpers/cam/cam.js";
import { cropMaps } from "../../../src/kernel-helpers/cam/crop-maps.js";
import { upsample } from "../../../src/kernel-helpers/cam/upsample.js";
import type { Image } from "../../../src/kernel-helpers/images/image.js";
import { look } from "../../../src/kernel-helpers/networks/look.js";
import { buildNetwork } from "../../../src/kernel-helpers/networks/architectures/build-network.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";
import { squashed } from "../images/squashed.js";
import { openGraph } from "../networks/open-small.js";

const SIDE = 56;
const preprocessing = squashed(SIDE, SIDE, [127.5, 127.5, 127.5], [127.5, 127.5, 127.5]);
const open = () => openGraph(buildNetwork("squeezenet1_1", { classes: 4, size: SIDE, seed: 3 }), { preprocessing });

function noise(side: number, seed: number): Image {
  const random = seededRandom(seed);
  return {
    width: side,
    height: side,
    data: Uint8Array.from({ length: side * side * 3 }, () => Math.floor(random() * 256)),
  };
}

function cut({ width, data }: Image, x: number, y: number, mirrored: boolean): Image {
  const pixels = new Uint8Array(SIDE * SIDE * 3);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const [column, row] = [i % SIDE, Math.floor(i / SIDE)];
    const from = ((y + row) * width + x + (mirrored ? SIDE - 1 - column : column)) * 3;
    pixels.set(data.subarray(from, from + 3), i * 3);
  }
  return { width: SIDE, height: SIDE, data: pixels };
}

describe("cropMaps", () => {
  it("lays the maps of ten crops where they lie, as the authors do and corrected for coverage", async () => {
    using network = await open();
    // 8/7 of the input, so that the frame is the picture itself.
    const picture = noise(64, 5);
    const sums = {
      authors: new Float64Array(64 * 64),
      signed: new Float64Array(64 * 64),
      count: new Float64Array(64 * 64),
    };
    let probability = 0;
    for (const [x, y] of [
      [0, 0],
      [8, 0],
      [0, 8],
      [8, 8],
      [4, 4],
    ]) {
      for (const mirrored of [false, true]) {
        const seen = await look(network, cut(picture, x, y, mirrored));
        probability += seen.probabilities[2] / 10;
        const { data } = upsample(cam(seen, 2), { width: SIDE, height: SIDE, method: "bicubic" });
        for (let i = 0; i < data.length; i++) {
          const [column, row] = [i % SIDE, Math.floor(i / SIDE)];
          const at = (y + row) * 64 + x + (mirrored ? SIDE - 1 - column : column);
          sums.authors[at] += Math.abs(data[i]);
          sums.signed[at] += data[i];
          sums.count[at]++;
        }
      }
    }
    const close = (found: Float32Array, wanted: Float64Array) => {
      const size = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      found.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) <= 1e-4 * size));
    };
    const authors = await cropMaps(network, picture, { merging: "authors", targets: [2] });
    close(authors.maps[0].data, sums.authors);
    const covered = await cropMaps(network, picture, { targets: [2] });
    close(
      covered.maps[0].data,
      sums.signed.map((value, i) => value / sums.count[i]),
    );
    assert.ok(Math.abs(authors.probabilities[2] - probability) < 1e-5);
    assert.equal(covered.maps[0].placement?.inputWidth, 64);
    assert.deepEqual([sums.count[0], sums.count[32 * 64 + 32]], [2, 10]);
  });

  it("of scale 1 are the map of the whole picture and its mirror image", async () => {
    using network = await open();
    const picture = noise(SIDE, 6);
    const { maps, top } = await cropMaps(network, picture, { crops: [1], targets: [0], top: 2 });
    const plain = upsample(cam(await look(network, picture), 0), { width: SIDE, height: SIDE, method: "bicubic" }).data;
    const other = upsample(cam(await look(network, cut(picture, 0, 0, true)), 0), {
      width: SIDE,
      height: SIDE,
      method: "bicubic",
    }).data;
    const size = Math.max(...plain.map(Math.abs));
    maps[0].data.forEach((value, i) => {
      const mirrored = i - (i % SIDE) + SIDE - 1 - (i % SIDE);
      assert.ok(Math.abs(value - (plain[i] + other[mirrored]) / 2) <= 1e-4 * size);
    });
    assert.equal(top.length, 2);
  });

  it("of several scales have the size of the largest frame, and a place is covered everywhere", async () => {
    using network = await open();
    const { maps } = await cropMaps(network, noise(100, 7), { crops: [1, 1.5], targets: [1] });
    assert.deepEqual([maps[0].width, maps[0].height], [84, 84]);
    assert.ok(maps[0].data.every(Number.isFinite));
  });

  it("refuses scales below 1, other words, unknown mergings", async () => {
    using network = await open();
    const picture = noise(SIDE, 8);
    await assert.rejects(cropMaps(network, picture, { crops: [0.5] }), /invalid scale: 0\.5/);
    await assert.rejects(cropMaps(network, picture, { crops: [] }), /invalid crops/);
    await assert.rejects(
      cropMaps(network, picture, { merging: "sum" as "authors" }),
      /invalid merging.*coverage or authors/,
    );
  });
});
