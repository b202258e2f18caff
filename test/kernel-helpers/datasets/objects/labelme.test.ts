import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import sharp from "sharp";
import { readLabelMe } from "../../../../src/kernel-helpers/datasets/objects/labelme/labelme.js";
import { decodeMask } from "../../../../src/kernel-helpers/images/masks/masks.js";
import { grey, inTree, type Tree } from "../tree.js";

const png = await grey(6, 4);
const SIZE = "<imagesize><nrows>4</nrows><ncols>6</ncols></imagesize>";

const points = (...corners: readonly (readonly [number | string, number | string])[]) =>
  `<polygon>${corners.map(([x, y]) => `<pt><x>${x}</x><y>${y}</y></pt>`).join("")}</polygon>`;
const annotation = (inside: string, filename = "a.png") =>
  `<annotation><filename>${filename}</filename>${SIZE}${inside}</annotation>`;
const segment = (mask: string, [xmin, ymin, xmax, ymax]: readonly number[]) =>
  `<object><name>dog</name><segm><box><xmin>${xmin}</xmin><ymin>${ymin}</ymin><xmax>${xmax}</xmax><ymax>${ymax}</ymax></box><mask>${mask}</mask></segm></object>`;

const read = (files: Tree, path = "Annotations") =>
  inTree(files, async (folder) => {
    const { classes, pictures, notes = [] } = await readLabelMe(join(folder, path));
    return { classes, pictures, notes: notes.map((note) => note.replaceAll(folder, "F")) };
  });

const whiteOnBlack = (width: number, height: number, inside: (x: number, y: number) => boolean) => {
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    inside(i % width, Math.floor(i / width)) ? 255 : 0,
  );
  return sharp(data, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
};

