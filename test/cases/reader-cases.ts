import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { readFolderPerClass, readers } from "../../src/index.js";
import { either, type CaseChecks, type GivenCase, refused } from "./given-case.js";

const { readCoco, readIcdar, readLabelMe, readCsvList, readYolo } = readers;

/** Files and the names of their objects, without captions. */
async function cocoOf(...args: Parameters<typeof readCoco>) {
  const { pictures, notes } = await readCoco(...args);
  const images = pictures.map(({ file, objects }) => ({
    file: basename(file),
    objects: objects.map(({ name }) => name),
  }));
  return { images, notes: notes ?? [] };
}

async function wordsOf({ folder }: GivenCase) {
  const { pictures } = await readIcdar(folder);
  return pictures[0].words?.map(({ polygon, text, readable }) => ({ polygon: [...polygon], text, readable }));
}

async function classesAndSplits({ path, expected }: GivenCase) {
  const { classes, pictures } = await readFolderPerClass(path("data"));
  const images = pictures.map(({ id, label, split }) => [id, label, split ?? null]);
  assert.deepEqual({ classes, images }, expected);
}

export const readerCases: CaseChecks = {
  "13-coco-two-splits-same-ids": async ({ path, expected }) => {
    const parts = ["train", "valid"].map((part) => path(part, "_annotations.coco.json"));
    assert.deepEqual((await cocoOf(parts)).images, either(expected));
  },
  "15-coco-lvis-no-file-name": async ({ path, expected }) => {
    assert.deepEqual((await cocoOf(path("lvis.json"), { images: "photos" })).images, either(expected));
  },
  "17-coco-nan": async ({ path, expected }) => {
    const { images, notes } = await cocoOf(path("coco.json"));
    assert.deepEqual(images, either(expected));
    assert.match(notes.join("\n"), /NaN/);
  },
  "18-coco-flat-outline": async ({ path, expected }) => {
    const { pictures } = await readCoco(path("coco.json"));
    assert.deepEqual(pictures[0].objects[0].polygons, either(expected));
  },
  "19-icdar-mlt-script-column": async (given) => {
    assert.deepEqual(await wordsOf(given), either(given.expected));
  },
  "21-icdar-empty-coordinate": async ({ folder }) => {
    await refused(() => readIcdar(folder), /gt_img_1\.txt.*coordinates/s);
  },
  "22-icdar-2013-rectangles": async (given) => {
    assert.deepEqual(await wordsOf(given), either(given.expected));
  },
  "23-labelme-latin1": async ({ path, expected }) => {
    const { pictures } = await readLabelMe(path("Annotations"));
    assert.deepEqual(
      pictures.map(({ objects }) => objects.map(({ name, box }) => [name, box])),
      expected,
    );
  },
  "25-labelme-mask-objects": async ({ path, expected }) => {
    const { pictures } = await readLabelMe(path("Annotations"));
    assert.deepEqual(
      pictures.map(({ objects }) => objects.map(({ name, box }) => [name, box])),
      either(expected),
    );
  },
  "27-labelme-json": async ({ path }) => {
    const { pictures } = await readLabelMe(path("data"));
    assert.deepEqual(
      pictures.map(({ objects }) => objects.map(({ name, polygons }) => [name, polygons])),
      [[["dog", [[1, 1, 9, 1, 9, 9]]]]],
    );
  },
  "28-folders-ipynb-checkpoints": classesAndSplits,
  "30-folders-jfif": classesAndSplits,
  "31-csv-open-quote": async ({ path }) => {
    await refused(() => readCsvList(path("labels.csv")), /row 2.*quote/s);
  },
  "32-yolo-roboflow-layout": async ({ path, expected }) => {
    const { pictures } = await readYolo(path("data"));
    assert.deepEqual(
      pictures.map(({ id, labels }) => [id, labels]),
      either(expected),
    );
  },
  "h14-reader-raw-errors": async (_, scratch) => {
    for (const [i, document] of [
      { images: [null], annotations: [] },
      { images: [{ id: 1 }], annotations: [] },
      { images: [{ id: 1, file_name: "a.jpg" }], annotations: [{ image_id: 1, id: 1, caption: 5 }] },
    ].entries()) {
      const file = join(scratch, `raw-${i}.json`);
      await writeFile(file, JSON.stringify(document));
      await refused(() => readCoco(file), new RegExp(`raw-${i}\\.json`));
    }
  },
};
