// What extraction hands on and what it asks, of a network that costs nothing.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { engineVectors } from "../../../src/kernel-helpers/features/engine-vectors.js";
import type { Engine } from "../../../src/kernel-helpers/engines/engine.js";
import {
  EXTRACT_OPTIONS,
  extractFeatures,
  extractOptionsIn,
} from "../../../src/kernel-helpers/features/extract-features.js";
import { openFeatureSource } from "../../../src/kernel-helpers/features/feature-source.js";
import type { Image } from "../../../src/kernel-helpers/images/image.js";
import type { Network } from "../../../src/kernel-helpers/networks/network.js";
import type { Progress } from "../../../src/kernel-helpers/support/progress.js";
import { packageVersion } from "../../../src/kernel-helpers/support/package-root.js";
import { plain } from "../networks/fake-network.js";
import { countingNetwork, drawPhotos, temporaryFolder } from "./photos.js";

describe("a table of features says what it is made of", () => {
  const picture = plain(10, 20, 30, 4, 4);

  test("all that is known of the network, and nothing of what is not", async () => {
    const { network } = countingNetwork("print");
    const known = await extractFeatures({ ...network, weights: "w", notes: ["a note"] }, [picture], { cache: false });
    const { preprocessing, ...origin } = known.origin!;
    assert.deepEqual(origin, {
      ...{ software: `camlab ${packageVersion()}`, network: "fake", fingerprint: "print", weights: "w" },
      ...{ size: { width: 4, height: 4 }, layer: "maps", pooling: "average" },
    });
    assert.match(preprocessing, /4/);
    assert.deepEqual([known.notes, known.cacheNotes, known.shard], [["a note"], [], undefined]);
    const { network: other } = countingNetwork();
    const bare = await extractFeatures({ ...other, fingerprint: undefined }, [picture], {
      cache: false,
      pooling: "max",
    });
    assert.deepEqual(Object.keys(bare.origin!).sort(), [
      "layer",
      "network",
      "pooling",
      "preprocessing",
      "size",
      "software",
    ]);
    assert.equal(bare.origin!.pooling, "max");
  });

  test("a part of the pictures knows which, and the parts are the whole", async () => {
    const { network } = countingNetwork();
    const pictures = [1, 2, 3, 4, 5].map((value) => ({ file: plain(value, 0, 0, 4, 4), id: `${value}` }));
    const of = (index: number) => extractFeatures(network, pictures, { cache: false, shard: { index, of: 2 } });
    const [one, two] = [await of(1), await of(2)];
    assert.deepEqual(
      [...one.pictures, ...two.pictures].map(({ id }) => id),
      ["1", "2", "3", "4", "5"],
    );
    assert.deepEqual([one.shard!.index, two.shard!.index, one.shard!.of, one.shard!.pictures], [1, 2, 2, 5]);
    assert.equal(one.shard!.list, two.shard!.list);
    assert.equal(one.pictures[0], pictures[0]);
  });

  test("progress is told after each picture, in its own words", async () => {
    const { network } = countingNetwork();
    const told: Progress[] = [];
    await extractFeatures(network, [picture, picture], { cache: false, onProgress: (event) => told.push(event) });
    assert.deepEqual(
      told.map(({ label, done, total }) => `${label} ${done}/${total}`),
      ["extracting features 1/2", "extracting features 2/2"],
    );
  });

  test("a network that gives too few numbers is named", async () => {
    const { network } = countingNetwork();
    const short: Network["run"] = async (batch, count, size) => {
      const outputs = await network.run(batch, count, size);
      return { ...outputs, features: outputs.features.subarray(1) };
    };
    await assert.rejects(extractFeatures({ ...network, run: short }, [picture, picture], { cache: false }), {
      name: "CamlabError",
      message: "the network gave 3 features for 2 images (expected 2 an image)",
    });
  });

  test("ten crops of a picture that is seen whole there are none; another layer needs the file", async () => {
    const { network } = countingNetwork();
    const whole = { ...network, view: "whole" } as unknown as Network;
    await assert.rejects(extractFeatures(whole, [picture], { cache: false, crops: "ten" }), /invalid crops: "ten"/);
    await assert.rejects(openFeatureSource(network, "relu1"), {
      message:
        "cannot take features of the layer relu1: fake was not opened from a file, and only its last feature maps can be read",
    });
    const source = await openFeatureSource(network, "maps", "max");
    assert.deepEqual([source.layer, source.pooling, source.channels, "model" in source], ["maps", "max", 2, false]);
    const batch = Float32Array.from({ length: 48 }, (_, i) => i);
    assert.deepEqual([...(await source.run(batch, 1))], [15, 31]);
    assert.deepEqual([...(await (await openFeatureSource(network)).run(batch, 1))], [7.5, 23.5]);
  });

  test("options for extraction are picked out of others", () => {
    const given = { pooling: "max", cache: false, threads: 3, signal: undefined } as const;
    const picked = extractOptionsIn(given);
    assert.deepEqual(Object.keys(picked).sort(), [...EXTRACT_OPTIONS].sort());
    assert.deepEqual([picked.pooling, picked.cache, "threads" in picked], ["max", false, false]);
  });
});

