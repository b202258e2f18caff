import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import sharp from "sharp";
import { isOpenImages, readOpenImages } from "../../../../src/kernel-helpers/datasets/localization/open-images.js";
import { decodeMask } from "../../../../src/kernel-helpers/images/masks/masks.js";
import { ownFolder } from "../../../own-folder.js";
import { plant, type Tree } from "../tree.js";

const HEADER = "MaskPath,ImageID,LabelName,BoxID,BoxXMin,BoxXMax,BoxYMin,BoxYMax,PredictedIoU,Clicks";
const SEGMENTS = `${HEADER}
aa_m01_1.png,aa,/m/01,1,0.25,0.75,0.0,0.5,0.9,"0.3 0.2 1;0.1 0.9 0"
aa_m02_2.png,aa,/m/02,2,0.0,0.5,0.5,1.0,0.9,
bb_m01_3.png,bb,/m/01,3,0.0,1.0,0.0,1.0,0.9,
cc_m01_4.png,cc,/m/01,4,0.0,1.0,0.0,1.0,0.9,
`;
const BOXES = `ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf,IsDepiction,IsInside
aa,xclick,/m/01,1,0.25,0.75,0.0,0.5,0,0,0,0,0
aa,xclick,/m/01,1,0.0,0.25,0.5,1.0,0,0,1,0,0
aa,xclick,/m/09,1,0.0,0.25,0.5,1.0,0,0,1,0,0
`;
const NAMES = '/m/01,Tortoise\n/m/02,"Cat, small"\n';

const root = ownFolder("open-images");

async function folderOf(files: Tree): Promise<string> {
  const folder = mkdtempSync(join(root, "one-"));
  await plant(folder, files);
  return folder;
}

const photo = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: "#345" } })
    .jpeg()
    .toBuffer();
const mask = (rows: readonly string[]) =>
  sharp(
    Uint8Array.from(rows.join(""), (sign) => (sign === "#" ? 255 : 0)),
    {
      raw: { width: rows[0].length, height: rows.length, channels: 1 },
    },
  )
    .png()
    .toBuffer();

async function files() {
  return {
    "validation-annotations-object-segmentation.csv": SEGMENTS,
    "validation/aa.jpg": await photo(8, 4),
    "validation/bb.jpg": await photo(4, 4),
    "validation-masks-0/aa_m01_1.png": await mask([" ## ", "    "]),
    "validation-masks-0/aa_m02_2.png": await mask(["    ", "##  "]),
    "validation-masks-c/cc_m01_4.png": await mask(["####", "####"]),
  };
}

test("masks, names and splits as they are downloaded; what has a box and no mask does not count", async () => {
  const folder = await folderOf({
    ...(await files()),
    "validation-annotations-bbox.csv": BOXES,
    "class-descriptions-boxable.csv": NAMES,
  });
  assert.ok(isOpenImages(folder));
  const { classes, pictures, notes } = await readOpenImages(folder);
  assert.deepEqual(classes, ["Cat, small", "Tortoise"]);
  assert.equal(pictures.length, 1);
  const [{ file, objects = [], ...rest }] = pictures;
  assert.equal(file, join(folder, "validation", "aa.jpg"));
  assert.deepEqual(rest, { id: "aa", width: 8, height: 4, labels: ["Cat, small", "Tortoise"], split: "val" });
  assert.deepEqual(
    objects.map(({ name, box, difficult }) => ({ name, box, difficult })),
    [
      { name: "Tortoise", box: { x: 2, y: 0, width: 4, height: 2 }, difficult: undefined },
      { name: "Cat, small", box: { x: 0, y: 2, width: 4, height: 2 }, difficult: undefined },
      { name: "Tortoise", box: { x: 0, y: 2, width: 2, height: 2 }, difficult: true },
    ],
  );
  const inside = (at: number) => decodeMask(objects[at].mask!).join("");
  assert.equal(inside(0), "01100000");
  assert.equal(inside(2), "0000000000000000" + "1100000011000000");
  assert.match(notes![0], /1 of 3 photos.*bb \(its mask bb_m01_3\.png is missing.*openimages/);
  assert.match(notes![0], /cc \(its photo is not below .*photos come from https/);
});

test("without lists of names and boxes classes are called by their numbers, and both are told", async () => {
  const folder = await folderOf(await files());
  const { classes, notes } = await readOpenImages(folder, { images: join(folder, "validation"), masks: folder });
  assert.deepEqual(classes, ["/m/01", "/m/02"]);
  assert.match(notes!.join("\n"), /no class-descriptions-boxable\.csv.*come/);
  assert.match(notes!.join("\n"), /no validation-annotations-bbox\.csv.*without a mask/);
});

test("a folder without the list, and boxes that are none, are refused by name", async () => {
  const empty = await folderOf({ "a.txt": "" });
  assert.ok(!isOpenImages(empty));
  await assert.rejects(readOpenImages(empty), /object-segmentation\.csv: lists, masks and photos come from https/);
  const wrong = SEGMENTS.replaceAll("0.25,0.75", "0.75,0.25").replaceAll("0.0,1.0", "0.0,7.0");
  const folder = await folderOf({ ...(await files()), "validation-annotations-object-segmentation.csv": wrong });
  await assert.rejects(readOpenImages(folder), /aa \(a box ends before it begins\)/);
});
