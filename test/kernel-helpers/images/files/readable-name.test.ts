import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOfSource, readableName } from "../../../../src/kernel-helpers/images/files/readable-name.js";

test("a name of up to 120 characters is whole; of a longer one the middle is left out, its end longer than its start", () => {
  const name = (length: number) => Array.from({ length }, (_, i) => String.fromCharCode(97 + (i % 26))).join("");
  assert.equal(readableName(name(120)), name(120));
  const long = name(500);
  assert.equal(readableName(long), `${long.slice(0, 30)}…${long.slice(-89)}`);
  assert.equal([...readableName(long)].length, 120);
  // Characters of two units are not cut in half.
  assert.equal(readableName("😀".repeat(200)), `${"😀".repeat(30)}…${"😀".repeat(89)}`);
  assert.equal(readableName("a\nb.jpg"), "a\\nb.jpg");
});

test("other sources are called what they are", () => {
  assert.equal(nameOfSource("a.png"), "a.png");
  assert.equal(nameOfSource(new Uint8Array(7)), "the image (7 bytes)");
  assert.equal(nameOfSource({ width: 4, height: 3, data: new Uint8Array(36) }), "the image (raw pixels, 4×3)");
  assert.equal(nameOfSource(null as never), "the image");
  assert.equal(nameOfSource(5 as never), "the image");
});
