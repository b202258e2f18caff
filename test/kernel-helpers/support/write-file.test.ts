import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { writeWhole, writeWholeSync } from "../../../src/kernel-helpers/support/write-file.js";

let folder = "";
before(async () => void (folder = await mkdtemp(join(tmpdir(), "write-file-"))));
after(() => rm(folder, { recursive: true }));

/** A new, empty folder. */
async function place(name: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(path);
  return path;
}

describe("what is written", () => {
  test("text, bytes, and pieces of both as they come", async () => {
    const at = await place("kinds");
    const path = join(at, "file");
    const bytes = Uint8Array.of(0, 255, 10);
    await writeWhole(path, "Straße\n");
    assert.equal(await readFile(path, "utf8"), "Straße\n");
    await writeWhole(path, bytes);
    assert.deepEqual(new Uint8Array(await readFile(path)), bytes);
    await writeWhole(path, ["a", Buffer.from("ß"), ""]);
    assert.equal(await readFile(path, "utf8"), "aß");
    await writeWhole(path, []);
    assert.equal(await readFile(path, "utf8"), "");
    const big = "0123456789".repeat(1000);
    await writeWhole(
      path,
      (async function* () {
        for (let i = 0; i < 30; i++) yield await Promise.resolve(big);
      })(),
    );
    assert.equal(await readFile(path, "utf8"), big.repeat(30));
    assert.deepEqual(await readdir(at), ["file"]);
  });

  test("a reader meets the old file until the new one is whole", async () => {
    const at = await place("reader");
    const path = join(at, "file");
    await writeFile(path, "old");
    await writeWhole(
      path,
      (async function* () {
        yield "x".repeat(200_000);
        assert.equal(await readFile(path, "utf8"), "old");
        assert.equal((await readdir(at)).length, 2);
        yield "end";
      })(),
    );
    assert.equal((await readFile(path, "utf8")).length, 200_003);
  });

  test("many savings of one file at once: one of them wins, whole, and nothing else is left", async () => {
    const at = await place("many");
    const path = join(at, "file");
    const texts = Array.from({ length: 20 }, (_, i) => String.fromCharCode(97 + i).repeat(50_000));
    await Promise.all(texts.map((text) => writeWhole(path, text)));
    assert.ok(texts.includes(await readFile(path, "utf8")));
    assert.deepEqual(await readdir(at), ["file"]);
  });

  test("the permissions of the file that is replaced are kept", async () => {
    const path = join(await place("mode"), "file");
    await writeFile(path, "old");
    await chmod(path, 0o640);
    await writeWhole(path, "new");
    assert.equal((await stat(path)).mode & 0o777, 0o640);
    assert.equal(await readFile(path, "utf8"), "new");
  });

  test("a link leads where it led, and what it leads to is replaced", async () => {
    const at = await place("link");
    await mkdir(join(at, "inside"));
    await writeFile(join(at, "inside", "real"), "old");
    await symlink(join("inside", "real"), join(at, "link"));
    await writeWhole(join(at, "link"), "new");
    assert.equal(await readFile(join(at, "inside", "real"), "utf8"), "new");
    assert.deepEqual((await readdir(at)).sort(), ["inside", "link"]);
    assert.deepEqual(await readdir(join(at, "inside")), ["real"]);
  });

  test("a pipe is written to and stays a pipe", { skip: process.platform === "win32" }, async () => {
    const at = await place("pipe");
    const pipe = join(at, "pipe");
    await promisify(execFile)("mkfifo", [pipe]);
    const [text] = await Promise.all([readFile(pipe, "utf8"), writeWhole(pipe, ["a", "b"])]);
    assert.equal(text, "ab");
    assert.ok((await stat(pipe)).isFIFO());
    assert.deepEqual(await readdir(at), ["pipe"]);
  });
});

test("without waiting: whole, with its permissions, or not at all", async () => {
  const at = await place("sync");
  const path = join(at, "file");
  writeWholeSync(path, "old", { mode: 0o600 });
  assert.equal((await stat(path)).mode & 0o777, 0o600);
  writeWholeSync(path, Uint8Array.of(1, 2));
  assert.deepEqual(new Uint8Array(await readFile(path)), Uint8Array.of(1, 2));
  const refused = (path: string, message: RegExp) =>
    assert.throws(() => writeWholeSync(path, "text"), { name: "CamlabError", message });
  refused(join(at, "none", "file"), /cannot write .*none.file: its folder does not exist$/);
  refused(join(path, "file"), /cannot write .*: what should be its folder is a file$/);
  refused(at, /cannot write .*sync: /);
  assert.deepEqual(await readdir(at), ["file"]);
  assert.ok(!(await readdir(folder)).some((name) => name.startsWith("unfinished-")));
});

describe("what cannot be written", () => {
  test("a missing folder, a file for a folder, a folder for a file, too long a name: the error names the file", async () => {
    const at = await place("refused");
    await writeFile(join(at, "plain"), "");
    const refused = async (path: string, reason: string) =>
      assert.rejects(writeWhole(path, "text"), { name: "CamlabError", message: `cannot write ${path}: ${reason}` });
    await refused(join(at, "none", "file"), "its folder does not exist");
    await refused(join(at, "plain", "file"), "what should be its folder is a file");
    await refused(at, "it is a folder");
    await refused(join(at, "n".repeat(300)), "its name is too long");
    assert.deepEqual(await readdir(at), ["plain"]);
  });

  test("control characters of a name are shown as escapes", async () => {
    await assert.rejects(writeWhole(join(folder, "no\nsuch", "file"), ""), { message: /no\\nsuch/ });
  });

  test("when the content fails its own error is thrown, nothing is left and the old file is as it was", async () => {
    const at = await place("content");
    const path = join(at, "file");
    await writeFile(path, "old");
    const failure = new Error("no more");
    await assert.rejects(
      writeWhole(
        path,
        (function* () {
          yield "x".repeat(100_000);
          throw failure;
        })(),
      ),
      (error) => error === failure,
    );
    assert.equal(await readFile(path, "utf8"), "old");
    assert.deepEqual(await readdir(at), ["file"]);
  });

  test("on a full disk nothing is left and the old file is as it was", { skip: !existsSync("/dev/full") }, async () => {
    await assert.rejects(writeWhole("/dev/full", "text"), {
      name: "CamlabError",
      message: "cannot write /dev/full: the disk is full",
    });
    // A limit on the size of files is a full disk that needs no rights to make.
    const at = await place("full");
    const path = join(at, "file");
    await writeFile(path, "old");
    const module = new URL("../../../src/kernel-helpers/support/write-file.ts", import.meta.url).href;
    const script = `process.on("SIGXFSZ", () => {});
      const { writeWhole } = await import(${JSON.stringify(module)});
      await writeWhole(${JSON.stringify(path)}, Buffer.alloc(1 << 20)).catch((error) => console.log(error.message));`;
    const command = `ulimit -f 100; exec "$0" --import tsx --input-type=module -e "$1"`;
    const { stdout } = await promisify(execFile)("bash", ["-c", command, process.execPath, script]);
    assert.match(stdout, /^cannot write .*file: /);
    assert.equal(await readFile(path, "utf8"), "old");
    assert.deepEqual(await readdir(at), ["file"]);
  });
});
