import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { loadCompiled } from "../../../../src/kernel-helpers/support/files/compiled-module.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-compiled-"));
after(() => rmSync(folder, { recursive: true }));

test("a file runs as require runs it, with what an earlier process compiled and without", () => {
  const file = join(folder, "plain.js");
  const other = join(folder, "other.js");
  writeFileSync(other, "exports.two = 2;");
  writeFileSync(file, 'exports.place = [__filename, __dirname]; exports.sum = () => require("./other").two + 1;');
  const kept = join(folder, "kept");
  const load = () => {
    const { exports, keep } = loadCompiled(file, kept);
    const { place, sum } = exports as { place: string[]; sum: () => number };
    assert.deepEqual(place, [file, folder]);
    assert.equal(sum(), 3);
    assert.equal(createRequire(import.meta.url)(file), exports);
    keep();
    return readdirSync(kept);
  };
  const first = load();
  assert.equal(first.length, 1);
  assert.deepEqual(load(), first);
  // What is no such thing is compiled anew, and made good.
  writeFileSync(join(kept, first[0]), "not compiled code");
  assert.deepEqual(load(), first);
  // Another file under the same name is another.
  writeFileSync(file, 'exports.place = [__filename, __dirname]; exports.sum = () => require("./other").two +  1;');
  assert.equal(load().length, 2);
});

test("where nothing can be kept it runs all the same", () => {
  const file = join(folder, "value.js");
  writeFileSync(file, "module.exports = 7;");
  const readOnly = join(folder, "read-only");
  writeFileSync(readOnly, "a file, not a folder");
  chmodSync(readOnly, 0o400);
  const { exports, keep } = loadCompiled(file, join(readOnly, "below"));
  keep();
  assert.equal(exports, 7);
});

test("each use of a file keeps its own; text beyond ASCII is read as it is", () => {
  const file = join(folder, "text.js");
  writeFileSync(file, 'exports.text = "Straße ≤ 7";');
  const kept = join(folder, "uses");
  for (const use of ["look", "train", "look"]) {
    const { exports, keep } = loadCompiled(file, kept, use);
    assert.equal((exports as { text: string }).text, "Straße ≤ 7");
    keep();
  }
  assert.equal(readdirSync(kept).length, 2);
});

test("what was compiled long ago is taken away when something new is kept", () => {
  const file = join(folder, "old.js");
  writeFileSync(file, "module.exports = 1;");
  const kept = join(folder, "aging");
  loadCompiled(file, kept, "old").keep();
  const [old] = readdirSync(kept);
  loadCompiled(file, kept, "new").keep();
  assert.equal(readdirSync(kept).length, 2);
  const long = new Date(Date.now() - 61 * 86_400_000);
  utimesSync(join(kept, old), long, long);
  loadCompiled(file, kept, "newest").keep();
  const left = readdirSync(kept);
  assert.equal(left.length, 2);
  assert.ok(!left.includes(old));
});
