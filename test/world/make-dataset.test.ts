import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { readCoco } from "../../src/kernel-helpers/datasets/objects/coco/coco.js";
import { readCsvList } from "../../src/kernel-helpers/datasets/classes/csv-list.js";
import { readCub } from "../../src/kernel-helpers/datasets/classes/cub.js";
import { readIcdar } from "../../src/kernel-helpers/datasets/words/icdar.js";
import { readVqa } from "../../src/kernel-helpers/datasets/language/vqa.js";
import { makeDataset } from "../../src/world/make-dataset.js";
import { datasetInfo, readRecords, readWorld } from "../../src/world/read-world.js";

describe("makeDataset", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "camlab-world-"));
  });
  after(() => rm(folder, { recursive: true }));

  test("the readers of published layouts read what was drawn", async () => {
    const birds = join(folder, "birds");
    await makeDataset("birds", birds, { seed: 2, train: 4, test: 2 });
    const records = await all(readRecords(birds));
    const cub = await readCub(birds);
    assert.equal(cub.classes.length, 20);
    assert.deepEqual(
      cub.pictures.map(({ label, split, box }) => ({ label, split, box })),
      (await readWorld(birds)).pictures.map(({ label, split, box }) => ({ label, split, box })),
    );
    const coco = await readCoco([join(birds, "annotations/instances.json"), join(birds, "annotations/captions.json")], {
      images: join(birds, "images"),
    });
    for (const [i, { objects, captions, file }] of coco.pictures.entries()) {
      assert.ok(existsSync(file));
      assert.deepEqual(captions, records[i].captions);
      assert.deepEqual(
        objects.map(({ name, box, area, mask }) => ({ name, box, area, mask })),
        records[i].objects.map(({ name, box, area, mask }) => ({ name, box, area, mask })),
      );
    }
    const info = await datasetInfo(birds);
    assert.deepEqual([info.images, info.counts], [6, { train: 4, val: 0, test: 2 }]);
    assert.ok(info.bytes > 6 * 4000);
  });

  test("words, questions and lists of labels are read back", async () => {
    const [text, questions] = [join(folder, "text"), join(folder, "questions")];
    await makeDataset("text", text, { train: 2, test: 0 });
    const [lettered, plain] = (await readIcdar(join(text, "images"))).pictures.map(({ words = [] }) => words);
    assert.ok(lettered.length > 0 && lettered.every(({ polygon, readable }) => polygon.length === 8 && readable));
    assert.equal(plain.length, 0);
    assert.deepEqual(
      (await readCsvList(join(text, "labels.csv"))).pictures.map(({ label }) => label),
      ["text", "no text"],
    );
    await makeDataset("questions", questions, { train: 3, test: 1 });
    const set = await readVqa(join(questions, "annotations/questions.json"), {
      annotations: join(questions, "annotations/answers.json"),
      images: join(questions, "images"),
    });
    assert.ok(set.pictures.every(({ file }) => existsSync(file)));
    const asked = set.pictures.flatMap((picture) => picture.questions ?? []);
    const drawn = (await all(readRecords(questions))).flatMap((record) => record.questions);
    assert.deepEqual(
      asked.map(({ question, answer, answers, box }) => ({ text: question, answer, answers, box })),
      drawn.map(({ text: q, answer, answers, box }) => ({ text: q, answer, answers, box })),
    );
  });

  test("a data set that is there already is not drawn again, and another one is not overwritten", async () => {
    const scenes = join(folder, "scenes");
    await makeDataset("scenes", scenes, { train: 2, test: 0 });
    let drawn = 0;
    await makeDataset("scenes", scenes, { train: 2, test: 0, onProgress: () => drawn++ });
    assert.equal(drawn, 0);
    await assert.rejects(makeDataset("scenes", scenes, { train: 3, test: 0 }), /holds another data set/);
  });

  test("another tool's manifest.json, or a damaged one, is an error that names the folder", async () => {
    const other = join(folder, "other");
    await mkdir(other);
    for (const text of ["{}", "[]", "not JSON"]) {
      await writeFile(join(other, "manifest.json"), text);
      await assert.rejects(readWorld(other), { name: "CamlabError", message: /other/ });
    }
  });

  test("killed while it draws, it leaves no folder; then it goes on and ends as if nothing had happened", async () => {
    const [killed, whole] = [join(folder, "killed"), join(folder, "whole")];
    const options = { seed: 4, train: 32, test: 2, format: "png" as const };
    await killAfter(killed, options, 28);
    assert.ok(!existsSync(killed));
    const seen: number[] = [];
    await makeDataset("objects", killed, { ...options, onProgress: ({ done }) => seen.push(done) });
    assert.equal(seen[0], 25, "the first 25 are not drawn again");
    await makeDataset("objects", whole, options);
    assert.deepEqual(await digest(killed), await digest(whole));
    assert.deepEqual(
      (await readdir(folder)).filter((name) => name.includes("unfinished")),
      [],
    );
  });
});

/** Makes the data set in another process and kills it there after so many pictures. */
async function killAfter(folder: string, options: object, pictures: number): Promise<void> {
  const module = new URL("../../src/world/make-dataset.ts", import.meta.url).href;
  const script = `
    import { makeDataset } from ${JSON.stringify(module)};
    const onProgress = ({ done }) => { if (done >= ${pictures}) process.kill(process.pid, "SIGKILL"); };
    await makeDataset("objects", ${JSON.stringify(folder)}, { ...${JSON.stringify(options)}, onProgress });`;
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], { stdio: "ignore" });
  await new Promise((resolve) => child.once("exit", resolve));
}

async function digest(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const entries = await Promise.all(
    names.map(async ({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [
        path.slice(folder.length),
        createHash("sha256")
          .update(await readFile(path))
          .digest("hex"),
      ] as const;
    }),
  );
  return Object.fromEntries(entries.sort());
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

test("more pictures than a list can hold are refused before one is drawn", async () => {
  const making = makeDataset("birds", "/nowhere/birds", { train: 10 ** 12 });
  await assert.rejects(making, {
    name: "CamlabError",
    message: /^invalid train: 1000000000000 \(expected at most 1000000/,
  });
});
