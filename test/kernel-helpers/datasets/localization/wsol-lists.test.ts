import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import sharp from "sharp";
import { readWsolLists } from "../../../../src/kernel-helpers/datasets/localization/wsol-lists.js";
import { decodeMask } from "../../../../src/kernel-helpers/images/masks/masks.js";
import { plant, type Tree } from "../tree.js";

async function lists(t: TestContext, files: Tree): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "camlab-wsol-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await plant(folder, files);
  return folder;
}

/** A mask image of one row: # is inside. */
function maskFile(row: string): Promise<Uint8Array> {
  const pixels = Uint8Array.from(row, (sign) => (sign === "#" ? 255 : 0));
  return sharp(pixels, { raw: { width: row.length, height: 1, channels: 1 } })
    .png()
    .toBuffer();
}

test("boxes of both parts, with sizes and splits; several boxes of a picture", async (t) => {
  const folder = await lists(t, {
    "val/image_ids.txt": "a/1.jpg\na/2.jpg\n",
    "val/class_labels.txt": "a/1.jpg,7\na/2.jpg,0\n",
    "val/image_sizes.txt": "a/1.jpg,500,400\na/2.jpg,300,200\n",
    "val/localization.txt": "a/1.jpg,10,20,110,220\na/1.jpg,0,0,5,5\na/2.jpg,1,2,3,4\n",
    "test/image_ids.txt": "b/3.jpg\n",
    "test/class_labels.txt": "b/3.jpg,7\n",
    "test/image_sizes.txt": "b/3.jpg,500,400\n",
    "test/localization.txt": "b/3.jpg,0,0,9,9\n",
    "images/a/1.jpg": "",
  });
  const { classes, pictures, notes } = await readWsolLists(folder, { images: join(folder, "images") });
  assert.deepEqual(classes, ["0", "7"]);
  assert.deepEqual(
    pictures.map(({ id, label, split, width }) => [id, label, split, width]),
    [
      ["a/1.jpg", "7", "val", 500],
      ["a/2.jpg", "0", "val", 300],
      ["b/3.jpg", "7", "test", 500],
    ],
  );
  assert.deepEqual(
    pictures[0].objects?.map(({ box }) => box),
    [
      { x: 10, y: 20, width: 100, height: 200 },
      { x: 0, y: 0, width: 5, height: 5 },
    ],
  );
  assert.equal(pictures[0].file, join(folder, "images", "a/1.jpg"));
  assert.equal(notes, undefined);
});

test("masks, and what is ignored beside them", async (t) => {
  const folder = await lists(t, {
    "class_labels.txt": "1.jpg,3\n2.jpg,3\n",
    "image_sizes.txt": "1.jpg,80,20\n2.jpg,80,20\n",
    "localization.txt": "1.jpg,m/1a.png,m/1i.png\n1.jpg,m/1b.png,\n2.jpg,m/gone.png,\n",
    "m/1a.png": await maskFile("##  "),
    "m/1b.png": await maskFile("   #"),
    "m/1i.png": await maskFile(" ## "),
  });
  const { pictures, notes } = await readWsolLists(folder);
  const [{ objects = [] }] = pictures;
  assert.deepEqual(
    objects.map(({ mask, difficult }) => [[...decodeMask(mask!)].join(""), difficult ?? false]),
    [
      ["1100", false],
      ["0110", true],
      ["0001", false],
    ],
  );
  assert.deepEqual(objects[2].box, { x: 60, y: 0, width: 20, height: 20 }, "in pixels of the picture");
  assert.equal(pictures.length, 1);
  assert.match(notes!.join("\n"), /2\.jpg \(.*gone\.png/);
});

test("what is missing is named with where it comes from, what is wrong is left out by name", async (t) => {
  const empty = await lists(t, {});
  await assert.rejects(readWsolLists(empty), /no class_labels\.txt.*github\.com\/clovaai\/wsolevaluation/);
  const folder = await lists(t, {
    "image_ids.txt": "1.jpg\n2.jpg\n3.jpg\n4.jpg\n",
    "class_labels.txt": "1.jpg,0\n2.jpg,cat\n3.jpg\n4.jpg,1\n",
    "localization.txt": "1.jpg,1,2,3,4\n4.jpg,5,5,1,1\n",
  });
  const { pictures, notes } = await readWsolLists(folder);
  assert.deepEqual(
    pictures.map(({ id }) => id),
    ["1.jpg"],
  );
  const said = notes!.join("\n");
  assert.match(said, /line 3 \(it has fewer than 2 fields\)/);
  assert.match(said, /2\.jpg, 3\.jpg \(class_labels\.txt has no number for it\)/);
  assert.match(said, /4\.jpg \(its box ends before it begins/);
  assert.match(said, /there is no file .*1\.jpg: say where they are with \{ images \}/);
});

test("lines of pictures that are not listed are counted and named, in each of the lists", async (t) => {
  const labels = { "image_ids.txt": "1.jpg\n", "class_labels.txt": "1.jpg,0\n9.jpg,0\n" };
  const places = "1.jpg,1,2,3,4\n1.jpg<,5,5,8,8\n";
  const sizes = { "image_sizes.txt": "1.jpg,40,30\nl.jpg,40,30\n", "localization.txt": places };
  const folder = await lists(t, { ...labels, ...sizes });
  const { pictures, notes } = await readWsolLists(folder);
  assert.equal(pictures[0].objects?.length, 1);
  for (const name of ["class_labels", "image_sizes", "localization"]) {
    const said = new RegExp(
      `1 of 2 lines of .*${name}\\.txt; 1 left out: line 2 \\(it is of a picture that is not listed`,
    );
    assert.match(notes!.join("\n"), said);
  }
});

test("an ignored region that all lines of a picture name is read once, and an empty one is none", async (t) => {
  const rows = { a1: "#...", a2: ".#..", ai: "...#", bi: "...." };
  const masks = Object.entries(rows).map(async ([name, row]) => [`${name}.png`, await maskFile(row)] as const);
  const places = ["a.jpg,a1.png,ai.png", "a.jpg,a2.png,ai.png", "b.jpg,a1.png,bi.png"].join("\n");
  const text = { "class_labels.txt": "a.jpg,0\nb.jpg,1\n", "localization.txt": places };
  const { pictures } = await readWsolLists(
    await lists(t, { ...text, ...Object.fromEntries(await Promise.all(masks)) }),
  );
  const kinds = pictures.map(({ objects = [] }) => objects.map(({ difficult = false }) => difficult));
  assert.deepEqual(kinds, [[false, true, false], [false]]);
});
