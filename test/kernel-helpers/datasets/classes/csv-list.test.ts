import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readCsvList } from "../../../../src/kernel-helpers/datasets/classes/csv-list.js";
import { readCaptionsCsv } from "../../../../src/kernel-helpers/datasets/language/captions-csv.js";
import { inTree } from "../tree.js";

const read = (text: string | Uint8Array) =>
  inTree({ "list.csv": text }, async (folder) => {
    const { classes, pictures, notes = [] } = await readCsvList(join(folder, "list.csv"));
    const told = notes.filter((note) => !note.startsWith("there is no file")).map((note) => note.replace(folder, "F"));
    return { classes, rows: pictures.map(({ id, label, labels, split }) => [id, labels ?? label, split]), told };
  });

const rejects = (text: string, message: RegExp) =>
  inTree({ "list.csv": text }, (folder) =>
    assert.rejects(readCsvList(join(folder, "list.csv")), { name: "CamlabError", message }),
  );

test("a quote that is opened and never closed names its row, whatever else is quoted", async () => {
  await rejects(
    'image,label\na.jpg,cat\nb.jpg,"5 inch pipe\nc.jpg,dog\n',
    /list\.csv, row 3: a quote is opened and never closed/,
  );
  await rejects('image,label\n\na.jpg,"x\ny"\nb.jpg,"z\n', /row 3, line 5: a quote is opened and never closed/);
  // The quote of the last row closes that of the first one: two rows would be swallowed.
  await rejects('image,label\na.jpg,"5 inch\nb.jpg,cat\nc.jpg,"7 inch"\n', /row 2: text stands behind a closing quote/);
  const { rows, told } = await read('image,label\na.jpg,"5 inch\nb.jpg,cat"\nc.jpg,owl\n');
  assert.deepEqual(rows, [["c.jpg", "owl", undefined]]);
  assert.match(told[0], /1 of 2 rows .*: row 2 \(a line break stands in it: is a quote not closed\?\)/);
});

test("semicolons, tabs and bars, a line that tells the separator, UTF-16, and Western bytes", async () => {
  const expected = [
    ["a,b.jpg", "café", "train"],
    ["c.jpg", "dog", "test"],
  ];
  const lines = (separator: string) =>
    ["image", "label", "split"].join(separator) +
    `\r\n${["a,b.jpg", "café", "Training"].join(separator)}\r\n${["c.jpg", "dog", "test"].join(separator)}\r\n`;
  for (const separator of [";", "\t", "|"]) assert.deepEqual((await read(lines(separator))).rows, expected);
  assert.deepEqual((await read(`sep=;\r\n${lines(";")}`)).rows, expected);
  assert.deepEqual((await read(Buffer.from(`\uFEFF${lines(";")}`, "utf16le"))).rows, expected);
  assert.deepEqual((await read(Buffer.from(lines(";"), "utf16le"))).rows, expected);
  assert.deepEqual((await read(Buffer.from(`\uFEFF${lines(";")}`, "utf16le").swap16())).rows, expected);
  const western = await read(Buffer.from(lines(";"), "latin1"));
  assert.deepEqual(western.rows, expected);
  assert.deepEqual(western.told, ["not UTF-8, so read as Windows-1252 (Western European): F/list.csv"]);
});

test("one row that cannot be used loses nothing else", async () => {
  const { rows, told } = await read(
    [
      "image,label,split,note",
      "a.jpg,cat,train,x",
      "b.jpg,dog",
      ",owl,test,",
      "c.jpg,x, y,test,z",
      "d.jpg,cat,dev,",
      "e.jpg,cat,val,,,",
    ].join("\n"),
  );
  assert.deepEqual(rows, [
    ["a.jpg", "cat", "train"],
    ["e.jpg", "cat", "val"],
  ]);
  assert.deepEqual(told, [
    "2 of 6 rows of F/list.csv; 4 left out: row 3 (2 columns are too few); row 5 (5 columns are more than the header's 4: " +
      'put fields that hold the separator in quotes); row 4 (it names no image); row 6 (split "dev" is not train, val or test)',
  ]);
});

test("images that are listed twice, classes that differ in spelling, and lost images are told", async () => {
  const { told } = await read("image,label,split\na.jpg,cat,train\na.jpg,Cat,train\nb.jpg,cat,train\nb.jpg,cat,test\n");
  assert.match(told[0], /^listed more than once: .*a\.jpg$/);
  assert.match(told[1], /^listed in more than one split: .*b\.jpg$/);
  assert.equal(told[2], 'the classes "Cat" and "cat" are read as different ones');
  await inTree({ "list.csv": "image,label\na.jpg,x\n" }, async (folder) => {
    const { notes } = await readCsvList(join(folder, "list.csv"));
    assert.deepEqual(notes, [`there is no file ${join(folder, "a.jpg")}: say where they are with { images }`]);
  });
});

test("a table of something else, or no table, is an error that says so", async () => {
  await rejects("a.jpg,cat\nb.jpg,dog\n", /needs a header with the columns image,label\[,split\]$/);
  await rejects("image,caption\na.jpg,A cat\n", /it looks like captions in CSV, which readCaptionsCsv reads/);
  await rejects(
    "377,117,463,117,465,130,378,130,Genaxis\n",
    /it looks like words as ICDAR outlines them, which readIcdar reads/,
  );
  await rejects(
    '{"images": [], "annotations": [], "categories": []}',
    /it looks like COCO's annotations, which readCoco reads/,
  );
  await rejects("", /needs a header/);
  await rejects("image,label\n", /list\.csv holds no pictures/);
  await rejects(
    "image,label\na.jpg\n",
    /list\.csv cannot be used: 0 of 1 rows; 1 left out: row 2 \(1 columns are too few\)/,
  );
});

test("captions: Flickr30k's bars, and its row that lacks one", async () => {
  const text =
    "image_name| comment_number| comment\n1.jpg| 0| A cat, asleep.\n2.jpg| 4   A dog runs.\n1.jpg| 1| One cat.\n";
  await inTree({ "results.csv": text }, async (folder) => {
    const { pictures, notes } = await readCaptionsCsv(join(folder, "results.csv"));
    assert.deepEqual(
      pictures.map(({ id, captions }) => [id, captions]),
      [["1.jpg", ["A cat, asleep.", "One cat."]]],
    );
    assert.match(notes![0], /^2 of 3 rows of .*; 1 left out: row 3 \(2 columns are too few\)$/);
  });
});

test("a column called nearly like one that may be missing, and rows shorter than the header, are told", async () => {
  const { rows, told } = await read("image,label,splti,score\na.jpg,cat,train,1\nb.jpg,dog\n");
  assert.deepEqual(rows, [
    ["a.jpg", "cat", undefined],
    ["b.jpg", "dog", undefined],
  ]);
  assert.deepEqual(told, ['the column "splti" is not read: is "split" meant?', "1 rows are shorter than the header"]);
});
