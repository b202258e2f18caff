import assert from "node:assert/strict";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { after, describe, test } from "node:test";
import { cacheInfo, clearCache } from "../../../../src/kernel-helpers/features/cache/cache-info.js";
import { stateOf } from "../../../../src/kernel-helpers/features/cache/content-hash.js";
import { rowKey } from "../../../../src/kernel-helpers/features/cache/feature-cache.js";
import { FileIndex } from "../../../../src/kernel-helpers/features/cache/file-index.js";
import { RowStore } from "../../../../src/kernel-helpers/features/cache/row-store.js";
import {
  decodeKeys,
  decodeShard,
  encodeKeys,
  encodeShard,
} from "../../../../src/kernel-helpers/features/cache/shard.js";
import { contentName } from "../../../../src/kernel-helpers/support/hash.js";
import { temporaryFolder } from "../photos.js";

const folder = temporaryFolder();
let next = 0;
/** A cache keeps features below the folder that it is given. */
const fresh = () => join(folder, `store-${next++}`, "features");
const key = (i: number) => contentName(`key ${i}`);
after(() => rmSync(folder, { recursive: true, force: true }));

async function rowsOf(store: RowStore, keys: readonly (string | undefined)[]) {
  const rows: (number[] | undefined)[] = keys.map(() => undefined);
  await store.read(keys, (position, row) => (rows[position] = [...row]));
  return rows;
}