describe("what is kept of pictures in files", () => {
  const folder = temporaryFolder();
  let files: string[];
  let next = 0;
  const freshCache = () => join(folder, `cache-${next++}`);
  before(async () => {
    files = await drawPhotos(join(folder, "photos"), 3, 8, 6);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("more than 64 of them are looked up in their order", async () => {
    const { network, ran } = countingNetwork();
    const many = Array.from({ length: 130 }, (_, i) => files[(i * i) % 3]);
    const cache = freshCache();
    const first = await extractFeatures(network, many, { cache });
    const before = ran();
    const told: number[] = [];
    const again = await extractFeatures(network, many, { cache, onProgress: ({ done }) => told.push(done) });
    assert.deepEqual([again.data, ran()], [first.data, before]);
    assert.deepEqual(
      told,
      Array.from({ length: 130 }, (_, i) => i + 1),
    );
  });

  test("a row whose picture changes its region is made anew beside one that is known", async () => {
    const { network, ran } = countingNetwork();
    const cache = freshCache();
    const region = { x: 1, y: 1, width: 4, height: 4 };
    await extractFeatures(network, [files[0]], { cache });
    const mixed = await extractFeatures(network, [{ file: files[1] }, files[0], { file: files[0], region }], { cache });
    assert.equal(ran(), 3);
    const plain = await extractFeatures(network, [{ file: files[1] }, files[0], { file: files[0], region }], {
      cache: false,
    });
    assert.deepEqual(mixed.data, plain.data);
  });

  test("pictures in memory are kept by their pixels, never by a name", async () => {
    const { network, ran } = countingNetwork();
    const cache = freshCache();
    const image = (value: number): Image => ({ width: 4, height: 4, data: new Uint8Array(48).fill(value) });
    await extractFeatures(network, [image(1), image(2)], { cache });
    await extractFeatures(network, [image(2), image(3)], { cache });
    assert.equal(ran(), 3);
  });
});

describe("vectors from an engine", () => {
  /** An engine whose output is each picture's sums, or maps of them; it takes this many at once. */
  const engineOf = (perRun: number | string, asMaps: boolean, asked: number[][]): Engine =>
    ({
      inputs: [{ name: "in", dims: [perRun, 3, 1, 2] }],
      run: ({ in: { dims, data } }: Record<"in", { dims: number[]; data: Float32Array }>) => {
        asked.push([...dims]);
        const size = data.length / dims[0];
        const values = Array.from({ length: dims[0] }, (_, i) => {
          const sum = data.subarray(i * size, (i + 1) * size).reduce((a, b) => a + b, 0);
          return asMaps ? [sum, 3 * sum, -sum, -3 * sum] : [sum, -sum];
        });
        return Promise.resolve({ out: { dims: [], data: Float32Array.from(values.flat()) } });
      },
    }) as unknown as Engine;
  const how = { output: "out", width: 2, height: 1, channels: 2, pooling: "average" } as const;
  const batch = Float32Array.from({ length: 5 * 6 }, (_, i) => Math.floor(i / 6) + 1);

  test("are asked for as many at once as the graph takes, the last run filled up with zeros", async () => {
    for (const [perRun, runs] of [
      ["N", [5]],
      [2, [2, 2, 2]],
      [5, [5]],
      [8, [8]],
    ] as const) {
      const asked: number[][] = [];
      const vectors = await engineVectors(engineOf(perRun, false, asked), how)(batch, 5);
      assert.deepEqual([...vectors], [6, -6, 12, -12, 18, -18, 24, -24, 30, -30], String(perRun));
      assert.deepEqual(
        asked,
        runs.map((images) => [images, 3, 1, 2]),
      );
    }
  });

  test("are pooled where maps come out, of pictures of any size", async () => {
    const asked: number[][] = [];
    const run = engineVectors(engineOf("N", true, asked), { ...how, width: 9, height: 9 });
    assert.deepEqual([...(await run(batch, 5, { width: 2, height: 1 }))].slice(0, 4), [12, -12, 24, -24]);
    assert.deepEqual(asked, [[5, 3, 1, 2]]);
    const most = engineVectors(engineOf("N", true, asked), { ...how, pooling: "max" });
    assert.deepEqual([...(await most(batch, 1))], [18, -6]);
  });
});
