import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readCoco } from "../../../../src/kernel-helpers/datasets/objects/coco/coco.js";
import { readCocoCaptions } from "../../../../src/kernel-helpers/datasets/language/coco-captions.js";
import { maskOfObject } from "../../../../src/kernel-helpers/datasets/objects/picture-objects.js";
import { decodeMask } from "../../../../src/kernel-helpers/images/masks/masks.js";
import { grey, inTree } from "../tree.js";

const dog = { id: 1, name: "dog" };
const image = { id: 1, file_name: "a.jpg", width: 20, height: 10 };
const box = { id: 1, image_id: 1, category_id: 1, bbox: [1, 2, 3, 4] };

/** Reads one file of COCO's form. */
const readOne = (file: object) => inTree({ "coco.json": file }, (folder) => readCoco(join(folder, "coco.json")));

/** What is left out, without the folder's name. */
const told = (notes: readonly string[] = []) =>
  notes
    .filter((note) => !note.startsWith("there is no file"))
    .map((note) => note.replace(/ of \S*\/(?=[^/]*json)/, " of "));

describe("COCO: files of several parts", () => {
  const part = (name: string, thing: string) => ({
    images: [{ id: 0, file_name: name, width: 40, height: 30 }],
    categories: [{ id: 3, name: thing }],
    annotations: [{ id: 0, image_id: 0, category_id: 3, bbox: [1, 1, 5, 5] }],
  });

  test("parts that count images and categories from the same number do not mix, each beside its own images", async () => {
    const files = { "train/c.json": part("x.jpg", "fox"), "test/c.json": part("y.jpg", "owl") };
    await inTree(files, async (folder) => {
      const set = await readCoco([join(folder, "train/c.json"), join(folder, "test/c.json")]);
      assert.deepEqual(set.classes, ["fox", "owl"]);
      assert.deepEqual(
        set.pictures.map(({ id, file, objects }) => [id, file, objects.map(({ name }) => name)]),
        [
          ["0", join(folder, "train/x.jpg"), ["fox"]],
          ["test/0", join(folder, "test/y.jpg"), ["owl"]],
        ],
      );
    });
  });

  test("the same image under another number in a file of captions is one picture", async () => {
    const captions = { images: [{ ...image, id: 9 }], annotations: [{ id: 4, image_id: 9, caption: "A dog." }] };
    const files = { "i.json": { images: [image], categories: [dog], annotations: [box] }, "c.json": captions };
    await inTree(files, async (folder) => {
      const { pictures } = await readCoco([join(folder, "i.json"), join(folder, "c.json")]);
      assert.deepEqual(
        pictures.map(({ objects, captions: said }) => [objects.length, said]),
        [[1, ["A dog."]]],
      );
    });
  });

  test("captions in another folder belong to the images beside the instances", async () => {
    const captions = { images: [image], annotations: [{ id: 4, image_id: 1, caption: "A dog." }] };
    const instances = { images: [image], categories: [dog], annotations: [box] };
    const files = { "a/i.json": instances, "a/a.jpg": await grey(20, 10), "b/c.json": captions };
    await inTree(files, async (folder) => {
      const { pictures } = await readCoco([join(folder, "a/i.json"), join(folder, "b/c.json")]);
      assert.deepEqual(
        pictures.map(({ file, captions: said }) => [file, said]),
        [[join(folder, "a/a.jpg"), ["A dog."]]],
      );
    });
  });

  test("a number that two images of one file have means neither, and both are named with their annotations", async () => {
    const other = { ...image, file_name: "b.jpg" };
    const third = { ...image, id: 2, file_name: "c.jpg" };
    const annotations = [box, { ...box, id: 2, image_id: 2 }];
    const { pictures, notes } = await readOne({ images: [image, other, third], categories: [dog], annotations });
    assert.deepEqual(
      pictures.map(({ id }) => id),
      ["2"],
    );
    assert.deepEqual(told(notes), [
      "1 of 3 images of coco.json; 2 left out: image 1, image 1 (image 1 is a.jpg and b.jpg)",
      "1 of 2 annotations of coco.json; 1 left out: annotation 1 (image 1 is a.jpg and b.jpg)",
    ]);
  });

  test("an image that is listed under two numbers is one picture with the objects of both", async () => {
    const annotations = [box, { ...box, id: 2, image_id: 5 }];
    const { pictures, notes } = await readOne({
      images: [image, { ...image, id: 5, file_name: "./a.jpg" }],
      categories: [dog],
      annotations,
    });
    assert.deepEqual(
      pictures.map(({ objects }) => objects.length),
      [2],
    );
    assert.match(
      told(notes)[0],
      /^1 of 2 images of coco.json; 1 left out: image 5 \(\.\/a\.jpg is listed as image 1, too/,
    );
  });

  test("a number that two categories have means neither; two numbers of one name are one class", async () => {
    const categories = [dog, { id: 1, name: "cat" }, { id: 7, name: "owl" }, { id: 8, name: "owl" }];
    const annotations = [box, { ...box, id: 2, category_id: 7 }, { ...box, id: 3, category_id: 8 }];
    const { classes, pictures, notes } = await readOne({ images: [image], categories, annotations });
    assert.deepEqual(classes, ["owl"]);
    assert.equal(pictures[0].objects.length, 2);
    assert.match(told(notes).join("\n"), /annotation 1 \(category 1 is "dog" and "cat"\)/);
    assert.match(told(notes).join("\n"), /categories 7 and 8 .* are both called "owl"/);
  });
});

describe("COCO: what other programs write", () => {
  test("LVIS names images by address, and may have a folder for each of COCO's parts", async () => {
    const url = (name: string) => `http://images.cocodataset.org/train2017/${name}`;
    const lvis = {
      images: [
        { id: 5, coco_url: url("000000000005.jpg"), width: 20, height: 10, neg_category_ids: [9] },
        { id: 6, coco_url: url("000000000006.jpg?x=1"), width: 20, height: 10 },
      ],
      categories: [{ id: 1, synonyms: ["dog"], synset: "dog.n.01", frequency: "f" }],
      annotations: [{ ...box, image_id: 5 }],
    };
    const files = { "lvis.json": lvis, "photos/train2017/000000000005.jpg": await grey(20, 10) };
    await inTree(files, async (folder) => {
      const { pictures } = await readCoco(join(folder, "lvis.json"), { images: join(folder, "photos") });
      assert.deepEqual(
        pictures.map(({ file, objects }) => [file, objects.map(({ name }) => name)]),
        [
          [join(folder, "photos/train2017/000000000005.jpg"), ["dog"]],
          [join(folder, "photos/000000000006.jpg"), []],
        ],
      );
    });
  });

  test("flat outlines, corners in pairs, and empty ones; a box that is missing is taken from the outline", async () => {
    const outlines = [
      [1, 2, 11, 2, 11, 12],
      [
        [1, 2],
        [11, 2],
        [11, 12],
      ],
      [
        [
          [1, 2],
          [11, 2],
          [11, 12],
        ],
      ],
      [[1, 2, 11, 2, 11, 12], []],
    ];
    const annotations = outlines.map((segmentation, id) => ({ id, image_id: 1, category_id: 1, segmentation }));
    const { pictures, notes } = await readOne({ images: [image], categories: [dog], annotations });
    for (const object of pictures[0].objects) {
      assert.deepEqual(object.polygons, [[1, 2, 11, 2, 11, 12]]);
      assert.deepEqual(object.box, { x: 1, y: 2, width: 10, height: 10 });
      assert.equal(object.area, 50);
    }
    assert.deepEqual(told(notes), []);
  });

  test("a mask without a box has the box of its pixels", async () => {
    // Columns 1 and 2, rows 3 to the foot and the head to row 1.
    const counts = [13, 7 + 2, 200 - 22];
    const segmentation = { size: [10, 20], counts };
    const annotations = [{ id: 1, image_id: 1, category_id: 1, segmentation }];
    const [{ objects }] = (await readOne({ images: [image], categories: [dog], annotations })).pictures;
    assert.deepEqual(objects[0].box, { x: 1, y: 0, width: 2, height: 10 });
    assert.equal(objects[0].area, 9);
    assert.equal(decodeMask(maskOfObject(objects[0], 20, 10)).filter(Boolean).length, 9);
  });

  test("what is wrong with an outline is told, and the box is kept", async () => {
    const annotations = [
      { ...box, id: 1, segmentation: [[1, 2, 3]] },
      { ...box, id: 2, segmentation: { size: [3, 3], counts: [9] } },
      { ...box, id: 3, segmentation: { size: [10, 20], counts: [7] } },
      { ...box, id: 4, segmentation: "none" },
      { ...box, id: 5, segmentation: [[1, 2, 3, 4, 5, 6]] },
    ];
    const { pictures, notes } = await readOne({ images: [image], categories: [dog], annotations });
    assert.equal(pictures[0].objects.length, 5);
    assert.equal(pictures[0].objects.filter(({ mask, polygons }) => mask || polygons).length, 1);
    const [note] = told(notes);
    assert.match(note, /^1 of 5 outlines of coco.json; 4 left out: annotation 1 \(1 of 1 polygons are no list/);
    assert.match(note, /annotation 2 \(the mask is 3 × 3, its picture 20 × 10\)/);
    assert.match(note, /annotation 3 \(a mask of 20 × 10 pixels has counts for 7\)/);
  });

  test("numbers as texts, ids as texts, NaN as Python writes it; an area that is none is computed", async () => {
    const text = JSON.stringify({
      images: [{ ...image, id: "1", width: "20" }],
      categories: [{ id: "1", name: "dog" }],
      annotations: [
        { ...box, bbox: ["1", 2, "3.0", 4], area: "AREA" },
        { id: 2, image_id: 1, category_id: 1, bbox: "BOX" },
      ],
    });
    const file = text.replace('"AREA"', "NaN").replace('"BOX"', "[NaN,1,Infinity,-Infinity]");
    await inTree({ "coco.json": file }, async (folder) => {
      const { pictures, notes } = await readCoco(join(folder, "coco.json"));
      assert.deepEqual(
        pictures[0].objects.map(({ box: found, area }) => [found, area]),
        [[{ x: 1, y: 2, width: 3, height: 4 }, 12]],
      );
      assert.match(notes!.join("\n"), /annotation 2 \(its box is \[null,1,null,null\], and it has no outline/);
      assert.match(notes!.join("\n"), /NaN or Infinity, which JSON does not have, is read as nothing: .*coco\.json/);
    });
  });

  test("a text that holds NaN is left as it is", async () => {
    const file = JSON.stringify({ images: [image], annotations: [{ id: 1, image_id: 1, caption: 'NaN "x\\" NaN' }] });
    await inTree({ "c.json": file.replace('"width":20', '"width":NaN') }, async (folder) => {
      const { pictures } = await readCocoCaptions(join(folder, "c.json"));
      assert.deepEqual(pictures[0].captions, ['NaN "x\\" NaN']);
    });
  });

  test("sizes that the file does not tell are those of the images; without these the picture is left out", async () => {
    const images = [
      { id: 1, file_name: "a.png" },
      { id: 2, file_name: "b.png" },
    ];
    const files = { "coco.json": { images, categories: [dog], annotations: [box] }, "a.png": await grey(7, 5) };
    await inTree(files, async (folder) => {
      const { pictures, notes } = await readCoco(join(folder, "coco.json"));
      assert.deepEqual(
        pictures.map(({ width, height }) => [width, height]),
        [[7, 5]],
      );
      assert.match(notes![0], /^1 of 2 images .*: image 2 \(cannot read .*b\.png/);
      const captions = await readCocoCaptions(join(folder, "coco.json"));
      assert.equal(captions.pictures.length, 2);
    });
  });

  test("names with Windows' separators, and in other folders, lead to the images that are there", async () => {
    const images = [
      { ...image, file_name: "sub\\a.png" },
      { ...image, id: 2, file_name: "C:\\photos\\b.png" },
    ];
    const files = {
      "coco.json": { images, annotations: [] },
      "sub/a.png": await grey(7, 5),
      "b.png": await grey(7, 5),
    };
    await inTree(files, async (folder) => {
      const { pictures, notes } = await readCoco(join(folder, "coco.json"));
      assert.deepEqual(
        pictures.map(({ file }) => file),
        [join(folder, "sub/a.png"), join(folder, "b.png")],
      );
      assert.equal(notes, undefined);
    });
  });
});

describe("COCO: what cannot be used is named", () => {
  test("one broken record of each kind loses nothing else", async () => {
    const { classes, pictures, notes } = await readOne({
      images: [null, { id: 3 }, { file_name: "b.jpg" }, image],
      categories: [5, { id: 2 }, { name: "cat" }, dog],
      annotations: [
        null,
        { ...box, id: 2, image_id: 77 },
        { ...box, id: 3, category_id: 77 },
        { ...box, id: 4, bbox: [1, 2, -3, 4] },
        { id: 5, image_id: 1, caption: 5 },
        { id: 6, image_id: 1 },
        { ...box, id: 7, bbox: { x: 1 } },
        box,
      ],
    });
    assert.deepEqual([classes, pictures.length, pictures[0].objects.length], [["dog"], 1, 1]);
    const [categories, images, annotations] = told(notes);
    assert.match(
      categories,
      /^1 of 4 categories of coco.json; 3 left out: category 1 of the list, category 2, category 3 of the list/,
    );
    assert.match(
      images,
      /^1 of 4 images of coco.json; 3 left out: image 1 of the list, image 3 of the list \(it has no id\); image 3 \(it has neither/,
    );
    assert.match(
      annotations,
      /^1 of 8 annotations of coco.json; 7 left out: annotation 1 of the list \(it is no object\)/,
    );
    assert.match(annotations, /annotation 2 \(it is of image 77, which is not listed\)/);
    assert.match(annotations, /annotation 3 \(it is of category 77, which is not listed\)/);
    assert.match(annotations, /annotation 5 \(its caption is 5, no text\)/);
    assert.match(annotations, /annotation 6 \(it has neither a category nor a caption\)/);
  });

  test("a file of which nothing can be used, or of another layout, is an error that says so", async () => {
    const rejects = (content: object | string, message: RegExp) =>
      inTree({ "x.json": content }, (folder) =>
        assert.rejects(readCoco(join(folder, "x.json")), { name: "CamlabError", message }),
      );
    await rejects(
      { images: [null], annotations: [] },
      /x\.json cannot be used: 0 of 1 images; 1 left out: image 1 of the list/,
    );
    await rejects({ images: [], annotations: [] }, /x\.json holds no pictures/);
    await rejects("null", /x\.json has no list "images"/);
    await rejects("", /x\.json is no JSON: it is empty/);
    await rejects('{"images": [', /x\.json is no JSON: it is cut short/);
    await rejects({ questions: [] }, /has no list "images"; it looks like questions of VQA, which readVqa reads/);
    await rejects(
      { shapes: [], imagePath: "a.jpg" },
      /it looks like a file of the labelme tool, which readLabelMe reads/,
    );
    await rejects(
      [{ image_id: 1, score: 0.5, bbox: [1, 2, 3, 4] }],
      /it looks like detections in COCO's form, which are results/,
    );
    await rejects({ imgToAnns: {}, imgs: {}, anns: {} }, /it looks like COCO-Text, which readIcdar reads/);
    await assert.rejects(
      readCoco("/nowhere/x.json"),
      /cannot read \/nowhere\/x\.json: there is no such file or folder/,
    );
    await assert.rejects(readCoco([]), /invalid files: \[\]/);
    await assert.rejects(
      readCoco("x.json", { image: "a" } as object),
      /readCoco has no option "image", did you mean "images"\?/,
    );
  });
});
