import assert from "node:assert/strict";
import { mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { readFolderPerClass } from "../../../../src/kernel-helpers/datasets/classes/folder-per-class.js";
import { inTree, type Tree } from "../tree.js";

const read = (files: Tree) =>
  inTree(files, async (folder) => {
    const { classes, pictures, notes = [] } = await readFolderPerClass(folder);
    const short = notes.map((note) => note.replaceAll(folder, "F"));
    return {
      classes,
      ids: pictures.map(({ id, label, split }) => [id, label, ...(split ? [split] : [])]),
      notes: short,
    };
  });

test("hidden folders, and what tools, archives and shares leave behind, are no classes", async () => {
  const tools = [".ipynb_checkpoints", "__MACOSX", "@eaDir", ".git", "lost+found", "$RECYCLE.BIN", ".thumbnails"];
  const more = [".AppleDouble", "System Volume Information", "#recycle", "__pycache__", ".Trash-1000", "@Recycle"];
  const files = Object.fromEntries([...tools, ...more].map((name) => [`${name}/x.jpg`, ""]));
  const found = await read({
    ...files,
    "cat/a.jpg": "",
    "cat/._a.jpg": "",
    "cat/.DS_Store": "",
    "cat/Thumbs.db": "",
    "cat/.ipynb_checkpoints/a-checkpoint.jpg": "",
    "dog/b.jpg": "",
  });
  assert.deepEqual(found, {
    classes: ["cat", "dog"],
    ids: [
      ["cat/a.jpg", "cat"],
      ["dog/b.jpg", "dog"],
    ],
    notes: [],
  });
});

test("splits are found beside what tools leave behind, in any of their names", async () => {
  const { ids, notes } = await read({
    ".ipynb_checkpoints/x.jpg": "",
    "Training/cat/a.jpe": "",
    "valid/cat/b.JFIF": "",
    "test/cat/c.jpg": "",
    "runs/cat/d.jpg": "",
  });
  assert.deepEqual(ids, [
    ["Training/cat/a.jpe", "cat", "train"],
    ["test/cat/c.jpg", "cat", "test"],
    ["valid/cat/b.JFIF", "cat", "val"],
  ]);
  assert.deepEqual(notes, ["3 of 4 files of F; 1 left out: runs/cat/d.jpg (beside the folders of the splits)"]);
});

test("train is a class where it holds images, as among other vehicles", async () => {
  const { classes } = await read({ "train/a.jpg": "", "bus/b.jpg": "" });
  assert.deepEqual(classes, ["bus", "train"]);
});

test("files that are left out are counted and named", async () => {
  const { ids, notes } = await read({
    "cat/a.jpg": "",
    "cat/a.xmp": "",
    "cat/b.svg": "",
    "loose.jpg": "",
    "cat/deep/er/c.jpg": "",
  });
  assert.deepEqual(ids, [
    ["cat/a.jpg", "cat"],
    ["cat/deep/er/c.jpg", "cat"],
  ]);
  assert.deepEqual(notes, [
    "2 of 5 files of F; 3 left out: cat/a.xmp, cat/b.svg (no image by its name); loose.jpg (in no folder of a class)",
    "images in deeper folders are of the class around them: cat/deep/er",
  ]);
});

test("a class that has no image, and classes that differ in spelling only, are told", async () => {
  const { classes, notes } = await read({
    "Cat/a.jpg": "",
    "cat/b.jpg": "",
    "polar_bear/c.jpg": "",
    "polar bear/d.jpg": "",
    "owl/e.txt": "",
  });
  assert.deepEqual(classes, ["Cat", "cat", "polar bear", "polar_bear"]);
  assert.deepEqual(notes, [
    "4 of 5 files of F; 1 left out: owl/e.txt (no image by its name)",
    "a folder without images, or a link to one that was read: owl",
    'the classes "Cat" and "cat" are read as different ones',
    'the classes "polar bear" and "polar_bear" are read as different ones',
  ]);
});

test("links to images and folders are followed, links to nothing are told", async () => {
  await inTree({ "all/a.jpg": "", "all/b.jpg": "", "set/cat/own.jpg": "" }, async (folder) => {
    await mkdir(join(folder, "set/dog"));
    await symlink(join(folder, "all/a.jpg"), join(folder, "set/dog/a.jpg"));
    await symlink(join(folder, "all/a.jpg"), join(folder, "set/cat/a.jpg"));
    await symlink(join(folder, "nowhere.jpg"), join(folder, "set/cat/lost.jpg"));
    await symlink(join(folder, "all"), join(folder, "set/owl"));
    const { pictures, notes } = await readFolderPerClass(join(folder, "set"));
    assert.deepEqual(
      pictures.map(({ id }) => id),
      ["cat/a.jpg", "cat/own.jpg", "dog/a.jpg", "owl/a.jpg", "owl/b.jpg"],
    );
    assert.match(notes![0], /^5 of 6 files of .*; 1 left out: cat\/lost\.jpg \(it is a link to nothing\)$/);
  });
});

test("a folder without class folders, or of another layout, is an error that says so", async () => {
  const rejects = (files: Tree, message: RegExp) =>
    inTree(files, (folder) => assert.rejects(readFolderPerClass(folder), { name: "CamlabError", message }));
  await rejects(
    { "a.jpg": "" },
    /holds no images in folders named after classes \(0 of 1 files .* a\.jpg \(in no folder/,
  );
  await rejects({ "data.yaml": "names: [a]", "x.txt": "" }, /it looks like a data set of YOLO, which readYolo reads/);
  await rejects({ "images.txt": "", "image_class_labels.txt": "" }, /it looks like CUB-200-2011, which readCub reads/);
  await assert.rejects(
    readFolderPerClass("/nowhere"),
    /cannot read the folder \/nowhere: there is no such file or folder/,
  );
  await assert.rejects(readFolderPerClass(5 as unknown as string), /invalid folder: 5 \(expected a path\)/);
});

test("a link to a picture of its class is left out by name; one of another class is read, and said", async () => {
  await inTree({ "cat/b.jpg": "", "dog/c.jpg": "", "owl/d.jpg": "" }, async (folder) => {
    await symlink(join(folder, "cat/b.jpg"), join(folder, "cat/a.jpg"));
    await symlink("../cat/b.jpg", join(folder, "dog/b.jpg"));
    await symlink(join(folder, "elsewhere.jpg"), join(folder, "owl/gone.jpg"));
    const { pictures, notes = [] } = await readFolderPerClass(`${folder}//`);
    assert.deepEqual(
      pictures.map(({ id }) => id),
      ["cat/b.jpg", "dog/b.jpg", "dog/c.jpg", "owl/d.jpg"],
    );
    assert.match(notes[0], /2 left out: .*cat\/a\.jpg \(a link to a picture of its class that is read: cat\/b\.jpg\)/);
    assert.match(notes[0], /owl\/gone\.jpg \(it is a link to nothing\)/);
    assert.equal(notes[1], "a link to a picture of another class or split: dog/b.jpg");
  });
});

test("a folder whose name is not UTF-8 is named once, as what it is", async () => {
  await inTree({ "cat/b.jpg": "" }, async (folder) => {
    const strange = Buffer.concat([Buffer.from(`${folder}/ol`), Buffer.of(0xe9)]);
    // Some file systems take no such name.
    if (!(await mkdir(strange).then(() => true, () => false))) return; // prettier-ignore
    const { notes = [] } = await readFolderPerClass(folder);
    assert.equal(notes.length, 1);
    assert.match(notes[0], /ol\\xE9 \(its name is not UTF-8: rename it\)/);
  });
});
