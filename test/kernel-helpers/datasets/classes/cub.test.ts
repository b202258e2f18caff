import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { readCub } from "../../../../src/kernel-helpers/datasets/classes/cub.js";
import { readStanford40 } from "../../../../src/kernel-helpers/datasets/classes/stanford40.js";
import { inTree } from "../tree.js";

const CUB = {
  "images.txt": "1 001.Red_Bird/a.jpg\n2 002.Red_Bird/b.jpg\n3 003.Owl/c.jpg\n",
  "image_class_labels.txt": "1 1\n2 2\n3 3\n",
  "classes.txt": "1 001.Red_Bird\n2 002.Red_Bird\n3 003.Owl\n",
  "train_test_split.txt": "1 1\n2 0\n3 1\n",
  "bounding_boxes.txt": "1 1 2 3 4\n2 1 2 3 4\n3 1 2 3 4\n",
};

test("classes that would have the same name without their numbers are kept apart", async () => {
  await inTree(CUB, async (folder) => {
    const { classes, pictures, notes } = await readCub(folder);
    assert.deepEqual(classes, ["001.Red_Bird", "002.Red_Bird", "Owl"]);
    assert.deepEqual(
      pictures.map(({ label }) => label),
      classes,
    );
    assert.match(
      notes![0],
      /^"001.Red_Bird" and "002.Red_Bird" would have the same name when cut: they are left as they are$/,
    );
  });
});

test("lines that cannot be used, and images of which something is missing, are named", async () => {
  const files = {
    ...CUB,
    "images.txt": `${CUB["images.txt"]}4\n3 again.jpg\n5 003.Owl/e.jpg\n6 003.Owl/f.jpg\n`,
    "image_class_labels.txt": "1 1\n2 9\n3 3\n5 3\n6 3\n8 1\n",
    "train_test_split.txt": "1 1\n2 0\n3 1\n5 maybe\n6 1\n",
    "bounding_boxes.txt": "1 1 2 3 4\n2 1 2 3 4\n3 1 2 3 4\n5 1 2 3 4\n6 1 2 x 4\n",
  };
  await inTree(files, async (folder) => {
    const { pictures, notes } = await readCub(folder);
    assert.deepEqual(
      pictures.map(({ id }) => id),
      ["1", "3"],
    );
    const told = notes!.join("\n");
    assert.match(
      told,
      /5 of 7 lines of images\.txt; 2 left out: line 4 \(it has no second column\); line 5 \(3 was there before\)/,
    );
    assert.match(
      told,
      /2 of 5 images of .*; 3 left out: image 2 \(002\.Red_Bird\/b\.jpg\) \(it has no class that classes\.txt knows\)/,
    );
    assert.match(
      told,
      /image 5 \(003\.Owl\/e\.jpg\) \(its split is maybe, not 0 or 1\); image 6 .*\(its box is 1 2 x 4\)/,
    );
    assert.match(told, /image_class_labels\.txt speaks of images that images\.txt has not: 8/);
  });
});

test("a list that is missing is named with where it comes from", async () => {
  await inTree(CUB, async (folder) => {
    await rm(join(folder, "classes.txt"));
    await assert.rejects(
      readCub(folder),
      /has no classes\.txt \(it is part of CUB_200_2011\.tgz, from https:\/\/www\.vision\.caltech/,
    );
  });
});

test("Stanford-40: an action whose list is missing is named, and so is an image that two lists have", async () => {
  const files = {
    "ImageSplits/actions.txt":
      "action_name\tnumber\nplaying_guitar\t1\nplaying guitar\t1\nrunning\t1\nplaying_guitar\t1\n",
    "ImageSplits/playing_guitar_train.txt": "a.jpg\n",
    "ImageSplits/playing_guitar_test.txt": "b.jpg\na.jpg\n",
    "ImageSplits/running_train.txt": "c.jpg\n",
  };
  await inTree(files, async (folder) => {
    const { classes, pictures, notes } = await readStanford40(folder);
    assert.deepEqual(classes, ["playing guitar", "playing", "running"]);
    assert.equal(pictures.length, 4);
    const told = notes!.join("\n");
    assert.match(told, /running_test\.txt \(cannot read .*there is no such file or folder\)/);
    assert.match(told, /named more than once in actions\.txt: playing_guitar/);
    assert.match(told, /in more than one list: a\.jpg/);
  });
});
