import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { readYolo, type YoloOptions } from "../../../../src/kernel-helpers/datasets/objects/yolo/yolo.js";
import { grey, inTree, type Tree } from "../tree.js";

const png = await grey(100, 50);
const BOX = "0 0.5 0.5 0.2 0.4\n";
const OTHER = "1 0.5 0.5 0.2 0.4\n";

const read = (files: Tree, path = ".", options?: YoloOptions) =>
  inTree(files, async (folder) => {
    const { classes, pictures, notes = [] } = await readYolo(join(folder, path), options);
    const found = pictures.map(({ id, labels, split }) => [id, labels?.join("+"), ...(split ? [split] : [])]);
    return { classes, found, notes: notes.map((note) => note.replaceAll(folder, "F")), pictures };
  });

const SPLITS = {
  "train/images/a.png": png,
  "train/labels/a.txt": BOX,
  "valid/images/b.png": png,
  "valid/labels/b.txt": OTHER,
};
const FOUND = [
  ["train/a", "cat", "train"],
  ["valid/b", "dog", "val"],
];

test("Roboflow's data.yaml: its folders are not where it says; names as a list or by number", async () => {
  const places = "train: ../train/images\nval: ../valid/images\ntest: ../test/images\n";
  for (const names of [
    "nc: 2\nnames: ['cat', 'dog']",
    "names:\n  0: cat\n  1: dog",
    "names: {0: cat, 1: dog}",
    "names:\n- cat\n- dog",
  ]) {
    const { classes, found, notes } = await read({ ...SPLITS, "data.yaml": `${places}${names}\n` });
    assert.deepEqual([classes, found], [["cat", "dog"], FOUND]);
    assert.deepEqual(notes, ["test: ../test/images of F/data.yaml is not there"]);
  }
});

test("a folder may be written with a slash at its end", async () => {
  await inTree({ ...SPLITS, "data.yaml": "train: train/images\nnames: [cat, dog]\n" }, async (folder) => {
    assert.deepEqual((await readYolo(`${folder}/`)).classes, ["cat", "dog"]);
  });
});

test("Ultralytics' description: a root, folders of images, lists, the same part twice", async () => {
  const files = {
    "set/images/train/a.png": png,
    "set/labels/train/a.txt": BOX,
    "set/images/more/b.png": png,
    "set/labels/more/b.txt": OTHER,
    "set/lists/val.txt": "./images/more/b.png\n",
  };
  const names = "names:\n  0: cat\n  1: dog\n";
  const described = await read(
    { ...files, "coco.yaml": `path: ../nowhere/set\ntrain: [set/images/train]\nval: set/images/more\n${names}` },
    "coco.yaml",
  );
  assert.deepEqual(
    described.found.map(([, ...rest]) => rest),
    [
      ["cat", "train"],
      ["dog", "val"],
    ],
  );
  const listed = await read(
    { ...files, "set/data.yml": `path: .\ntrain: images/train\nval: lists/val.txt\n${names}` },
    "set/data.yml",
  );
  assert.deepEqual(
    listed.found.map(([, ...rest]) => rest),
    [
      ["cat", "train"],
      ["dog", "val"],
    ],
  );
  const twice = await read({ ...files, "set/data.yml": `train: images\nval: images\n${names}` }, "set/data.yml");
  assert.equal(twice.found.length, 2);
  assert.match(twice.notes[0], /^listed for train and for val, read for train: .*b\.png, .*a\.png$/);
});

test("without a description: folders of splits, labels beside images, plain images and labels", async () => {
  assert.deepEqual((await read(SPLITS, ".", { classes: ["cat", "dog"] })).found, FOUND);
  const beside = { "classes.txt": "cat\ndog\n", "a.png": png, "a.txt": BOX, "b.png": png };
  assert.deepEqual((await read(beside)).found, [
    ["a", "cat"],
    ["b", ""],
  ]);
  const years = { "classes.txt": "cat\ndog\n", "images/val2017/a.png": png, "labels/val2017/a.txt": BOX };
  assert.deepEqual((await read(years)).found, [["val2017/a", "cat", "val"]]);
  const deep = { "labels/classes.txt": "cat\n", "images/images/a.png": png, "images/labels/a.txt": BOX };
  assert.deepEqual((await read(deep)).found, [["a", "cat"]]);
});

test("darknet: obj.data, obj.names, and a list whose paths are another machine's", async () => {
  const files = {
    "obj.data":
      "classes = 2\ntrain  = data/train.txt\nvalid = data/test.txt\nnames = data/obj.names\nbackup = backup/\n",
    "obj.names": "cat\ndog\n",
    "train.txt": "data/obj/a.png\n/content/darknet/data/obj/b.png\n",
    "obj/a.png": png,
    "obj/a.txt": BOX,
    "obj/b.png": png,
    "obj/b.txt": OTHER,
  };
  for (const path of [".", "obj.data"]) {
    const { found, notes } = await read(files, path);
    assert.deepEqual(found, [
      ["obj/a", "cat", "train"],
      ["obj/b", "dog", "train"],
    ]);
    assert.deepEqual(notes, ["valid = data/test.txt, of F/obj.data, is not there"]);
  }
});

