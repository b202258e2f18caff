import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readCsvList } from "../../../../src/kernel-helpers/datasets/classes/csv-list.js";
import { readBoxesCsv } from "../../../../src/kernel-helpers/datasets/objects/boxes-csv.js";
import { grey, inTree } from "../tree.js";

/** Reads a list beside two pictures of 40 × 30. */
async function read(text: string | Uint8Array) {
  const picture = await grey(40, 30);
  return inTree({ "boxes.csv": text, "a.png": picture, "b.png": picture }, async (folder) => {
    const { pictures, classes, notes = [] } = await readBoxesCsv(join(folder, "boxes.csv"));
    const told = pictures.map(({ id, objects, labels, split, width, height }) => {
      const boxes = objects.map(({ name, box }) => [name, box.x, box.y, box.width, box.height]);
      return { id, boxes, labels, split, size: [width, height] };
    });
    return { told, classes, notes: notes.join("\n") };
  });
}

const refused = (text: string, message: RegExp) => assert.rejects(read(text), { name: "CamlabError", message });

test("boxes by image, in the list's order; labels are the names of what is there", async () => {
  const { told, classes, notes } = await read(
    "image,label,x0,y0,x1,y1,split\nb.png,robin,1,2,11,22,train\na.png,owl,0,0,40,30,test\nb.png,owl,3.5,4,5,6,train\n",
  );
  assert.deepEqual(told, [
    {
      id: "b.png",
      boxes: [
        ["robin", 1, 2, 10, 20],
        ["owl", 3.5, 4, 1.5, 2],
      ],
      labels: ["owl", "robin"],
      split: "train",
      size: [40, 30],
    },
    { id: "a.png", boxes: [["owl", 0, 0, 40, 30]], labels: ["owl"], split: "test", size: [40, 30] },
  ]);
  assert.deepEqual([classes, notes], [["owl", "robin"], ""]);
});

test("other headers, separators, line ends, marks and orders of columns are the same", async () => {
  const { told: expected } = await read("image,label,x0,y0,x1,y1\na.png,owl,1,2,11,22\n");
  for (const text of [
    "filename,class,xmin,ymin,xmax,ymax\r\na.png,owl,1,2,11,22\r\n",
    "x1;y1;x2;y2;label;image\n1;2;11;22;owl;a.png",
    "\ufefffile\tlabel\tx_min\ty_min\tx_max\ty_max\ra.png\towl\t1\t2\t11\t22\r",
    "left,top,right,bottom,image,label,score\n1,2,11,22,a.png,owl,0.9\n",
    "filename,width,height,class,xmin,ymin,xmax,ymax\na.png,40,30,owl,1,2,11,22\n",
  ]) {
    const { told, notes } = await read(text);
    assert.deepEqual([told, notes], [expected, ""], text);
  }
  const wide = Buffer.from("\ufeffimage,label,x0,y0,x1,y1\na.png,owl,1,2,11,22\n", "utf16le");
  assert.deepEqual((await read(wide)).told, expected);
});

