import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { contentName, sha256, sha256OfFile } from "../../../src/kernel-helpers/support/hash.js";

// FIPS 180-4's own examples.
const ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

test("texts and bytes, whole or in parts, have the standard's sums", () => {
  assert.equal(sha256("abc"), ABC);
  assert.equal(sha256("a", Buffer.from("b"), "c"), ABC);
  assert.equal(sha256(), EMPTY);
  assert.equal(contentName("abc"), ABC.slice(0, 32));
});

test("a file has the sum of its content, and one that is missing says so", async () => {
  const folder = await mkdtemp(join(tmpdir(), "hash-"));
  try {
    await writeFile(join(folder, "abc"), "abc");
    assert.equal(await sha256OfFile(join(folder, "abc")), ABC);
    await assert.rejects(sha256OfFile(join(folder, "none")), { code: "ENOENT" });
  } finally {
    await rm(folder, { recursive: true });
  }
});
