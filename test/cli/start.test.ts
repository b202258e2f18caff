import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { cacheFolder } from "../../src/kernel-helpers/support/files/cache-folder.js";
import { ownFolder } from "../own-folder.js";
import { root } from "./camlab.js";

/** Says where Node was told to keep compiled code, whether this Node can or not. */
const TELLING = `data:text/javascript,import module from "node:module"; module.enableCompileCache = (folder) => console.error(folder);`;

test("compiled code is kept in camlab's own cache folder", async () => {
  for (const program of ["camlab.js", "camlab-kernel.js"]) {
    const started = promisify(execFile)(process.execPath, [
      "--import",
      TELLING,
      join(root, "bin", program),
      "--version",
    ]);
    // The kernel does not know the flag; it has been started by then.
    const { stderr } = await started.catch((error: { stderr: string }) => error);
    assert.equal(stderr.split("\n")[0], cacheFolder("compiled"), program);
  }
});

test("each command keeps what was compiled for it, where it came to its end", async () => {
  const folder = ownFolder("start");
  const run = (...words: string[]) =>
    promisify(execFile)(process.execPath, [join(root, "bin/camlab.js"), ...words], {
      env: { ...process.env, CAMLAB_CACHE: folder },
    });
  const kept = () => readdirSync(join(folder, "compiled")).filter((name) => name.startsWith("camlab-"));
  const { stdout } = await run("cache", "info", "--json");
  const first = kept();
  assert.equal(first.length, 1);
  assert.equal((await run("cache", "info", "--json")).stdout, stdout);
  assert.deepEqual(kept(), first);
  await assert.rejects(run("lok", "photo.jpg"));
  assert.deepEqual(kept(), first);
  await run("models", "list");
  assert.equal(kept().length, 2);
});

test("Node is to have a thread for each processor, unless it was told how many", async () => {
  const telling = `require(${JSON.stringify(join(root, "bin/start.js"))}); console.log(process.env.UV_THREADPOOL_SIZE)`;
  for (const [given, expected] of [
    [undefined, Math.max(4, availableParallelism())],
    ["7", 7],
  ] as const) {
    const env = { ...process.env, UV_THREADPOOL_SIZE: given };
    if (given === undefined) delete env.UV_THREADPOOL_SIZE;
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", telling], { env });
    assert.equal(Number(stdout), expected);
  }
});
