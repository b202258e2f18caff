import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, test } from "node:test";
import { readCoco } from "../../../src/kernel-helpers/datasets/objects/coco/coco.js";
import { readCsvList } from "../../../src/kernel-helpers/datasets/classes/csv-list.js";
import { readCub } from "../../../src/kernel-helpers/datasets/classes/cub.js";
import { readFolderPerClass } from "../../../src/kernel-helpers/datasets/classes/folder-per-class.js";
import { readIcdar } from "../../../src/kernel-helpers/datasets/words/icdar.js";
import { decodeMask, regionsOf, uncompressCounts } from "../../../src/kernel-helpers/images/masks/masks.js";
import { readVqa } from "../../../src/kernel-helpers/datasets/language/vqa.js";

describe("readers of published layouts", () => {
  let folder: string;
  const write = async (files: Readonly<Record<string, string>>) => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
  };
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "camlab-readers-"));
  });
  after(() => rm(folder, { recursive: true }));

  test("a folder for each class, with and without splits", async () => {
    await write({ "plain/dog/b.jpg": "", "plain/dog/a.PNG": "", "plain/cat/c.jpeg": "", "plain/cat/notes.txt": "" });
    const plain = await readFolderPerClass(join(folder, "plain"));
    assert.deepEqual(plain.classes, ["cat", "dog"]);
    assert.deepEqual(
      plain.pictures.map(({ id, label }) => [id, label]),
      [
        ["cat/c.jpeg", "cat"],
        ["dog/a.PNG", "dog"],
        ["dog/b.jpg", "dog"],
      ],
    );
    await write({ "parted/train/dog/a.jpg": "", "parted/test/dog/b.jpg": "" });
    const parted = await readFolderPerClass(join(folder, "parted"));
    assert.deepEqual(
      parted.pictures.map(({ id, split }) => [id, split]),
      [
        ["test/dog/b.jpg", "test"],
        ["train/dog/a.jpg", "train"],
      ],
    );
    await assert.rejects(readFolderPerClass(join(folder, "nowhere")), /cannot read the folder/);
  });

  test("CUB's lists", async () => {
    await write({
      "cub/images.txt": "1 001.Red_Bird/a b.jpg\n2 002.Blue_Bird/c.jpg\n",
      "cub/image_class_labels.txt": "1 1\n2 2\n",
      "cub/classes.txt": "1 001.Red_Bird\n2 002.Blue_Bird\n",
      "cub/train_test_split.txt": "1 0\n2 1\n",
      "cub/bounding_boxes.txt": "1 60.0 27.0 325.0 304.0\n2 1 2 3 4\n",
    });
    const { classes, pictures } = await readCub(join(folder, "cub"));
    assert.deepEqual(classes, ["Red Bird", "Blue Bird"]);
    assert.deepEqual(pictures[0], {
      file: join(folder, "cub/images/001.Red_Bird/a b.jpg"),
      id: "1",
      label: "Red Bird",
      split: "test",
      box: { x: 60, y: 27, width: 325, height: 304 },
    });
    await write({ "cub/image_class_labels.txt": "1 1\n" });
    const fewer = await readCub(join(folder, "cub"));
    assert.equal(fewer.pictures.length, 1);
    assert.match(fewer.notes![0], /^1 of 2 images of .*: image 2 \(002.Blue_Bird\/c.jpg\) \(it has no class/);
  });

  test("lists in CSV, quoted as spreadsheets do", async () => {
    await write({ "list.csv": '\uFEFFimage,label,split\n"one, two.jpg",cat,train\nb.jpg,dog|cat,test\n' });
    const { classes, pictures } = await readCsvList(join(folder, "list.csv"));
    assert.deepEqual(classes, ["cat", "dog"]);
    assert.deepEqual(
      pictures.map(({ id, labels, split }) => [id, labels, split]),
      [
        ["one, two.jpg", ["cat"], "train"],
        ["b.jpg", ["dog", "cat"], "test"],
      ],
    );
    await write({ "bad.csv": "image,label,split\na.jpg,cat,trian\n" });
    await assert.rejects(readCsvList(join(folder, "bad.csv")), /row 2 \(split "trian"/);
  });

  test("COCO: polygons, masks as numbers and as text, captions beside them", async () => {
    const images = [{ id: 7, file_name: "a.jpg", width: 4, height: 3 }];
    const base = { image_id: 7, category_id: 18, bbox: [1, 0, 2, 3], area: 6 };
    await write({
      "instances.json": JSON.stringify({
        images,
        categories: [{ id: 18, name: "dog" }],
        annotations: [
          { ...base, id: 1, iscrowd: 0, segmentation: [[1, 0, 3, 0, 3, 3, 1, 3]] },
          { ...base, id: 2, iscrowd: 1, segmentation: { size: [3, 4], counts: [3, 6, 3] } },
          { ...base, id: 3, iscrowd: 1, segmentation: { size: [3, 4], counts: "363" } },
        ],
      }),
      "captions.json": JSON.stringify({ images, annotations: [{ id: 1, image_id: 7, caption: " A dog. \n" }] }),
    });
    const coco = await readCoco([join(folder, "instances.json"), join(folder, "captions.json")]);
    const [{ file, objects, captions }] = coco.pictures;
    assert.deepEqual([coco.classes, file, captions], [["dog"], join(folder, "a.jpg"), ["A dog."]]);
    assert.deepEqual(objects[0].polygons, [[1, 0, 3, 0, 3, 3, 1, 3]]);
    assert.deepEqual(objects[1].mask, { width: 4, height: 3, counts: [3, 6, 3] });
    assert.deepEqual(objects[2].mask, objects[1].mask);
    assert.deepEqual([...decodeMask(objects[1].mask)], [0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0]);
  });

  test("COCO's compressed counts", async () => {
    const file = new URL("../../fixtures/datasets/counts.json", import.meta.url);
    const cases = JSON.parse(await readFile(file, "utf8")) as { counts: number[]; text: string }[];
    for (const { counts, text } of cases) assert.deepEqual(uncompressCounts(text), counts);
  });

  test("VQA: questions with and without annotations", async () => {
    const answers = ["net", "net", "mesh"].map((answer, i) => ({ answer, answer_id: i + 1, answer_confidence: "yes" }));
    await write({
      "q.json": JSON.stringify({
        data_type: "mscoco",
        data_subtype: "val2014",
        questions: [
          { image_id: 4, question_id: 4000, question: "What?" },
          { image_id: 5, question_id: 5000, question: "Why?" },
          { image_id: 4, question_id: 4001, question: "Where?" },
        ],
      }),
      "a.json": JSON.stringify({
        annotations: [
          {
            question_id: 4000,
            image_id: 4,
            multiple_choice_answer: "net",
            answers,
            question_type: "what",
            answer_type: "other",
          },
        ],
      }),
    });
    const { pictures } = await readVqa(join(folder, "q.json"), { annotations: join(folder, "a.json"), split: "test" });
    assert.deepEqual(pictures, [
      {
        file: join(folder, "COCO_val2014_000000000004.jpg"),
        id: "4",
        split: "test",
        questions: [
          {
            id: 4000,
            question: "What?",
            answer: "net",
            answers: ["net", "net", "mesh"],
            questionType: "what",
            answerType: "other",
          },
          { id: 4001, question: "Where?" },
        ],
      },
      {
        file: join(folder, "COCO_val2014_000000000005.jpg"),
        id: "5",
        split: "test",
        questions: [{ id: 5000, question: "Why?" }],
      },
    ]);
    await assert.rejects(readVqa(join(folder, "a.json")), /has no list "questions"/);
  });

  test("ICDAR's polygons, commas in the words", async () => {
    await write({
      "text/img_2.jpg": "",
      "text/img_10.jpg": "",
      "text/gt_img_10.txt": "",
      "text/gt_img_2.txt": "\uFEFF1,2,3,4,5,6,7,8,a,b\r\n1.5,2,3,4,5,6,7,8,###\r\n",
    });
    const { pictures } = await readIcdar(join(folder, "text"));
    assert.deepEqual(
      pictures.map(({ id, words }) => [id, words?.length]),
      [
        ["img_2", 2],
        ["img_10", 0],
      ],
    );
    assert.deepEqual(pictures[0].words?.[0], { polygon: [1, 2, 3, 4, 5, 6, 7, 8], text: "a,b", readable: true });
    assert.equal(pictures[0].words?.[1].readable, false);
  });
});

