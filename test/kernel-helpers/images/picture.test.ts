import assert from "node:assert/strict";
import { test } from "node:test";
import { listOf, nameOf, pictureOf, picturesOf } from "../../../src/kernel-helpers/images/picture.js";

const pixels = { width: 1, height: 1, data: Uint8Array.of(1, 2, 3) };
const WRONG: readonly unknown[] = [
  undefined,
  null,
  7,
  true,
  {},
  { data: [1, 2, 3] },
  { file: 3 },
  { file: null },
  { file: {} },
];

test("a picture stays the very same; a path, bytes or pixels become one; anything else is refused", () => {
  for (const file of ["a.jpg", Uint8Array.of(1), pixels]) {
    const picture = { file, label: "x" };
    assert.equal(pictureOf(picture), picture);
    assert.deepEqual(pictureOf(file), { file });
  }
  for (const wrong of WRONG) assert.throws(() => pictureOf(wrong as string), /invalid picture: /);
  // Pixels may carry a `file` that is none; they are a picture all the same.
  const odd = { ...pixels, file: 5 };
  assert.deepEqual(pictureOf(odd as unknown as typeof pixels), { file: odd });
});

test("a set's pictures, or the very list or stream that was given", () => {
  const pictures = [{ file: "a.jpg" }];
  assert.equal(listOf({ pictures }), pictures);
  assert.equal(listOf(pictures), pictures);
  assert.equal(picturesOf({ pictures }), pictures);
  assert.equal(picturesOf(pictures), pictures);
  async function* stream() {
    yield* await Promise.resolve(pictures);
  }
  for (const iterable of [stream(), new Set(pictures), new Map()])
    assert.equal(picturesOf(iterable as never), iterable);
  for (const wrong of [undefined, null, 3, "a.jpg", Uint8Array.of(1), {}, pixels, () => pictures]) {
    assert.throws(() => picturesOf(wrong as never), /invalid pictures: /);
    assert.throws(() => listOf(wrong as never), /invalid pictures: /);
  }
  assert.throws(() => listOf(new Set(pictures) as never), /invalid pictures: /);
});

test("a picture is called by its path, else by its id, else an image", () => {
  assert.equal(nameOf({ file: "a.jpg", id: "7" }), "a.jpg");
  assert.equal(nameOf({ file: pixels, id: "7" }), "7");
  assert.equal(nameOf({ file: Uint8Array.of(1) }), "image");
});
