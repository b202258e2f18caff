import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { cacheInfo } from "../../../src/kernel-helpers/features/cache/cache-info.js";
import { seededRandom } from "../../../src/kernel-helpers/support/random.js";
import { runAndKill } from "../run-and-kill.js";
import { drawPhotos, temporaryFolder } from "./photos.js";

const child = new URL("./extract-child.ts", import.meta.url);

/** Extracts in a process of its own; kills it after so many images, when told to. */
const run = async (photos: string, cache: string, killAfter?: number) => {
  const { said, killed } = await runAndKill(child, [photos, cache], killAfter);
  return { table: /^table .*$/m.exec(said)?.[0], killed };
};

// 110 photos of ten rows each: a shard is written after every 52nd, so that kills fall before, between and in writes.
test("killed at ten random moments and taken up again, the table is that of an undisturbed run", async (t) => {
  const folder = temporaryFolder();
  const photos = join(folder, "photos");
  await drawPhotos(photos, 110, 12, 12);
  const undisturbed = (await run(photos, join(folder, "whole"))).table;
  assert.match(undisturbed!, /^table 1100 /);

  const cache = join(folder, "killed");
  const random = seededRandom("kill");
  const kept: number[] = [];
  for (let kill = 0; kill < 10; kill++) {
    const { rows } = await cacheInfo({ folder: cache });
    // Somewhere in what is left to do; the moment itself is the system's.
    const after = 1 + Math.floor(rows / 10 + random() * 90);
    assert.equal((await run(photos, cache, Math.min(after, 109))).killed, true);
    kept.push((await cacheInfo({ folder: cache })).rows);
  }
  const resumed = await run(photos, cache);
  assert.equal(resumed.table, undisturbed);
  const { rows } = await cacheInfo({ folder: cache });
  assert.equal(rows, 1100);
  t.diagnostic(`rows kept after each kill: ${kept.join(" ")}`);
  assert.ok(kept.some((rows) => rows > 0));
  rmSync(folder, { recursive: true });
});