test("lines: confidences and poses have a box, outlines are kept, classes as 1.0; the others are named", async () => {
  const lines = [
    "0 0.5 0.5 0.2 0.4 0.93",
    "1.0 0.5 0.5 0.2 0.4",
    "0 0.1 0.1 0.2 0.1 0.2 0.2",
    "0 0.5 0.5 0.2",
    "0 0.5 0.5 0.2 x",
    "0 50 25 20 20",
    "7 0.5 0.5 0.2 0.4",
    "-1 0.5 0.5 0.2 0.4",
    "0 0.5 0.5 -0.2 0.4",
    "0,0.5,0.5,0.2,0.4",
  ];
  const files = { "classes.txt": "cat\ndog\n", "images/a.png": png, "labels/a.txt": lines.join("\n") };
  const { pictures, notes } = await read(files);
  assert.deepEqual(
    pictures[0].objects.map(({ name, box, polygons }) => [
      name,
      Math.round(box.x),
      Math.round(box.width),
      polygons?.[0].length,
    ]),
    [
      ["cat", 40, 20, undefined],
      ["dog", 40, 20, undefined],
      ["cat", 10, 10, 6],
      ["cat", 40, 20, undefined],
    ],
  );
  assert.match(notes[0], /^4 of 10 lines of labels of F; 6 left out: labels\/a\.txt, line 4 /);
  assert.match(notes[0], /line 6 \("0 50 25 20 20" is not in shares of the image, from 0 to 1\)/);
  assert.match(notes[0], /line 7 \(class 7 has no name: there are names for 0 to 1\)/);

  const pose = {
    "data.yaml": "train: images\nkpt_shape: [2, 2]\nnames: [cat]\n",
    "images/a.png": png,
    "labels/a.txt": "0 0.5 0.5 0.2 0.4 0.4 0.4 0.6 0.6\n",
  };
  const [{ objects }] = (await read(pose)).pictures;
  assert.deepEqual([objects[0].polygons, Math.round(objects[0].box.width)], [undefined, 20]);
});

test("images that are none, labels without an image, and one name twice are told", async () => {
  const files = {
    "classes.txt": "cat\ncat\n\nowl\n",
    "images/a.png": png,
    "images/a.tif": "no image",
    "images/b.svg": "<svg/>",
    "labels/a.txt": BOX,
    "labels/lost.txt": BOX,
    "README.md": "",
  };
  const { classes, found, notes } = await read(files);
  assert.deepEqual([classes, found], [["cat", "owl"], [["a.png", "cat"]]]);
  assert.match(
    notes[0],
    /^1 of 3 images of F; 2 left out: images\/b\.svg \(no image by its name\); images\/a\.tif \(cannot read/,
  );
  assert.match(
    notes[1],
    /^1 of 2 files of labels of F; 1 left out: labels\/lost\.txt \(there is no image of that name\)/,
  );
  assert.match(notes[2], /more than one number is called "cat": read as one class/);
});

test("what is no data set of YOLO, or has no names, is an error that says what to do", async () => {
  const rejects = (files: Tree, message: RegExp, path = ".") =>
    inTree(files, (folder) => assert.rejects(readYolo(join(folder, path)), { name: "CamlabError", message }));
  await rejects({ "images/a.png": png }, /has no classes\.json, classes\.txt or obj\.names, and no data\.yaml: give/);
  await rejects({ "classes.txt": "cat\n" }, /holds no images/);
  await rejects({ "data.yaml": "names: [a" }, /data\.yaml is no YAML/);
  await rejects({ "data.yaml": "- 1" }, /data\.yaml is no description of a data set/);
  await rejects({ "data.yaml": "names: 5\ntrain: images", "images/a.png": png }, /the names of classes cannot be 5/);
  await rejects({ "data.yaml": "names: [cat]\ntrain: nowhere" }, /names no folder or list of images .* that is there/);
  await rejects(
    { "x.csv": "image,label\n" },
    /is neither a folder nor a data\.yaml or obj\.data; it looks like a list of labels in CSV/,
    "x.csv",
  );
  await rejects(
    { "classes.txt": "cat\n", "images/a.png": png, "labels/a.txt": "nothing\n" },
    /cannot be used: 0 of 1 lines of labels/,
  );
  await inTree({ "x.txt": "" }, async (folder) => {
    await rm(folder + "/x.txt");
    await assert.rejects(readYolo(join(folder, "gone")), /cannot read .*gone: there is no such file or folder/);
  });
});

test("folders and lists that lie neither with their description nor in the current folder are refused, unless told", async () => {
  await inTree({ "mine/a.png": png, "mine/train.txt": "a.png\n", "set/deep/about.txt": "" }, async (folder) => {
    const names = "names: [cat, dog]\n";
    for (const [name, text] of [
      ["data.yaml", `train: ${folder}/mine\n${names}`],
      ["data.yaml", `path: ${folder}\ntrain: mine\n${names}`],
      ["data.yaml", `train: ../../mine\n${names}`],
      ["data.yaml", `train: ../../mine/train.txt\n${names}`],
      ["obj.data", `train = ${folder}/mine/train.txt\n`],
    ]) {
      const file = join(folder, "set/deep", name);
      await writeFile(file, text);
      const message = /names .*mine.*, which lies neither with it nor in the current folder: .*anywhere: true/;
      await assert.rejects(readYolo(file), { name: "CamlabError", message });
      const { pictures } = await readYolo(file, { anywhere: true, classes: ["cat", "dog"] });
      assert.deepEqual(
        pictures.map(({ file: found }) => found.endsWith("mine/a.png")),
        [true],
      );
    }
  });
});
