import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { extractFeatures } from "../../../src/kernel-helpers/features/extract-features.js";
import { openFeatureSource } from "../../../src/kernel-helpers/features/feature-source.js";
import { TEN_CROPS } from "../../../src/kernel-helpers/features/ten-crops.js";
import { look } from "../../../src/kernel-helpers/networks/look.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";
import type { Network } from "../../../src/kernel-helpers/networks/network.js";
import type { Progress } from "../../../src/kernel-helpers/support/progress.js";
import { rowOf } from "../../../src/kernel-helpers/support/matrix.js";
import { fakeNetwork } from "../networks/fake-network.js";
import { countingNetwork, drawPhotos, temporaryFolder } from "./photos.js";

describe("extractFeatures", () => {
  const folder = temporaryFolder();
  let files: string[];
  let network: Network;
  before(async () => {
    files = await drawPhotos(folder, 30);
    network = await openNetwork();
  });
  after(() => {
    network.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  test("gives what look gives, in order, for any batch size, through threads and without", async () => {
    const all = await extractFeatures(network, files, { cache: false, batchSize: 7 });
    assert.deepEqual(all.files, files);
    for (const row of [0, 6, 7, 29]) {
      const seen = await look(network, files[row]);
      assert.deepEqual(rowOf(all, row), seen.features);
    }
    const few = await extractFeatures(network, files.slice(0, 5), { cache: false, batchSize: 1 });
    assert.deepEqual(few.data, all.data.slice(0, 5 * all.columns));
  });

  test("crops to a region first, mirrors, and carries label, split and id", async () => {
    const region = { x: 3, y: 4, width: 20, height: 21 };
    const items = [
      { file: files[0], region, label: "a", split: "train", id: "one" },
      { file: files[0], flip: true },
      files[0],
    ];
    const table = await extractFeatures(network, items, { cache: false });
    assert.deepEqual(rowOf(table, 0), (await look(network, { file: files[0], region })).features);
    assert.deepEqual(rowOf(table, 1), (await look(network, { file: files[0], flip: true })).features);
    assert.notDeepEqual(rowOf(table, 0), rowOf(table, 2));
    assert.equal(table.pictures[0], items[0]);
    assert.equal(table.pictures[1], items[1]);
    assert.deepEqual(table.pictures[2], { file: files[0] });
  });

  test("pools by maxima, and pools other layers of the graph", async () => {
    const seen = await look(network, files[1]);
    const { channels, width, height, data } = seen.featureMaps;
    const area = width * height;
    const maxima = Array.from({ length: channels }, (_, k) => Math.max(...data.subarray(k * area, (k + 1) * area)));
    const max = await extractFeatures(network, [files[1]], { cache: false, pooling: "max" });
    assert.deepEqual(Array.from(max.data), maxima);

    // The pooled maps are a value of the graph too: taken as a layer, they are the features again.
    const layer = network.head.features!.name;
    const same = await extractFeatures(network, files, { cache: false, layer });
    assert.deepEqual(same.data, (await extractFeatures(network, files, { cache: false })).data);
    assert.equal(same.origin!.layer, layer);
    await assert.rejects(extractFeatures(network, files, { cache: false, layer: "none" }), /invalid layer: "none"/);
    // What is no map, one number a channel, is taken as it is.
    const { logits } = await look(network, files[2]);
    const scores = await extractFeatures(network, [files[2]], { cache: false, layer: network.head.logits.name });
    assert.deepEqual(Array.from(scores.data), Array.from(logits));
  });

  test("what threads run is the pooled output where pooling is the network's own, else the maps", async () => {
    using own = await openFeatureSource(network);
    using most = await openFeatureSource(network, undefined, "max");
    using last = await openFeatureSource(network, network.head.featureMaps.name);
    const { channels, name } = network.head.featureMaps;
    const models = await Promise.all([own, most, last].map(async (source) => source.model!()));
    assert.deepEqual(
      models.map(({ output, pooling, channels }) => [output === name, pooling, channels]),
      [
        [false, "average", channels],
        [true, "max", channels],
        [false, "average", channels],
      ],
    );
    await assert.rejects(openFeatureSource(network, undefined, "mean" as "max"), /invalid pooling: "mean"/);
  });

  test("ten crops: the row is the mean of the ten that it gives apart; the centre is in the middle", async () => {
    const apart = await extractFeatures(network, [files[2]], { cache: false, crops: "ten", cropRows: "apart" });
    assert.deepEqual(apart.crops, [...TEN_CROPS]);
    const mean = await extractFeatures(network, [files[2], files[3]], { cache: false, crops: "ten" });
    assert.deepEqual([mean.rows, mean.crops], [2, ["ten", "ten"]]);
    for (let k = 0; k < mean.columns; k++) {
      let sum = 0;
      for (let crop = 0; crop < 10; crop++) sum += apart.data[crop * mean.columns + k];
      assert.ok(Math.abs(mean.data[k] - sum / 10) <= 1e-5 * Math.max(1, Math.abs(sum)));
    }
    const plain = await extractFeatures(network, [{ file: files[2] }], { cache: false });
    assert.equal(plain.crops, undefined);
  });

  test("names bad images at the end, gives no row for them, and goes on", async () => {
    const bad = join(folder, "bad.jpg");
    writeFileSync(bad, "no picture");
    const seen: Progress[] = [];
    const items = [files[0], bad, ...files.slice(1, 28), { file: "gone.png", label: "x" }, files[28]];
    const table = await extractFeatures(network, items, { cache: false, onProgress: (event) => seen.push(event) });
    const good = await extractFeatures(network, files.slice(0, 29), { cache: false });
    assert.deepEqual(table.data, good.data);
    assert.deepEqual(table.files, good.files);
    assert.deepEqual(
      table.skipped.map(({ picture }) => picture),
      [{ file: bad }, { file: "gone.png", label: "x" }],
    );
    assert.equal(table.skipped[1].picture, items[29]);
    assert.match(table.skipped[0].error, /bad\.jpg.*not a JPEG/s);
    assert.deepEqual(
      seen.map(({ done, total }) => [done, total]),
      items.map((_, i) => [i + 1, items.length]),
    );
  });

  test("features that are not numbers are an error of the image, not a row", async () => {
    const { network: fake } = countingNetwork();
    const broken = { ...fake, run: (batch: Float32Array, count: number) => fake.run(batch.fill(NaN), count) };
    const table = await extractFeatures(broken, [files[0]], { cache: false });
    assert.equal(table.rows, 0);
    assert.match(table.skipped[0].error, /not numbers/);
    assert.equal(table.origin!.fingerprint, "a");
    const unknown = await extractFeatures({ ...fake, fingerprint: undefined }, [files[0]], { cache: folder });
    assert.ok(!("fingerprint" in unknown.origin!), "nothing is said of what is not known");
  });

  test("a CPU is given 4 pictures at once, a graphics card 32, unless it is said", async () => {
    const sizes = async (device: "cpu" | "webgpu" | "cuda", batchSize?: number) => {
      const counts: number[] = [];
      const fake = fakeNetwork(
        (red) => [red, 0, 0],
        (count) => counts.push(count),
      );
      const many = Array.from({ length: 33 }, (_, i) => files[i % files.length]);
      await extractFeatures({ ...fake, device }, many, { cache: false, batchSize });
      return counts;
    };
    assert.deepEqual(await sizes("cpu"), [4, 4, 4, 4, 4, 4, 4, 4, 1]);
    assert.deepEqual(await sizes("webgpu"), [32, 1]);
    assert.deepEqual(await sizes("cuda"), [32, 1]);
    assert.deepEqual(await sizes("cuda", 20), [20, 13]);
  });

  test("stopped before it began, it throws the reason, whatever there is to do", async () => {
    const { network: fake, ran } = countingNetwork();
    const signal = AbortSignal.abort(new Error("enough"));
    for (const given of [[], files]) {
      for (const cache of [false, folder])
        await assert.rejects(extractFeatures(fake, given, { cache, signal }), /enough/);
    }
    assert.equal(ran(), 0);
  });

  test("takes bytes and pixels, iterables of any kind, and nothing at all", async () => {
    const pixels = { width: 2, height: 2, data: new Uint8Array(12).fill(200) };
    async function* items() {
      yield* [files[0], pixels];
      await Promise.resolve();
    }
    const table = await extractFeatures(network, items(), { cache: false });
    assert.deepEqual(table.files, [files[0], "image"]);
    assert.deepEqual(rowOf(table, 1), (await look(network, pixels)).features);
    assert.equal((await extractFeatures(network, [], { cache: false })).rows, 0);
  });

  test("refuses options that cannot be used, in words", async () => {
    await assert.rejects(extractFeatures(network, "photo.jpg"), /invalid pictures: "photo\.jpg" \(expected a list/);
    await assert.rejects(extractFeatures(network, files, { pool: "max" } as object), /no option "pool"/);
    await assert.rejects(extractFeatures(network, files, { batchSize: 0 }), /invalid batchSize: 0/);
    await assert.rejects(extractFeatures(network, files, { pooling: "mean" as "max" }), /invalid pooling: "mean"/);
    await assert.rejects(extractFeatures(network, files, { crops: "five" as "ten" }), /invalid crops: "five"/);
  });
});
