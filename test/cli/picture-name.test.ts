import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { pictureStem, uniqueStems } from "../../src/cli/picture-name.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-names-"));
after(() => rmSync(folder, { recursive: true }));

describe("the name of a photo's picture", () => {
  test("is the photo's own, in every writing, with its spaces", () => {
    for (const stem of ["鹦鹉 照片", "日本語", "한국어", "قطة بنية", "Größe, façade (2)", "a.b-c_d", "🦜", "plain"]) {
      assert.equal(pictureStem(`/photos/of mine/${stem}.jpg`), stem.normalize("NFC"));
    }
  });

  test("leaves out what a file system refuses", () => {
    assert.equal(pictureStem(`"it's <img src=x onerror=alert(1)>\n&.png`), "it's -img src=x onerror=alert(1)-&");
    assert.equal(pictureStem("..hidden.jpg"), "hidden");
    assert.equal(pictureStem("ends with dots....jpg"), "ends with dots");
    assert.deepEqual(["con.jpg", "LPT1.png", "nul.x.jpg", "console.jpg"].map(pictureStem), [
      "_con",
      "_LPT1",
      "_nul.x",
      "console",
    ]);
    assert.equal(pictureStem("\u202e\ud800.jpg"), "photo");
    assert.equal(pictureStem(".jpg"), "jpg");
  });

  test("is never too long, and never ends in half a letter", () => {
    for (const letter of ["a", "鹦", "👩‍👩‍👧‍👦", "é"]) {
      const stem = pictureStem(`${letter.repeat(400)}.jpg`);
      assert.ok(Buffer.byteLength(stem) <= 200 && stem.length > 0);
      assert.equal(stem.replaceAll(letter.normalize("NFC"), ""), "");
      writeFileSync(join(folder, `${stem}-12345.png`), "");
    }
    assert.equal(readdirSync(folder).length, 4);
  });

  test("namesakes are told apart, also where upper and lower case are one", () => {
    const stemOf = uniqueStems();
    assert.deepEqual(["a/x.jpg", "b/x.png", "c/X.jpg", "e\u0301.jpg", "\u00e9.jpg"].map(stemOf), [
      "x",
      "x-2",
      "X-3",
      "é",
      "é-2",
    ]);
  });
});
