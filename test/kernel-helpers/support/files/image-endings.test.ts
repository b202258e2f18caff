import assert from "node:assert/strict";
import { test } from "node:test";
import { isImageName } from "../../../../src/kernel-helpers/support/files/image-endings.js";

test("images are told by their ending, in capitals or not", () => {
  for (const ending of "jpg jpeg jpe jfif png webp avif gif tif tiff bmp dib heic heif hif".split(" ")) {
    assert.ok(isImageName(`a.${ending}`), ending);
    assert.ok(isImageName(`folder.x/A.B.${ending.toUpperCase()}`), ending);
  }
  for (const name of ["a.txt", "jpg", "a.jpg.txt", "a.jpgx", "ajpg", "a.svg", ""]) assert.ok(!isImageName(name), name);
});
