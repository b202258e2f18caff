import assert from "node:assert/strict";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, it } from "node:test";
import type { DrawingRecord } from "../../src/world/dataset-record.js";
import { drawPictures } from "../../src/world/draw-pictures.js";
import { drawWorld } from "../../src/world/draw-world.js";
import { readRecords } from "../../src/world/read-world.js";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "camlab-world-"));
});
after(() => rm(folder, { recursive: true }));

it("draws a part once, and gives pictures that carry the whole truth", async () => {
  const options = { folder, seed: 5, train: 3, test: 2 };
  const first = await drawWorld("scenes", options);
  assert.equal(first.pictures.length, 5);
  assert.deepEqual(
    first.pictures.map(({ split }) => split),
    ["train", "train", "train", "test", "test"],
  );
  const records: DrawingRecord[] = [];
  for await (const record of readRecords(first.folder)) records.push(record);
  first.pictures.forEach(({ id, label, width, objects, captions, words }, i) => {
    const { name, labels, ...truth } = records[i];
    assert.deepEqual([id, label, width], [name, labels[0], truth.width]);
    assert.deepEqual([objects, captions, words], [truth.objects, truth.captions, truth.words]);
  });
  const drawn = (await stat(first.pictures[0].file)).mtimeMs;
  const second = await drawWorld("scenes", options);
  assert.deepEqual(second, first);
  assert.equal((await stat(second.pictures[0].file)).mtimeMs, drawn);
});

it("keeps different seeds and counts apart", async () => {
  const one = await drawWorld("birds", { folder, seed: 1, train: 1, test: 1 });
  const other = await drawWorld("birds", { folder, seed: 2, train: 1, test: 1 });
  assert.notEqual(one.folder, other.folder);
  assert.ok(one.pictures[0].box);
});

it("draws pictures that nothing writes: the same truth, with pixels instead of a file", async () => {
  const { pictures } = await drawWorld("questions", { folder, seed: 3, train: 2, test: 0 });
  const drawn = [];
  for await (const picture of drawPictures("questions", { seed: 3, count: 2 })) drawn.push(picture);
  assert.deepEqual(
    drawn.map(({ file: _, ...truth }) => truth),
    pictures.map(({ file: _, ...truth }) => truth),
  );
  assert.ok(drawn.every(({ file, width, height }) => file.width === width && file.height === height));
  const [{ questions, objects }] = drawn;
  assert.ok(questions.length > 0);
  for (const { objects: evidence = [] } of questions) {
    assert.ok(evidence.length > 0 && evidence.every((id) => objects.some((object) => object.id === id)));
  }
});
