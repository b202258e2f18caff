import assert from "node:assert/strict";
import { test } from "node:test";
import {
  sharesOf,
  splitInParts,
  type SplitShares,
} from "../../../../src/kernel-helpers/datasets/sets/split-in-parts.js";
import type { Picture, PictureSet } from "../../../../src/kernel-helpers/images/picture.js";

function set(counts: Readonly<Record<string, number>>): PictureSet<Picture> {
  const pictures = Object.entries(counts).flatMap(([label, count]) =>
    Array.from({ length: count }, (_, i) => ({ file: `${label}/${i}.jpg`, ...(label !== "" && { label }) })),
  );
  return { classes: Object.keys(counts), pictures };
}

function countOf({ pictures }: PictureSet<Picture>, label: string | undefined, split: string): number {
  return pictures.filter((picture) => picture.label === label && picture.split === split).length;
}

test("each class is dealt alike, every picture once", () => {
  const dealt = splitInParts(set({ cat: 10, dog: 100, "": 5 }), { train: 0.6, val: 0.2, test: 0.2 }, { seed: 1 });
  const of = (label: string | undefined) => ["train", "val", "test"].map((split) => countOf(dealt, label, split));
  assert.deepEqual(
    [of("cat"), of("dog"), of(undefined)],
    [
      [6, 2, 2],
      [60, 20, 20],
      [3, 1, 1],
    ],
  );
  assert.deepEqual(
    dealt.pictures.map(({ file }) => file),
    set({ cat: 10, dog: 100, "": 5 }).pictures.map(({ file }) => file),
  );
});

test("the same seed deals the same way, another seed another way, and not the first ones", () => {
  const splits = (seed?: number) =>
    splitInParts(set({ cat: 40 }), { train: 0.5 }, { seed }).pictures.map(({ split }) => split);
  assert.deepEqual(splits(1), splits(1));
  assert.notDeepEqual(splits(1), splits(2));
  assert.deepEqual(splits(), splits(0));
  assert.ok(splits(1).slice(0, 20).includes("test"));
});

test("what is left over is to test on; classes of one or two pictures lose none", () => {
  const dealt = splitInParts(set({ a: 1, b: 2, c: 3, d: 7 }), { train: 0.6, val: 0.1 });
  assert.ok(dealt.pictures.every(({ split }) => split !== undefined));
  assert.equal(countOf(dealt, "d", "test"), 2);
  assert.ok(splitInParts(set({ a: 5 }), { train: 1 }).pictures.every(({ split }) => split === "train"));
  assert.ok(splitInParts(set({ a: 3 }), { train: 0.1, val: 0.2, test: 0.7 }).pictures.every(({ split }) => split));
});

test("shares that are none are refused, and a split that exists", () => {
  const refused = (shares: SplitShares, message: RegExp) =>
    assert.throws(() => splitInParts(set({ a: 5 }), shares), { name: "CamlabError", message });
  refused({}, /no share is given/);
  refused({ train: 0.6, test: 0.2 }, /add up to 0\.8, not to 1/);
  refused({ train: 0.9, val: 0.3 }, /add up to 1\.2, not to 1/);
  refused({ train: Number.NaN }, /invalid train/);
  refused({ train: -1, test: 2 }, /invalid train/);
  refused({ learn: 0.5 } as SplitShares, /invalid split: "learn"/);
  const dealt = splitInParts(set({ a: 5 }), { train: 0.6 });
  assert.throws(() => splitInParts(dealt, { train: 0.6 }), /has a split already/);
  assert.match(splitInParts(dealt, { train: 0.2 }, { redeal: true }).notes!.join(), /dealt anew/);
});

test("shares are read as people write them", () => {
  assert.deepEqual(sharesOf(["train=0.6", "val=.2", "test=20%"]), { train: 0.6, val: 0.2, test: 0.2 });
  assert.deepEqual(sharesOf(["train=0.5,validation=0.25, testing = 25%"]), { train: 0.5, val: 0.25, test: 0.25 });
  for (const text of ["photos/", "train", "train=", "train=x", "learn=0.5", "train=-1", "train=1e3", "=0.5"]) {
    assert.throws(() => sharesOf([text]), { name: "CamlabError", message: /is no share of a split/ }, text);
  }
  assert.throws(() => sharesOf(["val=0.1", "valid=0.2"]), /given twice/);
});
