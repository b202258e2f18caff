import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { tableFromIPC } from "@uwdata/flechette";
import { makeDataset } from "../../../../src/world/make-dataset.js";
import { drawPhotos, temporaryFolder } from "../../../kernel-helpers/features/photos.js";
import { tarOf } from "../../../kernel-helpers/datasets/packs/packs.js";
import { runHere } from "../../bare-network.js";

/** The rows that a cache holds: one more would be a file more. */
function cacheFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".arrow"))
    .map(({ parentPath, name }) => `${name} ${statSync(join(parentPath, name)).size}`)
    .sort();
}

describe("shards on the command line", () => {
  const folder = temporaryFolder();
  const photos = join(folder, "photos");
  const at = (name: string) => join(folder, name);
  let files: string[];
  before(async () => {
    mkdirSync(photos);
    files = await drawPhotos(photos, 7);
    writeFileSync(files[3], "broken");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  test("features: shards of a tar, merged, are the whole byte for byte; a missing one is named", async () => {
    const tar = at("photos.tar");
    writeFileSync(tar, tarOf(files.map((file) => ({ name: basename(file), bytes: readFileSync(file) }))));
    const made = await runHere("features", tar, "--out", at("whole.arrow"), "--no-cache");
    assert.equal(made.code, 0, made.stderr);
    for (const index of [1, 2, 3]) {
      const shard = ["--shard", `${index}/3`, "--out", at(`${index}.arrow`)];
      assert.equal((await runHere("features", tar, ...shard, "--no-cache", "--json")).code, 0);
    }
    const missing = await runHere("features", "merge", at("1.arrow"), at("3.arrow"), "--out", at("no.arrow"));
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /1 of 3 shards are missing: 2/);
    const merged = await runHere(
      "features",
      "merge",
      ...[3, 1, 2].map((i) => at(`${i}.arrow`)),
      "--out",
      at("m.arrow"),
    );
    assert.equal(merged.code, 0, merged.stderr);
    assert.match(merged.stderr, /photos\.tar\/photo-003\.png/);
    assert.deepEqual(readFileSync(at("m.arrow")), readFileSync(at("whole.arrow")));
  });

  test("look --json: parts, merged, are the whole byte for byte, more parts than photos too; a missing one is named", async () => {
    const shown = ["look", photos, at("gone.jpg"), "--json", "--top", "2"];
    const whole = await runHere(...shown);
    assert.match(whole.stdout, /gone\.jpg.*photo-003\.png/s);
    for (const of of [3, 9]) {
      const parts: string[] = [];
      for (let index = 1; index <= of; index++) {
        const { code, stdout } = await runHere(...shown, "--shard", `${index}/${of}`);
        assert.equal(code, 0);
        parts.unshift(at(`${index}-of-${of}.json`));
        writeFileSync(parts[0], stdout);
      }
      const merged = await runHere("look", "merge", ...parts);
      assert.equal(merged.code, 0, merged.stderr);
      assert.equal(merged.stdout, whole.stdout);
      assert.match(
        (await runHere("look", "merge", ...parts.slice(1))).stderr,
        new RegExp(`1 of ${of} shards are missing: ${of}`),
      );
    }
    writeFileSync(at("whole.json"), whole.stdout);
    const none = await runHere("look", "merge", at("whole.json"), at("1-of-3.json"));
    assert.match(none.stderr, /whole\.json cannot be used: shard should be an object/);
    assert.match(
      (await runHere("look", "merge", files[0])).stderr,
      /cannot read what was looked at from .*photo-000\.png: Unexpected token/,
    );
  });

  test("evaluate: the shards' pictures, one after the other, are the whole's", async () => {
    await makeDataset("objects", at("objects"), { seed: 3, train: 0, val: 0, test: 7 });
    const shown = async (name: string, ...more: string[]) => {
      const { code, stderr } = await runHere(
        "evaluate",
        "--data",
        at("objects"),
        "--no-cache",
        "--out",
        at(name),
        ...more,
      );
      assert.equal(code, 0, stderr);
      const table = tableFromIPC(readFileSync(at(name)));
      return (table.toArray() as unknown[]).map((row) => JSON.stringify(row));
    };
    const whole = await shown("whole-rows.arrow");
    const parts = [await shown("1-rows.arrow", "--shard", "1/2"), await shown("2-rows.arrow", "--shard", "2/2")];
    assert.equal(whole.length > 6, true);
    assert.deepEqual(parts.flat(), whole);
    const none = await runHere("evaluate", "--data", at("objects"), "--shard", "1/40", "--json");
    assert.deepEqual([none.code, none.stderr], [0, ""]);
  });

  test("evaluate and features: after shards with one cache the whole does not look, and is what it is without one", async () => {
    await makeDataset("objects", at("kept"), { seed: 4, train: 0, val: 0, test: 6 });
    const before = process.env.CAMLAB_CACHE;
    process.env.CAMLAB_CACHE = at("cache");
    try {
      const evaluate = (out: string, ...more: string[]) =>
        runHere("evaluate", "--data", at("kept"), "--out", at(out), "--json", ...more);
      const whole = await evaluate("whole-eval.arrow", "--no-cache");
      for (const part of ["1/2", "2/2"]) assert.equal((await evaluate("part.arrow", "--shard", part)).code, 0);
      const written = cacheFiles(at("cache"));
      const merged = await evaluate("merged-eval.arrow");
      assert.deepEqual(cacheFiles(at("cache")), written);
      assert.deepEqual(readFileSync(at("merged-eval.arrow")), readFileSync(at("whole-eval.arrow")));
      assert.equal(merged.stdout.replace("merged-eval", "whole-eval"), whole.stdout);
    } finally {
      if (before === undefined) delete process.env.CAMLAB_CACHE;
      else process.env.CAMLAB_CACHE = before;
    }
  });

  test("says what a shard is", async () => {
    const { code, stderr } = await runHere("features", photos, "--shard", "4/3", "--out", at("x.arrow"));
    assert.equal(code, 2);
    assert.match(stderr, /expected I\/N with 1 ≤ I ≤ N, such as 3\/16/);
    assert.match((await runHere("look", photos, "--shard", "1/2")).stderr, /--shard belongs to --json/);
    assert.match((await runHere("features", photos, "--shard", "1/3", "--out", at("x.npy"))).stderr, /--shard writes/);
    assert.match((await runHere("features", photos)).stderr, /--out features\.arrow/);
  });
});
