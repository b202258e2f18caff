import assert from "node:assert/strict";
import { test } from "node:test";
import { splitPerClass } from "../../../../src/kernel-helpers/datasets/sets/split-per-class.js";

const pictures: { file: string; label?: string; split?: string }[] = ["a", "a", "a", "b", "b", undefined, "c"].map(
  (label, i) => ({
    file: `${i}.png`,
    ...(label !== undefined && { label }),
  }),
);

test("pictures of none of the classes are left out, and named", () => {
  const { pictures: dealt, notes } = splitPerClass({ classes: ["a", "b"], pictures }, { train: 1 });
  assert.deepEqual(dealt.map(({ file, split }) => `${file} ${split}`), ["0.png train", "1.png test", "2.png test", "3.png train", "4.png test"]); // prettier-ignore
  assert.deepEqual(notes, ['2 of 7 pictures are of none of the classes, and left out: 5.png (no label), 6.png ("c")']);
});

test("what a set had to say is kept", () => {
  const set = { classes: ["a", "b"], pictures: pictures.slice(0, 5), notes: ["said before"] };
  assert.deepEqual(splitPerClass(set, { train: 1 }).notes, ["said before"]);
});

test("a part to test on is a whole number", () => {
  for (const wrong of [1.5, 0, NaN, -Infinity]) {
    const act = () => splitPerClass({ classes: ["a"], pictures: pictures.slice(0, 3) }, { train: 1, test: wrong });
    assert.throws(act, /invalid test: .* \(expected a whole number from 1\)/);
  }
});
