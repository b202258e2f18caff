import assert from "node:assert/strict";
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { tableFromIPC } from "apache-arrow";
import { cacheInfo, clearCache } from "../../../../src/kernel-helpers/features/cache/cache-info.js";
import { identifyFile } from "../../../../src/kernel-helpers/features/cache/content-hash.js";
import { FeatureCache } from "../../../../src/kernel-helpers/features/cache/feature-cache.js";
import { FileIndex } from "../../../../src/kernel-helpers/features/cache/file-index.js";
import { extractFeatures } from "../../../../src/kernel-helpers/features/extract-features.js";
import { openNetwork } from "../../../../src/kernel-helpers/networks/open-network.js";
import { countingNetwork, drawPhotos, temporaryFolder } from "../photos.js";

describe("the feature cache", () => {
  const folder = temporaryFolder();
  let files: string[];
  let next = 0;
  const freshCache = () => join(folder, `cache-${next++}`);
  const shardsIn = (cache: string) => {
    const features = join(cache, "features");
    const setting = readdirSync(features).find((name) => name !== "files.txt")!;
    return readdirSync(join(features, setting))
      .filter((name) => name.endsWith(".arrow"))
      .map((name) => join(features, setting, name));
  };
  before(async () => {
    files = await drawPhotos(join(folder, "photos"), 6);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("the second time nothing runs, and the table is the same", async () => {
    const cache = freshCache();
    const { network, ran } = countingNetwork();
    const first = await extractFeatures(network, files, { cache });
    assert.equal(ran(), 6);
    const second = await extractFeatures(network, files, { cache });
    assert.equal(ran(), 6);
    assert.deepEqual(second.data, first.data);
    assert.deepEqual(second.pictures, first.pictures);
  });

  test("a row depends on the file's content, not on its name; on region, flip, crops, pooling and network", async () => {
    const cache = freshCache();
    const { network, ran } = countingNetwork("a");
    const copy = join(folder, "copy.png");
    copyFileSync(files[0], copy);
    await extractFeatures(network, [files[0]], { cache });
    await extractFeatures(network, [copy], { cache });
    assert.equal(ran(), 1);

    const region = { x: 1, y: 2, width: 9, height: 9 };
    const items = [
      { file: copy, region },
      { file: copy, flip: true },
      { file: copy, region, flip: true },
    ];
    await extractFeatures(network, items, { cache });
    assert.equal(ran(), 4);
    await extractFeatures(network, [copy], { cache, crops: "ten" });
    assert.equal(ran(), 14);
    await extractFeatures(network, [copy], { cache, crops: "ten", cropRows: "apart" });
    assert.equal(ran(), 24);
    await extractFeatures(network, [copy], { cache, pooling: "max" });
    assert.equal(ran(), 25);

    await extractFeatures({ ...network, name: "the same under another name" }, [copy], { cache });
    assert.equal(ran(), 25);
    const other = countingNetwork("b");
    await extractFeatures(other.network, [copy], { cache });
    assert.equal(other.ran(), 1);

    copyFileSync(files[1], copy);
    await extractFeatures(network, [copy], { cache });
    assert.equal(ran(), 26);
  });

  test("a damaged shard is found, named, and made again; the rest stays", async () => {
    const cache = freshCache();
    const { network, ran } = countingNetwork();
    await extractFeatures(network, files.slice(0, 2), { cache });
    const [first] = shardsIn(cache);
    const whole = await extractFeatures(network, files, { cache });
    assert.equal(ran(), 6);

    const bytes = readFileSync(first);
    bytes[bytes.length >> 1] ^= 1;
    writeFileSync(first, bytes);
    const mended = await extractFeatures(network, files, { cache });
    assert.equal(ran(), 8);
    assert.deepEqual(mended.data, whole.data);
    assert.equal(mended.cacheNotes.length, 1);
    assert.match(mended.cacheNotes[0], /\.arrow are damaged \(its checksum is wrong\) and were made again/);
    assert.deepEqual((await extractFeatures(network, files, { cache })).cacheNotes, []);
    assert.equal(ran(), 8);
  });

  test("survives cut-short and missing key files, unfinished files, and nonsense in its list of files", async () => {
    const cache = freshCache();
    const { network, ran } = countingNetwork();
    const before = await extractFeatures(network, files, { cache });
    const [shard] = shardsIn(cache);
    const keys = shard.replace(/arrow$/, "keys");
    writeFileSync(keys, readFileSync(keys).subarray(0, 40));
    writeFileSync(join(shard, "..", "unfinished-1-abc"), "half");
    appendFileSync(join(cache, "features", "files.txt"), '12345678 ["x"\nnonsense\n\0\0');
    assert.deepEqual((await extractFeatures(network, files, { cache })).data, before.data);
    rmSync(keys);
    assert.deepEqual((await extractFeatures(network, files, { cache })).data, before.data);
    assert.equal(ran(), 6);
  });

  test("several at once: every row is there, and right", async () => {
    const cache = freshCache();
    const { network } = countingNetwork();
    const tables = await Promise.all([0, 1, 2].map(() => extractFeatures(network, files, { cache })));
    for (const table of tables) assert.deepEqual(table.data, tables[0].data);
    const again = countingNetwork();
    assert.deepEqual((await extractFeatures(again.network, files, { cache })).data, tables[0].data);
    assert.equal(again.ran(), 0);
  });

  test("aborted, it keeps what was done and goes on from there", async () => {
    const cache = freshCache();
    const { network, ran } = countingNetwork();
    const stop = new AbortController();
    const onProgress = ({ done }: { done: number }) => done === 3 && stop.abort();
    const work = extractFeatures(network, files, { cache, batchSize: 1, signal: stop.signal, onProgress });
    await assert.rejects(work, { name: "AbortError" });
    assert.equal(ran(), 3);
    assert.equal((await extractFeatures(network, files, { cache })).rows, 6);
    assert.equal(ran(), 6);
  });

  test("a shard is an Arrow file that others read", async () => {
    const cache = freshCache();
    const { network } = countingNetwork();
    const table = await extractFeatures(network, files, { cache });
    const read = tableFromIPC(readFileSync(shardsIn(cache)[0]));
    assert.deepEqual(read.schema.names, ["key", "features"]);
    assert.equal(read.numRows, 6);
    const rows = Array.from({ length: 6 }, (_, row) => Array.from(read.get(row)!.features as Iterable<number>));
    assert.deepEqual(rows.flat(), Array.from(table.data));
  });

  test("cacheInfo says what is there; clearCache empties it and leaves strangers' files alone", async () => {
    const cache = freshCache();
    await extractFeatures(countingNetwork("a").network, files, { cache });
    await extractFeatures(countingNetwork("b").network, files.slice(0, 2), { cache });
    const info = await cacheInfo({ folder: cache });
    assert.equal(info.rows, 8);
    assert.deepEqual(info.settings.map(({ rows, shards, setting }) => [rows, shards, setting.fingerprint]).sort(), [
      [2, 1, "b"],
      [6, 1, "a"],
    ]);
    const stranger = join(shardsIn(cache)[0], "..", "notes.txt");
    writeFileSync(stranger, "mine");
    assert.equal((await clearCache({ folder: cache })).rows, 8);
    assert.equal((await cacheInfo({ folder: cache })).rows, 0);
    assert.equal(readFileSync(stranger, "utf8"), "mine");
    assert.equal((await cacheInfo({ folder: join(folder, "nowhere") })).bytes, 0);
  });

  test("a disk that refuses to be written to costs the keeping, not the features; the note says so", async () => {
    const cache = freshCache();
    const { network } = countingNetwork();
    const onProgress = ({ done }: { done: number }) => {
      if (done !== 3) return;
      rmSync(cache, { recursive: true });
      writeFileSync(cache, "a file where the cache was");
    };
    const table = await extractFeatures(network, files, { cache, batchSize: 1, onProgress });
    assert.deepEqual(table.data, (await extractFeatures(network, files, { cache: false })).data);
    assert.equal(table.cacheNotes.length, 1);
    assert.match(table.cacheNotes[0], /could not be kept in .*(ENOTDIR|is a file)/);
  });

  test(
    "a cache where no folder can be made costs the cache alone",
    { skip: process.platform !== "linux" },
    async () => {
      const { network, ran } = countingNetwork();
      const table = await extractFeatures(network, files, { cache: "/proc/camlab" });
      assert.deepEqual(table.data, (await extractFeatures(network, files, { cache: false })).data);
      assert.equal(table.cacheNotes.length, 1);
      assert.match(table.cacheNotes[0], /features could not be kept in \/proc\/camlab.*\$CAMLAB_CACHE/);
      assert.equal(ran(), 12);
    },
  );

  const noModes = process.platform === "win32";
  test("a cache that cannot be written to is read; what is new is said not to be kept", { skip: noModes }, async () => {
    const cache = freshCache();
    const { network, ran } = countingNetwork();
    const first = await extractFeatures(network, files.slice(0, 4), { cache });
    await readOnly(cache, async () => {
      const known = await extractFeatures(network, files.slice(0, 4), { cache });
      assert.deepEqual([known.data, known.cacheNotes], [first.data, []]);
      const more = await extractFeatures(network, files, { cache });
      assert.deepEqual(more.data.subarray(0, first.data.length), first.data);
      assert.equal(more.cacheNotes.length, 1);
      assert.match(more.cacheNotes[0], /features could not be kept/);
    });
    assert.equal(ran(), 6);
    assert.equal((await extractFeatures(network, files, { cache })).cacheNotes.length, 0);
    assert.equal(ran(), 8);
  });

  test(
    "where all features are known, that a file's state cannot be written down is no loss",
    { skip: noModes },
    async () => {
      const cache = freshCache();
      await extractFeatures(countingNetwork().network, files.slice(0, 1), { cache });
      const opened = await FeatureCache.open(join(cache, "features"), {}, {});
      await readOnly(cache, async () => {
        opened.identify(files[0], { state: "a later one", settled: true, hash: "0".repeat(64) });
        await opened.flush();
        assert.deepEqual(opened.problems, []);
      });
    },
  );

  test("keys that are another shard's are believed by nobody", async () => {
    const cache = freshCache();
    const { network, ran } = countingNetwork();
    const whole = await extractFeatures(network, files, { cache: false });
    await extractFeatures(network, files.slice(0, 3), { cache });
    await extractFeatures(network, files.slice(3), { cache });
    assert.equal(ran(), 12);
    const [one, other] = shardsIn(cache).map((path) => path.replace(/arrow$/, "keys"));
    copyFileSync(one, other);
    const mended = await extractFeatures(network, files, { cache });
    assert.deepEqual(mended.data, whole.data);
    assert.deepEqual((await extractFeatures(network, files, { cache })).data, whole.data);
  });

  test("another engine or another device computes other features, as another preprocessing or network does", async () => {
    const cache = freshCache();
    const { network, ran } = countingNetwork();
    await extractFeatures(network, files, { cache });
    const { width, height } = network.preprocessing;
    const others = [
      { device: "webgpu" },
      { engine: "tfjs" },
      { fingerprint: "other" },
      { preprocessing: { ...network.preprocessing, fit: "contain" as const } },
      { preprocessing: { ...network.preprocessing, mean: [1, 2, 3] as const } },
      { preprocessing: { ...network.preprocessing, width: width + 32, height: height + 32 } },
    ];
    for (const [i, other] of others.entries()) {
      const changed = Object.create(network, Object.getOwnPropertyDescriptors(other)) as typeof network;
      await extractFeatures(changed, files, { cache });
      assert.equal(ran(), 6 * (i + 2), JSON.stringify(other));
    }
  });

  test("a layer's rows are its own, though another layer has as many channels", async () => {
    const cache = freshCache();
    using network = await openNetwork();
    const few = files.slice(0, 2);
    for (const layer of ["stage1_1_conv", "stage1_1_relu", "stage1_1_conv"]) {
      const kept = await extractFeatures(network, few, { cache, layer });
      const made = await extractFeatures(network, few, { cache: false, layer });
      assert.deepEqual(kept.data, made.data, layer);
    }
  });

  test("devices and folders are errors of the item, not read to an end that never comes", async () => {
    const { network } = countingNetwork();
    const strange = [folder, ...(process.platform === "win32" ? [] : ["/dev/zero"])];
    const table = await extractFeatures(network, [...strange, files[0]], { cache: freshCache() });
    assert.deepEqual(
      table.skipped.map(({ picture }) => picture.file),
      strange,
    );
    assert.equal(table.rows, 1);
  });

  test("a network that cannot say what it computes is never cached", async () => {
    const cache = freshCache();
    const { network, ran } = countingNetwork();
    const nameless = { ...network, fingerprint: undefined };
    await extractFeatures(nameless, files, { cache });
    await extractFeatures(nameless, files, { cache });
    assert.equal(ran(), 12);
  });
});

/** Does something while nothing can be written below a folder. Root may write everywhere, so root is somebody else. */
async function readOnly(folder: string, work: () => Promise<void>): Promise<void> {
  const all = [folder, ...readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)))];
  const folders = all.filter((path) => statSync(path).isDirectory());
  for (const path of folders) chmodSync(path, 0o555);
  chmodSync(dirname(folder), 0o755);
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid!(65534);
  try {
    await work();
  } finally {
    if (isRoot) process.seteuid!(0);
    for (const path of folders) chmodSync(path, 0o755);
  }
}

test("the list of files knows a file by its state, and forgets it when that changes", async () => {
  const folder = temporaryFolder();
  const [file] = await drawPhotos(folder, 1);
  const path = join(folder, "files.txt");
  const index = await FileIndex.open(path);
  const identity = await identifyFile(file);
  index.add(file, { ...identity, settled: false }); // too young to be trusted
  assert.equal(await index.hashOf(file), undefined);
  index.add(file, { ...identity, settled: true });
  await index.flush();
  const reopened = await FileIndex.open(path);
  assert.equal(await reopened.hashOf(file), identity.hash);
  writeFileSync(file, readFileSync(file));
  assert.equal(await reopened.hashOf(file), undefined);
  assert.equal(await reopened.hashOf(join(folder, "gone.png")), undefined);
  rmSync(folder, { recursive: true });
});
