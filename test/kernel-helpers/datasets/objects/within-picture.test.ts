import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { readers } from "../../../../src/index.js";
import { withinPicture } from "../../../../src/kernel-helpers/datasets/objects/picture-objects.js";
import { draw, encode } from "../../images/pictures.js";

describe("what is annotated outside of its picture", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "camlab-outside-"));
    await encode(draw(50, 40, () => [9, 9, 9])).toFile(join(folder, "a.png"));
  });
  after(() => rm(folder, { recursive: true }));

  test("touching it is enough; a flat box at its edge is on it", () => {
    const at = (x: number, y: number, width: number, height: number) => () =>
      withinPicture({ name: "cat", box: { x, y, width, height } }, { width: 50, height: 40 });
    for (const inside of [at(-5, -5, 6, 6), at(49, 39, 500, 500), at(0, 0, 0, 0), at(0, 39, 50, 0)]) {
      assert.doesNotThrow(inside);
    }
    for (const outside of [at(50, 0, 5, 5), at(0, 40, 5, 5), at(-5, 0, 5, 5), at(3, -9, 1, 9), at(1e9, 0, 1, 1)]) {
      assert.throws(outside, /its box .* lies outside the image of 50×40/);
    }
    assert.doesNotThrow(() => withinPicture({ name: "cat", box: { x: 900, y: 0, width: 1, height: 1 } }, {}));
  });

  const boxes = [
    [10, 10, 20, 20],
    [60, 10, 70, 20],
  ];

  test("is left out and named by the readers of COCO, VOC and the labelme tool", async () => {
    const annotations = boxes.map(([x, y, right, bottom], i) => ({
      id: i + 1,
      image_id: 1,
      category_id: 1,
      bbox: [x, y, right - x, bottom - y],
    }));
    const coco = {
      images: [{ id: 1, file_name: "a.png", width: 50, height: 40 }],
      categories: [{ id: 1, name: "cat" }],
    };
    await writeFile(join(folder, "coco.json"), JSON.stringify({ ...coco, annotations }));
    const object = ([x, y, right, bottom]: readonly number[]) =>
      `<object><name>cat</name><bndbox><xmin>${x}</xmin><ymin>${y}</ymin><xmax>${right}</xmax><ymax>${bottom}</ymax></bndbox></object>`;
    await mkdir(join(folder, "voc"));
    await encode(draw(50, 40, () => [9, 9, 9])).toFile(join(folder, "voc", "a.png"));
    await writeFile(join(folder, "voc", "a.xml"), `<annotation>${boxes.map(object).join("")}</annotation>`);
    await mkdir(join(folder, "tool"));
    await encode(draw(50, 40, () => [9, 9, 9])).toFile(join(folder, "tool", "a.png"));
    const shapes = boxes.map(([x, y, right, bottom]) => ({
      label: "cat",
      shape_type: "rectangle",
      points: [
        [x, y],
        [right, bottom],
      ],
    }));
    await writeFile(
      join(folder, "tool", "a.json"),
      JSON.stringify({ imagePath: "a.png", imageWidth: 50, imageHeight: 40, shapes }),
    );
    for (const set of [
      await readers.readCoco(join(folder, "coco.json")),
      await readers.readVoc(join(folder, "voc")),
      await readers.readLabelMe(join(folder, "tool")),
    ]) {
      assert.deepEqual(
        set.pictures.flatMap(({ objects = [] }) => objects.map(({ box }) => box)),
        [{ x: 10, y: 10, width: 10, height: 10 }],
      );
      assert.match(set.notes?.join() ?? "", /1 of 2 .*; 1 left out: .*60,10,70,20 lies outside the image of 50×40/);
    }
  });

  test("a data.yaml says which of its folders are not there, and which hold no images", async () => {
    await mkdir(join(folder, "yolo", "empty"), { recursive: true });
    await writeFile(join(folder, "yolo", "data.yaml"), "train: empty\nval: gone\nnames: [cat]\n");
    await assert.rejects(
      readers.readYolo(join(folder, "yolo")),
      /data\.yaml names no folder .*: train: empty holds no images \(.*empty\), val: gone is not there/,
    );
  });
});
