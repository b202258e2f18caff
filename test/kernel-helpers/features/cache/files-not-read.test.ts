import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import files from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import { extractFeatures } from "../../../../src/kernel-helpers/features/extract-features.js";
import { countingNetwork, drawPhotos, temporaryFolder } from "../photos.js";

const folder = temporaryFolder();
after(() => rmSync(folder, { recursive: true, force: true }));

/** Which files below a folder are read while something is done, with a clock that is five seconds ahead. */
async function readDuring(below: string, work: () => Promise<unknown>): Promise<string[]> {
  const readFile = files.readFile;
  const now = Date.now;
  const read: string[] = [];
  files.readFile = ((path: string, ...given: []) => {
    if (dirname(String(path)) === below) read.push(String(path));
    return readFile(path, ...given);
  }) as typeof readFile;
  Date.now = () => now() + 5000;
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    files.readFile = readFile;
    Date.now = now;
    syncBuiltinESMExports();
  }
  return read.sort();
}

test("files that did not change are not even read again; one that did is, and more than a group of 64 is asked for", async () => {
  const own = mkdtempSync(join(folder, "run-"));
  const [photos, cache] = [join(own, "photos"), join(own, "cache")];
  const drawn = await drawPhotos(photos, 70, 8, 6);
  const { network, ran } = countingNetwork();
  const tables: Float32Array[] = [];
  const extract = async () => void tables.push((await extractFeatures(network, drawn, { cache })).data);
  assert.deepEqual(await readDuring(photos, extract), drawn);
  assert.deepEqual(await readDuring(photos, extract), []);
  assert.deepEqual(tables[1], tables[0]);
  assert.equal(ran(), 70);

  writeFileSync(drawn[66], await files.readFile(drawn[2]));
  assert.deepEqual(await readDuring(photos, extract), [drawn[66]]);
  assert.equal(ran(), 70, "its content was known under another name");
  const columns = tables[2].length / 70;
  const rowOf = (row: number) => tables[2].slice(row * columns, (row + 1) * columns);
  assert.deepEqual(rowOf(66), rowOf(2));
  assert.deepEqual(rowOf(69), tables[0].slice(69 * columns));
});