test("objects that were segmented have a box and a mask: of the picture's size, of the box's, or none", async () => {
  const box = [1, 1, 4, 3] as const;
  const { pictures, notes } = await read({
    "Annotations/k/kitchen/a.xml": annotation(
      segment("whole.png", box) + segment("cut.png", box) + segment("gone.png", box) + segment("odd.png", box),
    ),
    "Images/k/kitchen/a.png": png,
    "Masks/k/kitchen/whole.png": await whiteOnBlack(6, 4, (x, y) => x === 2 && y > 0 && y < 3),
    "Masks/k/kitchen/cut.png": await whiteOnBlack(3, 2, (x) => x === 0),
    "Masks/k/kitchen/odd.png": await whiteOnBlack(2, 2, () => true),
  });
  const [whole, cut, gone, odd] = pictures[0].objects;
  for (const object of [whole, cut, gone, odd]) assert.deepEqual(object.box, { x: 1, y: 1, width: 3, height: 2 });
  const pixels = (mask: typeof whole.mask) =>
    [...decodeMask(mask!)].flatMap((one, i) => (one ? [[i % 6, Math.floor(i / 6)]] : []));
  assert.deepEqual(pixels(whole.mask), [
    [2, 1],
    [2, 2],
  ]);
  assert.deepEqual(pixels(cut.mask), [
    [1, 1],
    [1, 2],
  ]);
  assert.deepEqual([gone.mask, odd.mask], [undefined, undefined]);
  assert.match(
    notes[0],
    /^2 of 4 masks of F\/Annotations; 2 left out: k\/kitchen\/a\.xml, object 3 \(cannot read .*gone\.png: there is no such file/,
  );
  assert.match(notes[0], /object 4 \(its mask is 2 × 2, neither the picture's 6 × 4 nor its box's 3 × 2\)/);
});

test("an object of several outlines keeps them apart; deleted ones, notes and broken outlines are named", async () => {
  const square = points([1, 1], [3, 1], [3, 3]);
  const { pictures, notes } = await read({
    "Annotations/kitchen/a.xml": annotation(
      [
        `<object><name>Pan</name>${square}${points([4, 0], [5, 0], [5, 1])}</object>`,
        `<object><name>gone</name><deleted>1</deleted>${square}</object>`,
        "<object><name>a note</name></object>",
        `<object>${square}</object>`,
        `<object><name>pot</name>${points([1, ""], [3, 1], [3, 3])}</object>`,
      ].join(""),
    ),
    "Images/kitchen/a.png": png,
  });
  assert.deepEqual(pictures[0].objects, [
    {
      name: "pan",
      box: { x: 1, y: 0, width: 4, height: 3 },
      polygons: [
        [1, 1, 3, 1, 3, 3],
        [4, 0, 5, 0, 5, 1],
      ],
    },
  ]);
  assert.match(
    notes[0],
    /^1 of 5 objects of .*; 4 left out: .*object 2 \(it was deleted\); .*object 3 \(it has no outline\)/,
  );
  assert.match(notes[0], /object 4 \(it has no name\); .*object 5 \(its outline is not in numbers\)/);
});

test("folders that would have the same label keep their names, and broken files are named", async () => {
  const object = `<object><name>pan</name>${points([1, 1], [3, 1], [3, 3])}</object>`;
  const { classes, notes } = await read({
    "Annotations/l/living_room/a.xml": annotation(object),
    "Annotations/l/living room/a.xml": annotation(object),
    "Annotations/l/lobby/a.xml": annotation(object),
    "Annotations/l/lobby/b.xml": "<annotation>",
    "Annotations/l/lobby/c.xml": annotation("", "nowhere.png"),
    "Annotations/l/lobby/d.xml": "<annotation><object><name>x</name><bndbox/></object></annotation>",
    "Images/l/living_room/a.png": png,
    "Images/l/living room/a.png": png,
    "Images/l/lobby/a.png": png,
  });
  assert.deepEqual(classes, ["l/living room", "l/living_room", "lobby"]);
  assert.match(notes[0], /^3 of 6 annotations of .*; 3 left out: l\/lobby\/b\.xml \(.* is no XML/);
  assert.match(notes[0], /c\.xml \(its image nowhere\.png is not there/);
  assert.match(notes[0], /d\.xml \(it looks like Pascal VOC's annotations, which readVoc reads\)/);
  assert.ok(notes.some((note) => note.startsWith('"l/living room" and "l/living_room" would have the same name')));
});

test("the labelme tool: polygons, rectangles, circles, masks; images that were moved along", async () => {
  const mask = (await whiteOnBlack(3, 2, (x) => x === 0)).toString("base64");
  const shapes = [
    {
      label: "dog",
      points: [
        [1, 1],
        [3, 1],
        [3, 3],
      ],
      shape_type: "polygon",
    },
    {
      label: "cat",
      points: [
        [3, 3],
        [1, 1],
      ],
      shape_type: "rectangle",
    },
    {
      label: "ball",
      points: [
        [3, 2],
        [3, 1],
      ],
      shape_type: "circle",
    },
    {
      label: "cup",
      points: [
        [1, 1],
        [4, 3],
      ],
      shape_type: "mask",
      mask,
    },
    {
      label: "line",
      points: [
        [1, 1],
        [3, 1],
      ],
      shape_type: "line",
    },
    {
      label: "dog",
      points: [
        [1, "x"],
        [3, 1],
        [3, 3],
      ],
    },
    {
      points: [
        [1, 1],
        [3, 1],
        [3, 3],
      ],
    },
    null,
  ];
  const { classes, pictures, notes } = await read(
    {
      "data/a.json": { shapes, imagePath: "..\\elsewhere\\a.png", imageWidth: 6, imageHeight: 4, imageData: null },
      "data/a.png": png,
      "data/sub/b.json": { shapes: [], imagePath: "old-name.jpg" },
      "data/sub/b.png": png,
      "data/other.json": { images: [] },
    },
    "data",
  );
  assert.deepEqual(classes, ["ball", "cat", "cup", "dog"]);
  const [dog, cat, ball, cup] = pictures[0].objects;
  assert.deepEqual(dog, { name: "dog", box: { x: 1, y: 1, width: 2, height: 2 }, polygons: [[1, 1, 3, 1, 3, 3]] });
  assert.deepEqual(cat, { name: "cat", box: { x: 1, y: 1, width: 2, height: 2 } });
  assert.deepEqual(ball.box, { x: 2, y: 1, width: 2, height: 2 });
  assert.deepEqual([...decodeMask(cup.mask!)].filter(Boolean).length, 2);
  assert.deepEqual([pictures[1].id, pictures[1].labels, pictures[1].width], ["sub/b", [], 6]);
  assert.match(notes[0], /^2 of 3 annotations of F\/data; 1 left out: other\.json \(it has no list of shapes\)$/);
  assert.match(
    notes[1],
    /^4 of 8 shapes of F\/data; 4 left out: a\.json, shape 5 \(a shape of the kind "line" encloses nothing\)/,
  );
});

test("a folder of another layout is an error that says so", async () => {
  const rejects = (files: Tree, message: RegExp) =>
    inTree(files, (folder) => assert.rejects(readLabelMe(folder), { name: "CamlabError", message }));
  await rejects(
    { "a.json": { images: [], annotations: [], categories: [] } },
    /it looks like COCO's annotations \(a\.json\), which readCoco reads/,
  );
  await rejects(
    { "a.xml": "<annotation><object><bndbox/></object></annotation>", "a.png": png },
    /a\.xml \(it looks like Pascal VOC's/,
  );
});
