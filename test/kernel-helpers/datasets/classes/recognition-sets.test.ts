import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";
import type { PictureSet } from "../../../../src/kernel-helpers/images/picture.js";
import {
  readCaltech101,
  readEvent8,
  readScene15,
} from "../../../../src/kernel-helpers/datasets/classes/recognition-sets.js";
import { splitByChance } from "../../../../src/kernel-helpers/datasets/sets/split-by-chance.js";
import { splitPerClass } from "../../../../src/kernel-helpers/datasets/sets/split-per-class.js";
import { readStanford40 } from "../../../../src/kernel-helpers/datasets/classes/stanford40.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-sets-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text = ""): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

function counts({ classes, pictures }: PictureSet): Record<string, [train: number, test: number]> {
  const of = (name: string, split: string) => pictures.filter((i) => i.label === name && i.split === split).length;
  return Object.fromEntries(classes.map((name) => [name, [of(name, "train"), of(name, "test")]]));
}

test("Caltech-101, Scene-15 and Event8 as distributed, divided as papers divide them", async () => {
  for (let i = 0; i < 140; i++) {
    if (i < 100) write(`caltech/101_ObjectCategories/emu/image_${i}.jpg`);
    if (i < 40) write(`caltech/101_ObjectCategories/crab/image_${i}.jpg`);
    write(`caltech/101_ObjectCategories/BACKGROUND_Google/image_${i}.jpg`);
    if (i < 110) write(`scenes/bedroom/image_${i}.jpg`);
    if (i < 120) write(`scenes/coast/image_${i}.jpg`);
    write(`events/event_dataset/polo/p${i}.jpg`);
    if (i < 131) write(`events/event_dataset/rowing/r${i}.jpg`);
  }
  assert.deepEqual(counts(await readCaltech101(join(folder, "caltech"))), { crab: [30, 10], emu: [30, 50] });
  assert.deepEqual(counts(await readCaltech101(join(folder, "caltech"), { train: 15 })), {
    crab: [15, 25],
    emu: [15, 50],
  });
  assert.deepEqual(counts(await readScene15(join(folder, "scenes"))), { bedroom: [100, 10], coast: [100, 20] });
  assert.deepEqual(counts(await readEvent8(join(folder, "events"))), { polo: [70, 60], rowing: [70, 60] });
  await assert.rejects(
    readScene15(join(folder, "events/event_dataset"), { train: 140 }),
    /fewer than the 140 pictures of "polo"/,
  );
});

test("Stanford-40 Actions: the official lists say what is for training", async () => {
  write(
    "stanford/ImageSplits/actions.txt",
    "action_name\tnumber_of_training_images\napplauding\t2\nblowing_bubbles 1\n",
  );
  write("stanford/ImageSplits/applauding_train.txt", "applauding_001.jpg\napplauding_003.jpg\n");
  write("stanford/ImageSplits/applauding_test.txt", "applauding_002.jpg\n");
  write("stanford/ImageSplits/blowing_bubbles_train.txt", "blowing_bubbles_001.jpg\n");
  write("stanford/ImageSplits/blowing_bubbles_test.txt", "blowing_bubbles_002.jpg\n");
  const { classes, pictures } = await readStanford40(join(folder, "stanford"));
  assert.deepEqual(classes, ["applauding", "blowing bubbles"]);
  assert.deepEqual(
    pictures.map(({ id, label, split }) => [id, label, split]),
    [
      ["applauding_001.jpg", "applauding", "train"],
      ["applauding_003.jpg", "applauding", "train"],
      ["applauding_002.jpg", "applauding", "test"],
      ["blowing_bubbles_001.jpg", "blowing bubbles", "train"],
      ["blowing_bubbles_002.jpg", "blowing bubbles", "test"],
    ],
  );
  assert.equal(pictures[0].file, join(folder, "stanford/JPEGImages/applauding_001.jpg"));
  await assert.rejects(
    readStanford40(join(folder, "scenes")),
    /has no ImageSplits\/actions\.txt .*looks like a folder for each class, which readFolderPerClass reads/,
  );
});

test("splitPerClass: in the given order, or drawn by a seed; same seed, same draw", () => {
  const pictures = Array.from({ length: 20 }, (_, i) => ({
    file: `${i}.jpg`,
    id: String(i),
    label: i % 2 ? "odd" : "even",
  }));
  const data = { classes: ["even", "odd"], pictures };
  const trained = (set: PictureSet) => set.pictures.filter(({ split }) => split === "train").map(({ id }) => id);
  assert.deepEqual(trained(splitPerClass(data, { train: 2 })), ["0", "1", "2", "3"]);
  const drawn = splitPerClass(data, { train: 4, test: 3, seed: 7 });
  assert.deepEqual(counts(drawn), { even: [4, 3], odd: [4, 3] });
  assert.deepEqual(drawn, splitPerClass(data, { train: 4, test: 3, seed: 7 }));
  assert.notDeepEqual(trained(drawn), trained(splitPerClass(data, { train: 4, seed: 8 })));
  assert.throws(() => splitPerClass(data, { train: 10 }), /invalid train: 10 \(expected fewer than the 10/);
});

test("splitPerClass: a split that exists is not dealt anew unless that is said, and then it is noted", () => {
  const pictures = ["train", "test", undefined, undefined].map((split, i) => ({ file: `${i}.jpg`, label: "a", split }));
  const set = { classes: ["a"], pictures, notes: ["a note"] };
  assert.throws(() => splitPerClass(set, { train: 2 }), /has a split already \(1 train, 1 test; 0\.jpg is train\)/);
  assert.throws(() => splitByChance(set), /has a split already/);
  const dealt = splitPerClass(set, { train: 3, redeal: true });
  assert.deepEqual(dealt.notes, ["a note", "the split that the set had (1 train, 1 test) was dealt anew"]);
  assert.deepEqual(
    dealt.pictures.map(({ split }) => split),
    ["train", "train", "train", "test"],
  );
});
