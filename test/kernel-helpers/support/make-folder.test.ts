import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { makeFolder, makeFolderSync } from "../../../src/kernel-helpers/support/make-folder.js";

import { installKernel } from "../../../src/kernel/install/install-kernel.js";

const temporary = mkdtempSync(join(tmpdir(), "camlab-folder-"));
after(() => rmSync(temporary, { recursive: true, force: true }));

test("makes what is missing, at once from several sides, and is content with what is there", async () => {
  const path = join(temporary, "a", "b", "c");
  await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(temporary, "a", "b"))]);
  await makeFolder(path);
  assert.ok(statSync(path).isDirectory());
  makeFolderSync(join(path, "d", "e"));
  makeFolderSync(join(path, "d", "e"));
  assert.ok(statSync(join(path, "d", "e")).isDirectory());
});

test("fails where a file is in the way, and where the file system refuses", async () => {
  const file = join(temporary, "file");
  writeFileSync(file, "");
  await assert.rejects(makeFolder(file), /cannot make the folder .*file: a file of that name is in the way/);
  await assert.rejects(
    makeFolder(join(file, "below")),
    /cannot make the folder .*below: what should be its folder is a file/,
  );
  assert.throws(() => makeFolderSync(join(file, "below")), /cannot make the folder .*below: what should be/);
  if (existsSync("/proc/self")) {
    await assert.rejects(makeFolder("/proc/camlab/out"), /cannot make the folder \/proc\/camlab: /);
    assert.throws(() => makeFolderSync("/proc/camlab/out"), /cannot make the folder \/proc\/camlab: /);
    await assert.rejects(installKernel({ prefix: "/proc/camlab" }), /cannot register the kernel in \/proc\/camlab/);
  }
});
