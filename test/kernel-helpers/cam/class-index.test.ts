import assert from "node:assert/strict";
import { test } from "node:test";
import { classIndexOf } from "../../../src/kernel-helpers/cam/class-index.js";

const CLASSES = ["tench, Tinca tinca", "tabby, tabby cat", "crane", "Crane", "tiger cat", "cat, tabby", "101"];

test("a name is found exactly, else in another case, else as one of its parts", () => {
  assert.equal(classIndexOf(CLASSES, "crane"), 2);
  assert.equal(classIndexOf(CLASSES, "Crane"), 3);
  assert.equal(classIndexOf(CLASSES, "TIGER CAT"), 4);
  assert.equal(classIndexOf(CLASSES, "tinca tinca"), 0);
  assert.equal(classIndexOf(CLASSES, "Tabby Cat"), 1);
});

test("an index is itself; digits are a name first, then an index", () => {
  assert.equal(classIndexOf(CLASSES, 5), 5);
  assert.equal(classIndexOf(CLASSES, "101"), 6);
  assert.equal(classIndexOf(CLASSES, "3"), 3);
  assert.throws(() => classIndexOf(CLASSES, "7"), /invalid class: 7 \(expected an index from 0 to 6/);
  for (const bad of [-1, 1.5, NaN]) assert.throws(() => classIndexOf(CLASSES, bad), /invalid class/);
});

test("a name that fits several classes is refused with their indices", () => {
  assert.throws(() => classIndexOf(CLASSES, "CRANE"), {
    name: "CamlabError",
    message: 'class "CRANE" fits 2 classes: 2 "crane", 3 "Crane"; give the index instead',
  });
  assert.throws(() => classIndexOf(CLASSES, "tabby"), /fits 2 classes: 1 "tabby, tabby cat", 5 "cat, tabby"/);
  assert.throws(() => classIndexOf(["maillot", "maillot"], "maillot"), /fits 2 classes/);
});

test("an unknown name is refused with those near it", () => {
  assert.throws(() => classIndexOf(CLASSES, "tiger cats"), /no class is named "tiger cats"; near it: "tiger cat"/);
  assert.throws(() => classIndexOf(CLASSES, "tinca"), /near it: "tench, Tinca tinca"/);
  assert.throws(() => classIndexOf(CLASSES, "locomotive"), /no class is named "locomotive" among 7 classes/);
  assert.throws(() => classIndexOf(CLASSES, ""), /no class is named ""/);
});

test("what is near: at most a third in edits away, in a name or one of its parts, nearest first, five at most", () => {
  const near = (classes: readonly string[], wanted: string) => {
    try {
      classIndexOf(classes, wanted);
    } catch (error) {
      return (error as Error).message.replace(`no class is named ${JSON.stringify(wanted)}`, "");
    }
    return "found";
  };
  assert.equal(near(["ox, cow", "sow"], "cew"), '; near it: "ox, cow"');
  assert.equal(near(["caww", "cbw"], "cow"), '; near it: "cbw"');
  assert.equal(near(["abcdxx", "abcdex"], "abcdef"), '; near it: "abcdex", "abcdxx"');
  assert.equal(near(["abcxxx"], "abcdef"), " among 1 classes");
  const many = Array.from({ length: 7 }, (_, i) => `bird ${i}`);
  assert.equal(
    near(many, "bird"),
    `; near it: ${many
      .slice(0, 5)
      .map((name) => JSON.stringify(name))
      .join(", ")}`,
  );
  assert.equal(near(many, "  "), " among 7 classes");
});

test("of many classes that a name fits five are listed", () => {
  const same = (count: number) => Array<string>(count).fill("owl");
  assert.throws(
    () => classIndexOf(same(5), "owl"),
    /fits 5 classes: 0 "owl", 1 "owl", 2 "owl", 3 "owl", 4 "owl"; give/,
  );
  assert.throws(() => classIndexOf(same(6), "owl"), /fits 6 classes: 0 "owl", .*4 "owl", …; give the index/);
  for (const wanted of [5, -1]) assert.throws(() => classIndexOf(same(5), wanted), /an index from 0 to 4, or a name/);
  assert.equal(classIndexOf(same(5), 4), 4);
  assert.equal(classIndexOf(same(5), " 0 "), 0);
});
