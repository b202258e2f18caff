import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { findJupyter } from "../../../src/kernel/install/jupyter-paths.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-jupyter-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A prefix with both programs, of which JupyterLab's answers with a version of its own. */
function prefix(name: string, packages: readonly string[]): string {
  const bin = join(folder, name, "bin");
  mkdirSync(bin, { recursive: true });
  for (const program of ["jupyter", "jupyter-lab"])
    writeFileSync(join(bin, program), "#!/bin/sh\necho 9.9.9\n", { mode: 0o755 });
  for (const path of packages) mkdirSync(join(folder, name, path), { recursive: true });
  return bin;
}

const versionIn = async (bin: string) => (await findJupyter({ CAMLAB_JUPYTER: bin }))?.lab?.version;

test("JupyterLab's version is read from what is installed beside it, through links too", async () => {
  const bin = prefix("one", [
    "lib/python3.12/site-packages/jupyterlab-4.5.1.dist-info",
    "lib/python3.12/site-packages/jupyterlab_server-2.1.0.dist-info",
  ]);
  assert.equal(await versionIn(bin), "4.5.1");
  assert.equal(await versionIn(prefix("windows", ["Lib/site-packages/jupyterlab-4.2.0.dist-info"])), "4.2.0");
  const linked = join(folder, "linked");
  mkdirSync(linked);
  symlinkSync(join(bin, "jupyter-lab"), join(linked, "jupyter-lab"));
  assert.equal(await versionIn(linked), "4.5.1");
});

test("where none or several are installed the program itself is asked", async () => {
  assert.equal(await versionIn(prefix("none", [])), "9.9.9");
  const two = ["3.11", "3.12"].map((python, i) => `lib/python${python}/site-packages/jupyterlab-4.${i}.0.dist-info`);
  assert.equal(await versionIn(prefix("two", two)), "9.9.9");
});

test("a folder without Jupyter has none", async () => {
  assert.equal(await findJupyter({ CAMLAB_JUPYTER: join(folder, "empty"), PATH: "" }), undefined);
});
