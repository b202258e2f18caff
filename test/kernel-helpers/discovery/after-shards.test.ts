import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { discoverPhrases } from "../../../src/kernel-helpers/discovery/phrases/discover-phrases.js";
import { discoverScenes } from "../../../src/kernel-helpers/discovery/scenes/discover-scenes.js";
import { cacheInfo } from "../../../src/kernel-helpers/features/cache/cache-info.js";
import { extractFeatures } from "../../../src/kernel-helpers/features/extract-features.js";
import type { PictureSet } from "../../../src/kernel-helpers/images/picture.js";
import { openNetwork } from "../../../src/kernel-helpers/networks/open-network.js";
import { makeDataset } from "../../../src/world/make-dataset.js";
import { readWorld } from "../../../src/world/read-world.js";
import { temporaryFolder } from "../features/photos.js";

describe("discovery after shards filled the cache, made at the size at which the task sees", async () => {
  const folder = temporaryFolder();
  const network = await openNetwork();
  after(() => {
    network.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const inShards = async (set: PictureSet, size: number, cache: string) => {
    using seeing = await openNetwork(undefined, { size });
    for (const index of [1, 2, 3]) await extractFeatures(seeing, set, { cache, shard: { index, of: 3 } });
    return (await cacheInfo({ folder: cache })).settings.map(({ key, rows }) => ({ key, rows }));
  };
  const sameAfter = async (set: PictureSet, size: number, discover: (cache: string | false) => Promise<object>) => {
    const cache = join(folder, `cache-${size}-${set.pictures.length}`);
    const filled = await inShards(set, size, cache);
    assert.deepEqual(
      filled.map(({ rows }) => rows),
      [set.pictures.length],
    );
    const findings = await discover(cache);
    const now = await cacheInfo({ folder: cache });
    assert.deepEqual(
      now.settings.map(({ key, rows }) => ({ key, rows })),
      filled,
    );
    assert.deepEqual(findings, await discover(false));
  };
  const worldIn = async (part: "scenes" | "phrases", counts: { train: number; test: number }) => {
    await makeDataset(part, join(folder, part), { seed: 4, val: 0, ...counts });
    return readWorld(join(folder, part));
  };

  test("scenes: every feature comes from the cache, and the findings are the same", async () => {
    const set = await worldIn("scenes", { train: 40, test: 20 });
    await sameAfter(set, 240, async (cache) => {
      const { findings } = await discoverScenes(network, set, { seed: 4, minImages: 1, cache });
      return findings;
    });
  });

  test("phrases: likewise", async () => {
    const set = await worldIn("phrases", { train: 60, test: 20 });
    const options = { seed: 4, mine: { minImages: 4 } };
    const size = (await discoverPhrases(network, set, { ...options, cache: false })).preprocessing.width;
    await sameAfter(set, size, async (cache) => (await discoverPhrases(network, set, { ...options, cache })).findings);
  });
});
