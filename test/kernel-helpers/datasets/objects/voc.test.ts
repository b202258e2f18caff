import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readVoc, type VocOptions } from "../../../../src/kernel-helpers/datasets/objects/voc/voc.js";
import { grey, inTree, type Tree } from "../tree.js";

const png = await grey(100, 50);

const bounds = (xmin: number | string, ymin: number | string, xmax: number, ymax: number) =>
  `<bndbox><xmax>${xmax}</xmax><xmin>${xmin}</xmin><ymax>${ymax}</ymax><ymin>${ymin}</ymin></bndbox>`;
const object = (name: string, box: string, more = "") => `<object><name>${name}</name>${box}${more}</object>`;
const annotation = (
  inside: string,
  { filename = "a.png", database = "Unknown", size = "<size><width>100</width><height>50</height></size>" } = {},
) =>
  `<annotation><filename>${filename}</filename><source><database>${database}</database></source>${size}${inside}</annotation>`;

const read = (files: Tree, path = ".", options?: VocOptions) =>
  inTree(files, async (folder) => {
    const { classes, pictures, notes = [] } = await readVoc(join(folder, path), options);
    return {
      classes,
      pictures,
      files: pictures.map(({ file }) => file.replace(folder, "F")),
      notes: notes.map((note) => note.replaceAll(folder, "F")),
    };
  });

test("the challenge's layout: splits, parts, difficult ones, pixels counted from 1 to the last", async () => {
  const person = object(
    "person",
    bounds(1, 1, 100, 50),
    `<difficult>1</difficult><part><name>hand</name>${bounds(2, 2, 4, 4)}</part><part><name>hand</name>${bounds(5, 5, 5, 5)}</part>`,
  );
  const inside = person + object("dog", bounds("3.5", 4, 10, 12));
  const { classes, pictures, files, notes } = await read({
    "Annotations/a.xml": annotation(inside, { database: "The VOC2007 Database" }),
    "Annotations/b.xml": annotation("", { filename: "b.png" }),
    "JPEGImages/a.png": png,
    "JPEGImages/b.png": png,
    "ImageSets/Main/train.txt": "a\n",
    "ImageSets/Main/val.txt": "b 1\na\n",
    "ImageSets/Main/test.txt": "lost\n",
  });
  assert.deepEqual(
    [classes, files],
    [
      ["dog", "person"],
      ["F/JPEGImages/a.png", "F/JPEGImages/b.png"],
    ],
  );
  const [a, b] = pictures;
  assert.deepEqual([a.id, a.split, a.labels, a.width, a.height], ["a", "train", ["dog", "person"], 100, 50]);
  assert.deepEqual([b.split, b.labels, b.objects], ["val", [], []]);
  assert.deepEqual(a.objects, [
    {
      name: "person",
      box: { x: 0, y: 0, width: 100, height: 50 },
      difficult: true,
      parts: { hand: { x: 1, y: 1, width: 3, height: 3 }, "hand 2": { x: 4, y: 4, width: 1, height: 1 } },
    },
    { name: "dog", box: { x: 2.5, y: 3, width: 7.5, height: 9 } },
  ]);
  assert.deepEqual(notes, [
    "listed for train and val, read for train: a",
    "in test.txt, but without annotations: lost",
  ]);
});

test("what annotation programs write: beside the images, corners from 0, names of files that are another's", async () => {
  const { pictures, files } = await read({
    "sub/a.xml": annotation(object("dog", bounds(3, 4, 10, 12)), { filename: "C:\\photos\\other.png", size: "" }),
    "sub/a.png": png,
    "b.xml": annotation("", { filename: "B photo.png" }),
    "B photo.png": png,
  });
  assert.deepEqual(files, ["F/B photo.png", "F/sub/a.png"]);
  assert.deepEqual(pictures[1].objects, [{ name: "dog", box: { x: 3, y: 4, width: 7, height: 8 } }]);
  assert.deepEqual([pictures[1].id, pictures[1].width], ["sub/a", 100]);
  const counted = await read({ "a.xml": annotation(object("dog", bounds(3, 4, 10, 12))), "a.png": png }, ".", {
    corners: "voc",
  });
  assert.deepEqual(counted.pictures[0].objects[0].box, { x: 2, y: 3, width: 8, height: 9 });
});

test("one record that cannot be used loses nothing else", async () => {
  const inside = [
    object("dog", bounds(3, 4, 10, 12)),
    object("", bounds(3, 4, 10, 12)),
    object("cat", ""),
    object("cat", bounds(3, "", 10, 12)),
    object("cat", bounds(10, 4, 3, 12)),
  ].join("");
  const { pictures, notes } = await read({
    "a.xml": annotation(inside),
    "a.png": png,
    "cut.xml": "<annotation><object>",
    "lost.xml": annotation("", { filename: "lost.png" }),
    "other.xml": "<tagset/>",
    "sun.xml": "<annotation><imagesize/><object><name>x</name><polygon/></object></annotation>",
    "sun.png": png,
  });
  assert.deepEqual(
    pictures.map(({ objects }) => objects.length),
    [1],
  );
  assert.match(notes[0], /^1 of 5 annotations of F\/?; 4 left out: cut\.xml \(F\/cut\.xml is no XML/);
  assert.match(notes[0], /lost\.xml \(its image lost\.png is not there: say where with \{ images \}\)/);
  assert.match(notes[0], /other\.xml \(its root is <tagset>, not <annotation>\)/);
  assert.match(notes[0], /sun\.xml \(it looks like LabelMe's annotations, which readLabelMe reads\)/);
  assert.match(
    notes[1],
    /^1 of 5 objects of F\/?; 4 left out: a\.xml, object 2 \(it has no name\); a\.xml, object 3 \(it has no bndbox\)/,
  );
  assert.match(
    notes[1],
    /object 4 \(its box is \["3","","10","12"\], not four numbers\); a\.xml, object 5 \(its box ends before it begins/,
  );
});

test("an image that no annotation names is found by any ending of an image, in capitals too", async () => {
  const nameless = annotation("", { filename: "" });
  const { files } = await read({ "a.xml": nameless, "a.tiff": png, "b.xml": nameless, "b.HEIC": png });
  assert.deepEqual(files, ["F/a.tiff", "F/b.HEIC"]);
});

test("a folder without annotations, or of another layout, is an error that says so", async () => {
  const rejects = (files: Tree, message: RegExp, options?: object) =>
    inTree(files, (folder) => assert.rejects(readVoc(folder, options), { name: "CamlabError", message }));
  await rejects(
    { "classes.txt": "a", "obj.names": "a" },
    /holds no annotations NAME\.xml; it looks like a data set of YOLO/,
  );
  await rejects(
    { "sun.xml": "<annotation><imagesize/></annotation>" },
    /cannot be used: 0 of 1 annotations; 1 left out: sun\.xml \(it looks like LabelMe's annotations, which readLabelMe reads\)/,
  );
  await rejects({}, /invalid corners: "VOC" \(expected voc or plain\)/, { corners: "VOC" });
});

describe("real data: Pascal VOC", { skip: !process.env.CAMLAB_REAL }, () => {
  test("annotations of an annotation program, as ElementTree reads their numbers", async () => {
    const { classes, pictures, notes } = await readVoc(join(process.env.CAMLAB_REAL!, "data/voc-format"));
    assert.deepEqual([classes, notes], [["kangaroo"], undefined]);
    assert.ok(pictures.length > 0 && pictures.every(({ objects }) => objects.length > 0));
    const [first] = pictures;
    assert.deepEqual(first.objects[0].box, { x: 233, y: 89, width: 153, height: 173 });
  });
});
