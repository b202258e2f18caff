import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { cacheFolder } from "../../src/kernel-helpers/support/files/cache-folder.js";
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
