import assert from "node:assert/strict";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import { worldDataset } from "../../src/world/world-dataset.js";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "camlab-world-"));
});
after(() => rm(folder, { recursive: true }));

it("draws a part once, and gives images and records in one order", async () => {
  const options = { folder, seed: 5, train: 3, test: 2 };
  const first = await worldDataset("scenes", options);
  assert.equal(first.images.length, 5);
  assert.deepEqual(
    first.images.map(({ split }) => split),
    ["train", "train", "train", "test", "test"],
  );
  first.images.forEach((image, i) => {
    assert.equal(image.id, first.records[i].name);
    assert.equal(image.label, first.records[i].labels[0]);
  });
  const drawn = (await stat(first.images[0].file)).mtimeMs;
  const second = await worldDataset("scenes", options);
  assert.deepEqual(second, first);
  assert.equal((await stat(second.images[0].file)).mtimeMs, drawn);
});

it("keeps different seeds and counts apart", async () => {
  const one = await worldDataset("birds", { folder, seed: 1, train: 1, test: 1 });
  const other = await worldDataset("birds", { folder, seed: 2, train: 1, test: 1 });
  assert.notEqual(one.folder, other.folder);
  assert.ok(one.images[0].box);
});