describe("rows on disk", () => {
  test("come back in the order that is asked for, from what waits and from several shards", async () => {
    const cache = fresh();
    const store = await RowStore.open(cache, { a: 1 });
    store.add(key(0), Float32Array.of(0, 0.5));
    store.add(key(1), Float32Array.of(1, 1.5));
    await store.flush();
    store.add(key(2), Float32Array.of(2, 2.5));
    store.add(key(1), Float32Array.of(9, 9)); // is there already
    assert.deepEqual(await rowsOf(store, [key(2), undefined, key(1), key(7), key(0)]), [
      [2, 2.5],
      undefined,
      [1, 1.5],
      undefined,
      [0, 0.5],
    ]);
    await store.flush();
    await store.flush(); // nothing waits: nothing is written
    const again = await RowStore.open(cache, { a: 1 });
    assert.deepEqual(await rowsOf(again, [key(1), key(2), key(0)]), [
      [1, 1.5],
      [2, 2.5],
      [0, 0.5],
    ]);
    assert.deepEqual([again.has(key(2)), again.has(key(3)), again.problems], [true, false, []]);
    const info = await cacheInfo({ folder: dirname(cache) });
    assert.deepEqual([info.rows, info.settings.length, info.settings[0].shards], [3, 1, 2]);
    const other = await RowStore.open(cache, { a: 2 });
    assert.equal(other.has(key(0)), false);
  });

  test("are written also when their folder has gone meanwhile; a shard that another process took away is forgotten", async () => {
    const cache = fresh();
    const store = await RowStore.open(cache, {});
    rmSync(cache, { recursive: true });
    store.add(key(0), Float32Array.of(7));
    await store.flush();
    const other = await RowStore.open(cache, {});
    assert.deepEqual(await rowsOf(other, [key(0)]), [[7]]);
    rmSync(cache, { recursive: true });
    assert.deepEqual(await rowsOf(other, [key(0)]), [undefined]);
    assert.deepEqual([other.has(key(0)), other.problems], [false, []]);
  });

  test("a shard whose keys are another one's is damaged, named and removed", async () => {
    const cache = fresh();
    const store = await RowStore.open(cache, {});
    for (const i of [0, 1]) {
      store.add(key(i), Float32Array.of(i));
      await store.flush();
    }
    const [setting] = readdirSync(cache);
    const keysIn = () => readdirSync(join(cache, setting)).filter((name) => name.endsWith(".keys"));
    const [one, two] = keysIn().sort();
    writeFileSync(join(cache, setting, one), readFileSync(join(cache, setting, two)));
    const again = await RowStore.open(cache, {});
    const [known] = decodeKeys(readFileSync(join(cache, setting, two)))!;
    assert.deepEqual(await rowsOf(again, [known]), [undefined]);
    assert.equal(again.problems.length, 1);
    assert.match(again.problems[0], /are damaged \(its keys are another one's\) and were made again$/);
    assert.deepEqual(keysIn(), [two]);
  });

  test("a row that waits is a copy; 512 that wait are due, one less is not", async () => {
    const store = await RowStore.open(fresh(), {});
    const row = Float32Array.of(1);
    assert.equal(store.isDue, false);
    for (let i = 0; i < 511; i++) store.add(key(i), row);
    row[0] = 5;
    assert.equal(store.isDue, false);
    store.add(key(511), row);
    assert.equal(store.isDue, true);
    assert.deepEqual(await rowsOf(store, [key(0), key(511)]), [[1], [5]]);
    await store.flush();
    assert.equal(store.isDue, false);
  });

  test("what a process that was killed left is swept out after an hour, not before", async () => {
    const cache = fresh();
    const store = await RowStore.open(cache, {});
    store.add(key(1), Float32Array.of(1));
    await store.flush();
    const [setting] = readdirSync(cache);
    const [old, young] = ["unfinished-old", "unfinished-young"].map((name) => join(cache, setting, name));
    for (const path of [old, young]) writeFileSync(path, "half");
    const now = Date.now() / 1000;
    utimesSync(old, now - 3700, now - 3700);
    utimesSync(young, now - 3000, now - 3000);
    await RowStore.open(cache, {});
    assert.deepEqual([existsSync(old), existsSync(young)], [false, true]);
  });

  test("what the cache holds is counted in bytes and rows, and all of it is cleared", async () => {
    const cache = fresh();
    const store = await RowStore.open(cache, { layer: "x" }, { network: "n" });
    for (let i = 0; i < 5; i++) store.add(key(i), Float32Array.of(i));
    await store.flush();
    writeFileSync(join(cache, "files.txt"), "12345");
    const [setting] = readdirSync(cache).filter((name) => name !== "files.txt");
    const size = (name: string) => statSync(join(cache, setting, name)).size;
    const all = readdirSync(join(cache, setting)).reduce((sum, name) => sum + size(name), 0);
    const info = await cacheInfo({ folder: dirname(cache) });
    assert.deepEqual([info.folder, info.rows, info.bytes], [cache, 5, all + 5]);
    assert.deepEqual(info.settings, [
      { key: setting, setting: { network: "n", layer: "x" }, rows: 5, shards: 1, bytes: all },
    ]);
    appendFileSync(join(cache, setting, "setting.json"), "}");
    assert.deepEqual((await cacheInfo({ folder: dirname(cache) })).settings[0].setting, {});
    assert.equal((await clearCache({ folder: dirname(cache) })).rows, 5);
    assert.deepEqual(readdirSync(cache), []);
  });
});

test("a shard and its keys come back as they were; of changed bytes nothing does", () => {
  const rows = { keys: [0, 1, 2].map(key), columns: 2, data: Float32Array.of(1, 2, 3, 4, 5, 6) };
  const bytes = encodeShard(rows);
  assert.deepEqual(decodeShard(bytes, contentName(bytes)), rows);
  assert.throws(() => decodeShard(bytes, contentName("other")), /its checksum is wrong/);
  const keys = encodeKeys(rows.keys);
  assert.equal(keys.length, 16 + 3 * 16);
  assert.deepEqual(decodeKeys(keys), rows.keys);
  assert.deepEqual(decodeKeys(encodeKeys([])), []);
  for (const at of [0, 15, 16, 63]) {
    const changed = Uint8Array.from(keys);
    changed[at] ^= 1;
    assert.equal(decodeKeys(changed), undefined);
  }
  // Whole by its check, but not of whole keys.
  const body = Buffer.from("0123456789abcdef01", "hex");
  assert.equal(decodeKeys(Buffer.concat([Buffer.from(contentName(body), "hex"), body])), undefined);
});

test("a row's key stands for the content, region, mirroring and crop: all of them", () => {
  const region = { x: 1, y: 2, width: 3, height: 4 };
  const views = [
    {},
    { flip: true },
    { crop: "ten" },
    { region },
    { region: { ...region, x: 2 } },
    { region: { ...region, y: 3 } },
    { region: { ...region, width: 4 } },
    { region: { ...region, height: 5 } },
  ];
  const keys = [...views.map((view) => rowKey("a", view)), rowKey("b", {})];
  assert.equal(new Set(keys).size, keys.length);
  for (const each of keys) assert.match(each, /^[0-9a-f]{32}$/);
  assert.equal(rowKey("a", { flip: false }), keys[0]);
});

test("the list of files is swept once most of its lines were replaced, and keeps the last word on each", async () => {
  const path = join(fresh(), "files.txt");
  const index = await FileIndex.open(path);
  for (let i = 0; i < 10_500; i++) {
    index.add(`/photos/${i % 3}.png`, { hash: `hash ${i}`, state: `state ${i}`, settled: true });
  }
  await index.flush();
  const lines = () => readFileSync(path, "utf8").split("\n").filter(Boolean);
  assert.equal(lines().length, 10_500);
  await FileIndex.open(path);
  const kept = lines().map((line) => JSON.parse(line.slice(9)) as [string, string, string]);
  assert.deepEqual(
    kept.map(([, state, hash]) => [state, hash]),
    [10_497, 10_498, 10_499].map((i) => [`state ${i}`, `hash ${i}`]),
  );
});

test("up to 10,000 lines the list of files is left as it is", async () => {
  const path = join(fresh(), "files.txt");
  const index = await FileIndex.open(path);
  for (let i = 0; i < 10_000; i++) index.add(`/photos/${i % 3}.png`, { hash: "h", state: `${i}`, settled: true });
  await index.flush();
  const before = statSync(path).size;
  await FileIndex.open(path);
  assert.equal(statSync(path).size, before);
  appendFileSync(path, readFileSync(path, "utf8").trim().split("\n")[0] + "\n");
  await FileIndex.open(path);
  assert.ok(statSync(path).size < before / 1000);
});

test("files in a pack are known by the pack's state and their place in it; what rested not yet is not", async () => {
  const pack = join(fresh(), "birds.tar");
  const index = await FileIndex.open(join(dirname(pack), "files.txt"));
  const part = (entry: string, start: number) => ({ kind: "part", pack, entry, start, size: 4 }) as const;
  mkdirSync(dirname(pack), { recursive: true });
  writeFileSync(pack, "0123456789");
  const { state } = await stateOf(pack);
  const known = { hash: "one", state, settled: true };
  index.add(part("a", 0), known);
  index.add(part("b", 0), { ...known, settled: false });
  index.add(part("c", 0), { ...known, state: undefined });
  index.add(pack, { ...known, hash: "whole" });
  await index.flush();
  for (const each of [index, await FileIndex.open(join(dirname(pack), "files.txt"))]) {
    assert.deepEqual(
      await Promise.all([part("a", 0), part("a", 1), part("b", 0), part("c", 0), pack].map((one) => each.hashOf(one))),
      ["one", undefined, undefined, undefined, "whole"],
    );
  }
  appendFileSync(pack, "more");
  assert.deepEqual([await index.hashOf(part("a", 0)), await index.hashOf(pack)], [undefined, undefined]);
});
