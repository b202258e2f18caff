import assert from "node:assert/strict";
import { test } from "node:test";
import { readAde20k } from "../../../../src/kernel-helpers/datasets/objects/ade20k/ade20k.js";
import { encodePng } from "../../../../src/kernel-helpers/images/files/encode.js";
import { draw } from "../../images/pictures.js";
import { grey, inTree, type Tree } from "../tree.js";

const polygon = { x: [0, 4, 4, 0], y: [0, 0, 4, 4] };
/** Class 300 at the left. */
const seg = await encodePng(draw(8, 4, (x) => (x < 4 ? [10, 44, 1] : [0, 0, 0])));
const chair = { id: 0, name: "chair, seat", name_ndx: 300, polygon, parts: { part_level: 0 } };
const description = (object: unknown, more: object = {}) => ({
  annotation: {
    filename: "a.jpg",
    folder: "training/x",
    imsize: [4, 8, 3],
    scene: ["home", "living_room"],
    object,
    ...more,
  },
});

const read = (files: Tree, options?: Parameters<typeof readAde20k>[1]) =>
  inTree(files, async (folder) => {
    const { classes, pictures, notes = [] } = await readAde20k(folder, options);
    return { classes, pictures, notes: notes.map((note) => note.replaceAll(folder, "F")) };
  });

test("an object with an empty outline, and others that cannot be used, are named; the rest is read", async () => {
  const { pictures, notes } = await read({
    "a.json": description([
      chair,
      { ...chair, id: 1, polygon: { x: [], y: [] } },
      { ...chair, id: 2, polygon: { x: [1, 2], y: [1] } },
      { ...chair, id: 3, polygon: undefined },
      { ...chair, id: 4, name: 5 },
      { ...chair, id: 5, polygon: { x: [null, 1], y: [1, 2] } },
      { ...chair, id: 6, parts: { part_level: "high" } },
      null,
    ]),
    "a_seg.png": seg,
  });
  assert.deepEqual(
    pictures[0].objects.map(({ name, box }) => [name, box]),
    [["chair", { x: 0, y: 0, width: 4, height: 4 }]],
  );
  assert.match(
    notes[0],
    /^1 of 8 objects of F; 7 left out: a\.json, object 1, a\.json, object 2, a\.json, object 3, a\.json, object 5 \(its polygon is empty or not in numbers\)/,
  );
  assert.match(notes[0], /object 4 \(it needs a name and a class number name_ndx\)/);
});

test("a description that cannot be used loses no other", async () => {
  const { pictures, notes } = await read({
    "a.json": description([chair]),
    "a_seg.png": seg,
    "b.json": "{",
    "b_seg.png": seg,
    "c.json": {},
    "c_seg.png": seg,
    "d.json": description([chair]),
    "d_seg.png": await grey(3, 3),
    "e.json": description([chair], { imsize: "large" }),
    "e_seg.png": seg,
    "f.json": description([chair], { scene: [], folder: 7 }),
    "f_seg.png": seg,
    "g.json": description([chair]),
    "h.json": description({ ...chair, id: 0 }),
    "h_seg.png": seg,
  });
  assert.deepEqual(
    pictures.map(({ id }) => id),
    ["a", "h"],
  );
  const [note] = notes;
  assert.match(note, /^2 of 8 descriptions of F; 6 left out: b\.json \(F\/b\.json is no JSON: it is cut short/);
  for (const part of [
    'c.json (it has no "annotation": is it of the layout of 2021?)',
    "d.json (F/d_seg.png is 3 × 3, its image 8 × 4)",
    'e.json (it has no size "imsize": [rows, columns, …])',
    "f.json (it names no scene)",
    "g.json (there is no segmentation NAME_seg.png beside it)",
  ]) {
    assert.ok(note.includes(part), `${part} in ${note}`);
  }
});

test("names that would be equal when cut are kept apart", async () => {
  const other = { ...chair, id: 1, name: "chair, throne", name_ndx: 301 };
  const { classes, pictures, notes } = await read(
    {
      "a.json": description([chair, other, { ...chair, id: 2, name: "lamp, light" }]),
      "b.json": description([], { scene: ["living room"] }),
      "a_seg.png": seg,
      "b_seg.png": seg,
    },
    { masks: false },
  );
  assert.deepEqual(
    pictures[0].objects.map(({ name }) => name),
    ["chair, seat", "chair, throne", "lamp"],
  );
  assert.deepEqual(classes, ["living room", "living_room"]);
  assert.ok(
    notes.some((note) => note.startsWith('"chair, seat" and "chair, throne" would have the same name when cut')),
  );
});

test("options that are none are refused, and a folder of another layout is named", async () => {
  await inTree({ "a.json": { shapes: [] } }, async (folder) => {
    await assert.rejects(readAde20k(folder), /holds no description .*; it looks like a file of the labelme tool/);
    await assert.rejects(readAde20k(folder, { perScene: 0 }), /invalid perScene: 0/);
    await assert.rejects(readAde20k(folder, { scene: ["x"] } as object), /no option "scene", did you mean "scenes"\?/);
  });
});

test("a description without a list of objects is named, and so are parts that nobody asked for", async () => {
  const parted = [chair, { ...chair, id: 1, name: "leg", parts: { part_level: 1 } }];
  const files = { "a.json": description(parted), "a_seg.png": seg, "b.json": description(undefined), "b_seg.png": seg };
  const { pictures, notes } = await read(files);
  assert.deepEqual(
    pictures.map(({ objects }) => objects.length),
    [1, 0],
  );
  assert.match(notes[0], /^2 of 3 objects of F; 1 left out: b\.json \(it has no list "object"\)/);
  assert.equal(notes[1], "parts of objects are passed over, unless { parts: true }: a.json");
  assert.equal((await read(files, { parts: true })).pictures[0].objects.length, 2);
});
