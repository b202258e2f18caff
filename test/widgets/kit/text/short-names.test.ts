import assert from "node:assert/strict";
import { test } from "node:test";
import { shortNames } from "../../../../src/widgets/kit/text/short-names.js";

test("namesakes are told apart by as many folders as it takes, the others by none", () => {
  assert.deepEqual(shortNames(["a/kitchen/1.jpg", "a/bedroom/1.jpg", "a/2.jpg"]), [
    "kitchen/1.jpg",
    "bedroom/1.jpg",
    "2.jpg",
  ]);
  assert.deepEqual(shortNames(["x/a/1.jpg", "y/a/1.jpg", "y\\b\\1.jpg"]), ["x/a/1.jpg", "y/a/1.jpg", "b/1.jpg"]);
  assert.deepEqual(shortNames(["1.jpg", "a/1.jpg", "1.jpg"]), ["1.jpg", "a/1.jpg", "1.jpg"]);
  assert.deepEqual(shortNames(["the image (3 bytes)", "", "/"]), ["the image (3 bytes)", "", "/"]);
  assert.deepEqual(shortNames([]), []);
});
