import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import type { Worker } from "node:worker_threads";
import { extractFeatures } from "../../../../src/kernel-helpers/features/extract-features.js";
import { type FeatureSource, openFeatureSource } from "../../../../src/kernel-helpers/features/feature-source.js";
import type { BatchRunner } from "../../../../src/kernel-helpers/features/run/batch-runner.js";
import { openBatchRunner } from "../../../../src/kernel-helpers/features/run/open-batch-runner.js";
import { readGraph } from "../../../../src/kernel-helpers/graph/onnx/read-graph.js";
import type { Network } from "../../../../src/kernel-helpers/networks/network.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";
import { drawPhotos, temporaryFolder } from "../photos.js";

const MANY = 1000;

describe("what runs the network on batches", () => {
  const cores = os.availableParallelism;
  const folder = temporaryFolder();
  let network: Network;
  before(async () => {
    withCores(() => 2);
    network = await openNetwork();
  });
  after(() => {
    withCores(cores);
    network.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  test("threads give what the calling thread gives, bit for bit: pooled by mean or maximum, of the last layer or another", async () => {
    for (const [layer, pooling] of [[], [undefined, "max"], [await middleLayer(network), "average"]] as const) {
      using source = await openFeatureSource(network, layer, pooling);
      for (const parallel of [2, 6]) {
        withCores(() => parallel);
        await withRunner(network, source, async (runner) => {
          assert.equal(runner.isElsewhere, true);
          const counts = [4, 3, 4, 1, 4];
          const results = await Promise.all(counts.map((count, i) => runner.run(inputs(network, 4, i), count)));
          for (const [i, { vectors, batch }] of results.entries()) {
            assert.deepEqual(vectors, (await source.run(inputs(network, 4, i), counts[i])).slice());
            assert.deepEqual(batch, inputs(network, 4, i));
          }
        });
      }
    }
    withCores(() => 2);
  });

  test("a run that fails is an error of that batch alone", async () => {
    using source = await openFeatureSource(network);
    await withRunner(network, source, async (runner) => {
      const [bad, good] = await Promise.allSettled([
        runner.run(new Float32Array(10), 2),
        runner.run(inputs(network, 2, 0), 2),
      ]);
      assert.match(
        String((bad as PromiseRejectedResult).reason),
        /CamlabError: ONNX Runtime could not run the network/,
      );
      assert.equal(good.status, "fulfilled");
    });
  });

  test("few inputs, one thread asked for and one core are left to the network that is open", async () => {
    using source = await openFeatureSource(network);
    const isElsewhere = (opened: Network, count: number) =>
      withRunner(opened, source, (runner) => Promise.resolve(runner.isElsewhere), count);
    assert.equal(await isElsewhere(network, 20), false);
    using single = await openNetwork(undefined, { threads: 1 });
    assert.equal(await isElsewhere(single, MANY), false);
    withCores(() => 1);
    assert.equal(await isElsewhere(network, MANY), false);
    withCores(() => 2);
    assert.equal(await isElsewhere(network, 191), false);
    assert.equal(await isElsewhere(network, 192), true);
    for (const other of [{ device: "webgpu" }, { engine: "tfjs" }]) {
      assert.equal(await isElsewhere({ ...network, ...other }, MANY), false);
    }
    const runner = await openBatchRunner(network, { ...source, model: undefined }, MANY);
    assert.deepEqual([runner.isElsewhere, runner.atOnce], [false, 1]);
  });

  test("a network whose file has changed since is run as it was opened", async () => {
    const file = join(folder, "model.onnx");
    copyFileSync(network.modelFile!, file);
    using opened = await openNetwork(file, { preprocessing: network.preprocessing });
    assert.equal((await opened.graph!()).outputs.length, 3);
    const bytes = readFileSync(file);
    // A weight, in the middle of the file.
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(file, bytes);
    await assert.rejects(opened.graph!(), /has changed since the network was opened/);
    using source = await openFeatureSource(opened);
    await withRunner(opened, source, async (runner) => {
      assert.equal(runner.isElsewhere, false);
      const { vectors } = await runner.run(inputs(opened, 2, 0), 2);
      assert.equal(vectors.length, 2 * source.channels);
    });
  });

  test("a disposed network is refused, however many inputs there are", async () => {
    const opened = await openNetwork();
    opened.dispose();
    const image = { width: 8, height: 8, data: new Uint8Array(192) };
    for (const count of [20, 400]) {
      await assert.rejects(extractFeatures(opened, Array(count).fill(image), { cache: false }), /was disposed/);
    }
  });

  test("a table is the same through threads and without, failed images and ten crops included", async () => {
    const files = await drawPhotos(folder, 24);
    writeFileSync(files[5], "no picture");
    for (const [crops, repeats] of [
      ["one", 10],
      ["ten", 1],
    ] as const) {
      const images = Array.from({ length: repeats }, () => files).flat();
      withCores(() => 1);
      const without = await extractFeatures(network, images, { cache: false, crops });
      withCores(() => 2);
      const through = await extractFeatures(network, images, { cache: false, crops });
      assert.equal(through.rows, 23 * repeats);
      assert.deepEqual(through.data, without.data);
      assert.deepEqual(through.skipped, without.skipped);
    }
  });

  test("the process may end in the middle of it: with its own exit code, and nothing said", async () => {
    const [photo] = await drawPhotos(folder, 1);
    const child = fileURLToPath(new URL("./exit-child.ts", import.meta.url));
    const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", child, photo], { encoding: "utf8" });
    assert.deepEqual({ status, stderr }, { status: 3, stderr: "" });
  });

  test("threads that wait for more do not keep the process", async () => {
    const [photo] = await drawPhotos(folder, 1);
    const child = fileURLToPath(new URL("./exit-child.ts", import.meta.url));
    const words = ["--import", "tsx", child, photo, "ends"];
    const begun = performance.now();
    const { status, stderr } = spawnSync(process.execPath, words, { encoding: "utf8" });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: "" });
    assert.ok(performance.now() - begun < 15_000, `${performance.now() - begun}`);
  });

  test("threads wait for more of the same, and end with their network", async () => {
    const [photo] = await drawPhotos(folder, 1);
    const images = Array<string>(200).fill(photo);
    const started: Worker[] = [];
    const onWorker = (worker: Worker) => started.push(worker);
    process.on("worker", onWorker);
    try {
      for (let time = 0; time < 3; time++) {
        started.length = 0;
        const opened = await openNetwork();
        const first = await extractFeatures(opened, images, { cache: false });
        const count = started.length;
        assert.ok(count >= 2);
        const second = await extractFeatures(opened, images, { cache: false });
        assert.deepEqual(second.data, first.data);
        assert.equal(started.length, count);
        // Of another kind.
        await extractFeatures(opened, images, { cache: false, pooling: "max" });
        assert.equal(started.length, count + 2);
        let left = 4;
        const ended = new Promise<void>((resolve) => {
          for (const worker of started) worker.once("exit", () => --left === 0 && resolve());
        });
        opened.dispose();
        // Nothing of theirs keeps this process.
        const patience = setTimeout(() => {}, 20_000);
        await ended;
        clearTimeout(patience);
        await assert.rejects(extractFeatures(opened, images, { cache: false }), /was disposed/);
      }
    } finally {
      process.off("worker", onWorker);
    }
  });

  test("aborted, it ends its threads", async () => {
    const [photo] = await drawPhotos(folder, 1);
    const controller = new AbortController();
    const images = Array<string>(MANY).fill(photo);
    const stopped = extractFeatures(network, images, {
      cache: false,
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done === 30) controller.abort(new Error("enough"));
      },
    });
    await assert.rejects(stopped, /enough/);
    assert.deepEqual(
      process.getActiveResourcesInfo().filter((kind) => kind === "MessagePort" || kind === "Worker"),
      [],
    );
  });
});

async function withRunner<T>(
  network: Network,
  source: FeatureSource,
  use: (runner: BatchRunner) => Promise<T>,
  count = MANY,
): Promise<T> {
  const runner = await openBatchRunner(network, source, count);
  try {
    return await use(runner);
  } finally {
    await runner.close();
  }
}

function inputs({ preprocessing: { width, height } }: Network, count: number, seed: number): Float32Array {
  const random = seededRandom(`inputs ${seed}`);
  return Float32Array.from({ length: count * 3 * width * height }, () => random() * 2 - 1);
}

async function middleLayer({ modelFile }: Network): Promise<string> {
  const relus = (await readGraph(modelFile!)).nodes.filter(({ opType }) => opType === "Relu");
  return relus[relus.length >> 1].output[0];
}

function withCores(parallelism: typeof os.availableParallelism): void {
  os.availableParallelism = parallelism;
  syncBuiltinESMExports();
}