test("regions of a map, and their masks", () => {
  const map = [7, 7, 0, 9, 7, 0, 0, 9, 0, 0, 0, 9];
  const regions = regionsOf(map, 4, 3);
  assert.deepEqual(regions.get(7), {
    box: { x: 0, y: 0, width: 2, height: 2 },
    area: 3,
    mask: { width: 4, height: 3, counts: [0, 2, 1, 1, 8] },
  });
  for (const [value, { mask }] of regions)
    assert.deepEqual(
      [...decodeMask(mask)],
      map.map((other) => Number(other === value)),
    );
  assert.throws(() => decodeMask({ width: 2, height: 2, counts: [3] }), /counts for 3/);
});

const REAL = process.env.CAMLAB_REAL;

describe("real data: published layouts as distributed", { skip: !REAL }, () => {
  const data = (name: string) => join(REAL!, "data", name);

  test("CUB-200-2011", async () => {
    const { classes, pictures } = await readCub(data("cub20"));
    assert.equal(classes.length, 20);
    assert.equal(pictures.length, 1115);
    assert.ok(pictures.every(({ box, split }) => box && split));
  });

  test("Caltech-101, scenes with splits", async () => {
    const caltech = await readFolderPerClass(data("caltech30"));
    assert.deepEqual([caltech.classes.length, caltech.pictures.length], [30, 1500]);
    const scenes = await readFolderPerClass(data("scenes6"));
    assert.deepEqual(
      [scenes.classes.length, scenes.pictures.filter(({ split }) => split === "train").length, scenes.pictures.length],
      [6, 600, 900],
    );
  });

  test("ICDAR 2015", async () => {
    const { pictures } = await readIcdar(data("scene-text"));
    assert.equal(pictures.length, 160);
    assert.ok(pictures.some(({ words }) => words?.some(({ readable }) => readable)));
  });

  test("VQA v2", async () => {
    const { pictures } = await readVqa(join(data("vqa-v2-format"), "questions.json"), {
      annotations: join(data("vqa-v2-format"), "annotations.json"),
    });
    const questions = pictures.flatMap((picture) => picture.questions ?? []);
    assert.ok(questions.length > 0 && questions.every(({ answers }) => answers?.length === 10));
  });
});
