import assert from "node:assert/strict";
import { test } from "node:test";
import { isLocated, isPacked, packedName } from "../../../../src/kernel-helpers/images/packed/packed-image.js";
import type { PackedImage } from "../../../../src/kernel-helpers/images/image.js";

test("a file in a pack has the pack's name and one of four kinds; nothing else is one", () => {
  for (const kind of ["part", "zip", "row", "address"]) {
    assert.equal(isPacked({ kind, pack: "birds.tar" }), true, kind);
    assert.equal(isLocated({ kind, pack: "birds.tar" } as PackedImage), true);
    assert.equal(isPacked({ kind }), false);
    assert.equal(isPacked({ kind, pack: 7 }), false);
  }
  for (const other of [undefined, null, "birds.tar", 7, {}, { pack: "birds.tar" }, { pack: "birds.tar", kind: "" }]) {
    assert.equal(isPacked(other), false);
  }
  assert.equal(isPacked({ pack: "birds.tar", kind: "tar" }), false);
  assert.equal(isLocated("street.jpg"), true);
  for (const inMemory of [Uint8Array.of(1), { width: 1, height: 1, data: new Uint8Array(3) }]) {
    assert.equal(isLocated(inMemory), false);
  }
});

test("it is called by its pack and its entry, by the pack alone where there is no entry", () => {
  const name = (pack: string, entry: string) => packedName({ pack, entry } as PackedImage);
  assert.equal(name("birds.tar", "0001.jpg"), "birds.tar/0001.jpg");
  assert.equal(name("https://example.org/a.jpg", ""), "https://example.org/a.jpg");
});