test("Open Images: corners are shares, names lack their ending, a group is a crowd; and that is said", async () => {
  const { told, notes } = await read(
    "ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,IsTruncated,IsGroupOf\n" +
      "a,xclick,/m/01,1,0.25,0.75,0,1,0,0,0\nb,xclick,/m/01,1,0.5,1,0.5,1,0,0,1\na,xclick,/m/02,1,0.9,1,0.2,0.1,0,0,0\n",
  );
  assert.deepEqual(
    told.map(({ id, boxes }) => [id, boxes]),
    [
      ["a", [["/m/01", 10, 0, 20, 30]]],
      ["b", [["/m/01", 20, 15, 20, 15]]],
    ],
  );
  assert.match(notes, /corners of .*boxes\.csv are shares of each image's sides/);
  assert.match(
    notes,
    /row 4 \(its right and lower edge should be behind the left and upper one, not 0\.9,0\.2,1,0\.1\)/,
  );
});

test("shares stay shares beside a row with a mistyped corner, which is named; most rows decide", async () => {
  const shares = "image,label,x0,y0,x1,y1\na,owl,0.25,0,0.75,1\na,owl,0.5,0.5,1,1\n";
  for (const [row, said] of [
    ["b,owl,0.5,0,75,1", "0.5,0,75,1"],
    ["b,owl,-0.1,0,1,1", "-0.1,0,1,1"],
  ]) {
    const { told, notes } = await read(`${shares}${row}\n`);
    assert.deepEqual(
      told.map(({ id, boxes }) => [id, boxes]),
      [
        [
          "a",
          [
            ["owl", 10, 0, 20, 30],
            ["owl", 20, 15, 20, 15],
          ],
        ],
      ],
    );
    assert.ok(notes.includes(`row 4 (its corners are no shares from 0 to 1, as the others are: ${said})`), notes);
  }
  const { told, notes } = await read("image,label,x0,y0,x1,y1\na,owl,0.5,0,1,1\na,owl,1,2,11,22\n");
  assert.deepEqual(told[0].boxes[1], ["owl", 1, 2, 10, 20]);
  assert.equal(notes, "", "half of them are not most");
});

test("a group of Open Images, or of COCO, is a crowd", async () => {
  const picture = await grey(40, 30);
  await inTree(
    {
      "o.csv":
        "image,wnid,x0,y0,x1,y1,iscrowd\na.png,n01,0,0,1,1,1\na.png,n01,0,0,1,9,0\n" +
        "a.png,n01,0,0,2,9,True\na.png,n01,0,0,3,9,False\n",
      "a.png": picture,
    },
    async (folder) => {
      const { pictures, notes = [] } = await readBoxesCsv(join(folder, "o.csv"));
      assert.deepEqual(
        pictures[0].objects.map(({ name, crowd }) => [name, crowd]),
        [
          ["n01", true],
          ["n01", undefined],
          ["n01", true],
          ["n01", undefined],
        ],
      );
      assert.deepEqual(notes, [], "corners in pixels");
    },
  );
});

test("rows that cannot be used are left out by name, the others stay", async () => {
  const { told, notes } = await read(
    [
      "image,label,x0,y0,x1,y1,split",
      "a.png,owl,1,2,11,22,train",
      "a.png,owl,,2,11,22,train",
      "a.png,owl,NaN,2,11,22,train",
      "a.png,owl,11,2,1,22,train",
      "a.png,owl,40,2,50,22,train",
      "a.png,owl,1,2,11,22,test",
      "a.png,,1,2,11,22,train",
      ",owl,1,2,11,22,train",
      "a.png,owl,1,2",
      "none.png,owl,1,2,11,22,train",
      "b.png,owl,1,2,11,22,elsewhere",
    ].join("\n"),
  );
  assert.deepEqual(
    told.map(({ id, boxes }) => [id, boxes.length]),
    [["a.png", 1]],
  );
  assert.match(notes, /1 of 11 rows of .*; 10 left out/);
  for (const reason of [
    /row 3.*four numbers/,
    /row 4/,
    /row 5.*behind the left/,
    /row 6.*outside the image of 40×30/,
  ]) {
    assert.match(notes, reason);
  }
  for (const reason of [/row 7.*a\.png is test here, but train before/, /row 8.*no label/, /row 9.*names no image/]) {
    assert.match(notes, reason);
  }
  for (const reason of [/row 10.*too few/, /row 11.*none\.png/, /row 12.*is not train, val or test/]) {
    assert.match(notes, reason);
  }
});

test("a row without label and box is an image without boxes; the image's size is its own unless the list tells it", async () => {
  const { told } = await read("image,label,x0,y0,x1,y1\na.png,,,,,\nb.png,owl,1,2,11,22\n");
  assert.deepEqual(
    told.map(({ id, boxes, labels }) => [id, boxes.length, labels]),
    [
      ["a.png", 0, []],
      ["b.png", 1, ["owl"]],
    ],
  );
  const { told: sized, notes } = await read("image,width,height,label,x0,y0,x1,y1\nfar.png,400,300,owl,1,2,390,22\n");
  assert.deepEqual(sized[0].size, [400, 300]);
  assert.match(notes, /there is no file .*far\.png: say where/);
});

test("what is no such list is refused, and says what reads it", async () => {
  await refused(
    "image,label\na.png,owl\n",
    /needs a header with the columns image,label,x0,y0,x1,y1.*which readCsvList reads/s,
  );
  await refused("", /needs a header/);
  await refused("image,label,x0,y0,x1,y1\n", /holds no pictures/);
  await refused('image,label,x0,y0,x1,y1\n"a.png,owl,1,2,3,4\n', /row 2.*never closed/);
  await inTree({ "boxes.csv": "image,x0,y0,x1,y1\na.png,1,2,3,4\n" }, (folder) =>
    assert.rejects(readCsvList(join(folder, "boxes.csv")), /which readBoxesCsv reads/),
  );
});
