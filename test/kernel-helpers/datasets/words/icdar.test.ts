import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { readIcdar } from "../../../../src/kernel-helpers/datasets/words/icdar.js";
import { inTree, type Tree } from "../tree.js";

/** Files of words, each beside an image. */
const read = (texts: Readonly<Record<string, string>>, images: readonly string[] = ["img_1.jpg"]) =>
  inTree({ ...Object.fromEntries(images.map((name) => [name, ""])), ...texts }, async (folder) => {
    const { pictures, notes = [] } = await readIcdar(folder);
    return { pictures, words: pictures[0].words, notes: notes.map((note) => note.replaceAll(folder, "F")) };
  });

const QUAD = "1,2,30,2,30,12,1,12";
const polygon = [1, 2, 30, 2, 30, 12, 1, 12];

describe("ICDAR's layouts, each told by most of the lines", () => {
  test("MLT: a script before the text, which may hold commas", async () => {
    const { words, notes } = await read({
      "gt_img_1.txt": `${QUAD},Latin,a, b\n${QUAD},None,###\n${QUAD},Arabic,\u0642\u0637\u0629\n${QUAD},word\n`,
    });
    assert.deepEqual(words, [
      { polygon, text: "a, b", readable: true },
      { polygon, text: "###", readable: false },
      { polygon, text: "\u0642\u0637\u0629", readable: true },
    ]);
    assert.match(
      notes[0],
      /^3 of 4 words of F; 1 left out: gt_img_1\.txt, line 4 \(.* is not, as the others are, four corners, script and text/,
    );
    assert.equal(notes[1], "lines are read as four corners, script and text (MLT 2017 and 2019)");
  });

  test("2015: a word may be called as a script is, or be a number", async () => {
    const { words, notes } = await read({
      "gt_img_1.txt": `${QUAD},Latin\n${QUAD},2015\n${QUAD},Mixed, up\n${QUAD},a\n${QUAD},\n`,
    });
    assert.deepEqual(
      words?.map(({ text }) => text),
      ["Latin", "2015", "Mixed, up", "a", ""],
    );
    assert.deepEqual(notes, []);
  });

  test("2013 and 2011: rectangles with a quoted text, with commas or blanks", async () => {
    for (const lines of [
      '1, 2, 30, 12, "say "hi", you"\n5, 6, 7, 8, "2"\n',
      '1 2 30 12 "say \\"hi\\", you"\r\n5 6 7 8 "2"\r\n',
    ]) {
      const { words } = await read({ "gt_img_1.txt": lines });
      assert.deepEqual(words, [
        { polygon, text: 'say "hi", you', readable: true },
        { polygon: [5, 6, 7, 6, 7, 8, 5, 8], text: "2", readable: true },
      ]);
    }
    const bare = await read({ "gt_img_1.txt": "1,2,30,12,plain\n" });
    assert.deepEqual(bare.words, [{ polygon, text: "plain", readable: true }]);
  });

  test("RCTW: a mark for hard words", async () => {
    const { words } = await read({ "image_1.txt": `${QUAD},0,"猫,狗"\n${QUAD},1,"###"\n${QUAD},1,"x"\n` }, [
      "image_1.jpg",
    ]);
    assert.deepEqual(
      words?.map(({ text, readable }) => [text, readable]),
      [
        ["猫,狗", true],
        ["###", false],
        ["x", false],
      ],
    );
  });

  test("Total-Text and SCUT-CTW1500: outlines of more corners", async () => {
    const total =
      "x: [[206 251 386]], y: [[633 811   931]], ornt: [u'c'], transcriptions: [u\"O'Neil\"]\nx: [[1 2 3]], y: [[4 5 6]], ornt: [u'#'], transcriptions: [u'#']\n";
    assert.deepEqual((await read({ "poly_gt_img_1.txt": total })).words, [
      { polygon: [206, 633, 251, 811, 386, 931], text: "O'Neil", readable: true },
      { polygon: [1, 4, 2, 5, 3, 6], text: "###", readable: false },
    ]);
    const many = "1,1,2,1,3,1,4,1,4,2,3,2,2,2,1,2";
    const { words } = await read({ "0001.txt": `${many},####a, b\n${many},#######\n` }, ["0001.jpg"]);
    assert.deepEqual(
      words?.map(({ polygon: corners, text, readable }) => [corners.length, text, readable]),
      [
        [16, "a, b", true],
        [16, "###", false],
      ],
    );
    const plain = await read({ "gt_img_1.txt": `${many},12\n${many},word\n` });
    assert.deepEqual(
      plain.words?.map(({ text }) => text),
      ["12", "word"],
    );
  });
});

test("a folder may be written with a slash at its end", async () => {
  await inTree({ "img_1.jpg": "", "gt_img_1.txt": `${QUAD},word\n` }, async (folder) => {
    assert.equal((await readIcdar(`${folder}/`)).pictures.length, 1);
  });
});

test("a number that is missing is no 0: the line is named, and the rest is read", async () => {
  const { words, notes } = await read({ "gt_img_1.txt": `10,,30,2,30,12,10,12,word\n\n${QUAD},fine\n1,2,3,word\n` });
  assert.deepEqual(words, [{ polygon, text: "fine", readable: true }]);
  assert.match(
    notes[0],
    /^1 of 3 words of F; 2 left out: gt_img_1\.txt, line 1 \("10,,30.*" does not begin with eight coordinates\); gt_img_1\.txt, line 4/,
  );
  await assert.rejects(
    read({ "gt_img_1.txt": "10,,30,2,30,12,10,12,word\n" }),
    /cannot be used: 0 of 1 words; 1 left out: gt_img_1\.txt, line 1/,
  );
});

test("images without words and words without images are named", async () => {
  const { pictures, notes } = await read(
    { "gt_img_2.txt": `${QUAD},a\n`, "gt_img_10.txt": "", "gt_img_3.txt": "", "img_2.txt": "" },
    ["img_10.jpeg", "img_2.jfif", "img_4.png", "img_10.png"],
  );
  assert.deepEqual(
    pictures.map(({ id }) => id),
    ["img_2", "img_10"],
  );
  assert.match(
    notes[0],
    /^2 of 4 images of F; 2 left out: img_10\.png \(img_10\.jpeg has the same name\); img_4\.png \(there is no gt_NAME\.txt/,
  );
  assert.match(
    notes[1],
    /^2 of 4 files of words of F; 2 left out: gt_img_3\.txt \(there is no image of that name\); img_2\.txt \(gt_img_2\.txt is of the same image\)/,
  );
});

describe("words in one JSON file", () => {
  const readJson = (file: object, images: readonly string[] = []) =>
    inTree({ "labels.json": file, ...Object.fromEntries(images.map((name) => [name, ""])) }, async (folder) => {
      const { pictures, notes = [] } = await readIcdar(folder, join(folder, "labels.json"));
      const told = notes.filter((note) => !note.startsWith("there is no file"));
      return {
        pictures: pictures.map(({ file, ...rest }) => ({ ...rest, file: file.replace(`${folder}/`, "") })),
        notes: told.map((note) => note.replaceAll(folder, "F")),
      };
    });

  test("ArT and LSVT", async () => {
    const points = [
      [1, 2],
      [30, 2],
      [30, 12],
      [1, 12],
    ];
    const word = { points, transcription: "a", language: "Latin", illegibility: false };
    const { pictures, notes } = await readJson(
      {
        gt_0: [
          word,
          { ...word, illegibility: true },
          { ...word, transcription: "###" },
          { ...word, points: [[1, 2]] },
          { points },
          null,
        ],
        gt_7: [],
        gt_8: "none",
      },
      ["gt_0.jpg", "7.png"],
    );
    assert.deepEqual(pictures, [
      {
        file: "gt_0.jpg",
        id: "0",
        words: [
          { polygon, text: "a", readable: true },
          { polygon, text: "a", readable: false },
          { polygon, text: "###", readable: false },
        ],
      },
      { file: "7.png", id: "7", words: [] },
    ]);
    assert.match(notes[0], /^2 of 3 images of F\/labels\.json; 1 left out: gt_8 \(its words are "none", no list\)/);
    assert.match(
      notes[1],
      /^3 of 6 words of F\/labels\.json; 3 left out: gt_0, word 4 .*gt_0, word 5 \(it has no transcription\); gt_0, word 6 \(it is no word\)/,
    );
  });

  test("images of the folder that the file does not name are told", async () => {
    const points = [[1, 2], [30, 2], [30, 12]]; // prettier-ignore
    const file = { gt_0: [{ points, transcription: "a" }] };
    const { notes } = await readJson(file, ["gt_0.jpg", "gt_1.jpg", "about.txt"]);
    assert.deepEqual(notes, ["no words are told of images of the folder: gt_1.jpg"]);
  });

  test("COCO-Text", async () => {
    const { pictures, notes } = await readJson({
      imgs: { 5: { id: 5, file_name: "COCO_train2014_5.jpg", set: "train", width: 40, height: 30 }, 6: { id: 6 } },
      anns: {
        1: { image_id: 5, mask: [1, 2, 30, 2, 30, 12, 1, 12], utf8_string: "a", legibility: "legible" },
        2: { image_id: 5, bbox: [1, 2, 29, 10], legibility: "illegible" },
        3: { image_id: 6, bbox: [1, 2, 29, 10] },
        4: { image_id: 5, utf8_string: "b" },
      },
      imgToAnns: { 5: [1, 2, 9] },
    });
    assert.deepEqual(pictures, [
      {
        file: "COCO_train2014_5.jpg",
        id: "5",
        split: "train",
        width: 40,
        height: 30,
        words: [
          { polygon, text: "a", readable: true },
          { polygon, text: "###", readable: false },
        ],
      },
    ]);
    assert.match(notes[0], /1 of 2 images .*: image 6 \(it has no file_name\)/);
    assert.match(
      notes[1],
      /2 of 5 words .*: annotation 3 \(it is of image 6, which is not listed\); annotation 4 \(it has neither an outline nor a box\); annotation 9 \(it is not there\)/,
    );
  });
});

test("a folder or file of another layout is an error that says so", async () => {
  const rejects = (files: Tree, message: RegExp, annotations?: string) =>
    inTree(files, (folder) =>
      assert.rejects(readIcdar(folder, annotations && join(folder, annotations)), { name: "CamlabError", message }),
    );
  await rejects({ "a.jpg": "" }, /holds no image NAME\.jpg with words in/);
  await rejects(
    { "a.xml": "<tagset><image/></tagset>" },
    /it looks like a list of Street View Text \(a\.xml\), which readSvt reads/,
  );
  await rejects(
    { "a.json": { images: [] } },
    /is no list of words as of ArT, LSVT or COCO-Text; it looks like COCO's annotations/,
    "a.json",
  );
  await rejects({}, /cannot read .*gone: there is no such file or folder/, "gone");
});
