import assert from "node:assert/strict";
import { test } from "node:test";
import type { JudgedCase } from "../../../../src/kernel-helpers/boxes/evaluation/judge-case.js";
import { JudgedCases } from "../../../../src/kernel-helpers/boxes/evaluation/judged-cases.js";
import { seededRandom } from "../../../../src/kernel-helpers/support/random.js";

test("thousands of cases come back to the last bit, in any order, and read as an array does", () => {
  const random = seededRandom("judged cases");
  const cases = new JudgedCases();
  const given: JudgedCase[] = Array.from({ length: 1700 }, (_, i) => ({
    ...{ picture: { file: `${i}.png`, id: `${i}` }, label: `class ${i % 7}`, index: i % 7, pointed: random() < 0.5 },
    ...{ imageWidth: 10 + i, imageHeight: 20, truth: [{ x: random(), y: 1 / 3, width: 2, height: 3 }] },
    guesses: [
      { index: 3, probability: random(), ...(i % 2 === 0 && { box: { x: 0, y: 0, width: random(), height: 1 } }) },
    ],
    overlap: random(),
    ...(i % 3 > 0 && { largest: Float32Array.from({ length: 101 }, () => random()) }),
    ...(i % 3 > 1 && { pixels: { inside: Float64Array.of(random(), 7), outside: Float64Array.of(0, 2 ** 40) } }),
  }));
  for (const one of given) cases.push(one);
  assert.deepEqual([...cases], given);
  const { list } = cases;
  assert.equal(Array.isArray(list), true);
  assert.equal(list.length, 1700);
  for (const at of [0, 1699, 511, 512, 1024, 3]) {
    assert.deepEqual(list[at], given[at]);
    assert.equal(list[at].picture, given[at].picture, "the very picture");
  }
  assert.equal(list[1700], undefined);
  assert.deepEqual(list.at(-1), given[1699]);
  assert.deepEqual([...list], given);
  assert.deepEqual(list.slice(600, 602), given.slice(600, 602));
  assert.deepEqual(
    list.filter(({ pointed }) => pointed).map(({ overlap }) => overlap),
    given.filter(({ pointed }) => pointed).map(({ overlap }) => overlap),
  );
  assert.equal(
    [...list].sort((a, b) => a.overlap! - b.overlap!)[0].picture.id,
    [...given].sort((a, b) => a.overlap! - b.overlap!)[0].picture.id,
  );
  assert.equal(JSON.stringify(list.slice(0, 3)), JSON.stringify(given.slice(0, 3)));
  assert.deepEqual(list, given);
});
