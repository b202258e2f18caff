import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { hashOfImage } from "../../../src/kernel-helpers/images/image-hash.js";

test("a file's bytes have their own sum; pixels have that of their sizes and bytes", () => {
  const data = Uint8Array.from({ length: 18 }, (_, i) => i);
  assert.equal(hashOfImage(data), createHash("sha256").update(data).digest("hex"));
  const hashes = [
    hashOfImage(data),
    hashOfImage({ width: 3, height: 2, data }),
    hashOfImage({ width: 2, height: 3, data }),
    hashOfImage({ width: 6, height: 1, data }),
    hashOfImage({ width: 3, height: 2, data: data.slice().reverse() }),
  ];
  assert.equal(new Set(hashes).size, hashes.length);
  assert.equal(hashOfImage({ width: 3, height: 2, data: data.slice() }), hashes[1]);
});
