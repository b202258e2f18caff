// The small library of notebooks, and where Jupyter is looked for: without a kernel process.
import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { clearOutput, display, interruptSignal } from "../../../src/kernel/display/display.js";
import { findJupyter, userDataFolder } from "../../../src/kernel/install/jupyter-paths.js";
import { installKernelHook } from "../../../src/kernel/display/kernel-hook.js";
import type { MimeBundle } from "../../../src/kernel/display/mime-bundle.js";
import { progressBar } from "../../../src/kernel/display/progress-bar.js";

describe("in a notebook", () => {
  const calls: { bundle?: MimeBundle; id?: string; update?: boolean; wait?: boolean }[] = [];
  const abort = new AbortController();
  before(() =>
    installKernelHook({
      display: (bundle, options = {}) => calls.push({ bundle, ...options }),
      clearOutput: (wait) => calls.push({ wait }),
      signal: abort.signal,
    }),
  );
  after(() => Reflect.deleteProperty(globalThis, Symbol.for("camlab.kernel")));

  test("display shows richly, and updates what it showed", async () => {
    const shown = await display({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<b>1</b>" }) });
    await shown.update(2);
    await display(3, { id: "mine" });
    await display(4, { id: "mine" });
    const [first, second, third, fourth] = calls.splice(0);
    assert.deepEqual([first.update, second.update, third.update, fourth.update], [false, true, false, true]);
    assert.equal(first.id, second.id);
    assert.equal(first.bundle?.["text/html"], "<b>1</b>");
    assert.deepEqual(
      [second, third, fourth].map(({ bundle }) => bundle),
      [{ "text/plain": "2" }, { "text/plain": "3" }, { "text/plain": "4" }],
    );
  });

  test("what has shown itself is not shown again; in its place there is nothing to update", async () => {
    const shown = await display({ [Symbol.for("Jupyter.display")]: () => ({}) });
    assert.deepEqual(calls.splice(0), []);
    await shown.update(1);
    await shown.update(2);
    assert.deepEqual(calls.splice(0), [
      { bundle: { "text/plain": "1" }, id: shown.id, update: false },
      { bundle: { "text/plain": "2" }, id: shown.id, update: true },
    ]);
  });

  test("a progress bar is one display: drawn first, seldom, and at the end; its label is escaped", () => {
    const bar = progressBar();
    for (let done = 1; done <= 1000; done++) bar({ label: "<photos>", done, total: 1000, elapsed: done });
    const drawn = calls.splice(0);
    assert.ok(drawn.length >= 2 && drawn.length < 20, `${drawn.length}`);
    assert.deepEqual([drawn[0].update, drawn.at(-1)?.update], [false, true]);
    assert.equal(new Set(drawn.map(({ id }) => id)).size, 1);
    assert.equal(drawn.at(-1)?.bundle?.["text/plain"], "<photos>: 1000/1000 (100 %), 1000/s, 1.0 s in all");
    assert.match(String(drawn[0].bundle?.["text/html"]), /&#60;photos&#62;/);
    bar({ label: "x", done: 5, elapsed: 0 });
  });

  test("clearOutput and interruptSignal reach the kernel", () => {
    calls.length = 0;
    clearOutput({ wait: true });
    assert.deepEqual(calls, [{ wait: true }]);
    abort.abort();
    assert.ok(interruptSignal().aborted);
  });
});

test("outside a notebook nothing is aborted or cleared", () => {
  clearOutput();
  assert.equal(interruptSignal().aborted, false);
});

describe("Jupyter", () => {
  test("keeps a user's data where it says", () => {
    assert.equal(userDataFolder({}, "linux", "/home/a"), "/home/a/.local/share/jupyter");
    assert.equal(userDataFolder({ XDG_DATA_HOME: "/x" }, "linux", "/home/a"), "/x/jupyter");
    assert.equal(userDataFolder({}, "darwin", "/Users/a"), "/Users/a/Library/Jupyter");
    assert.equal(userDataFolder({ JUPYTER_DATA_DIR: "/j" }, "darwin", "/Users/a"), "/j");
  });

  test(
    "is found by its variable first, then on the path, with its version; or not at all",
    { skip: process.platform === "win32" },
    async () => {
      const folder = await mkdtemp(join(tmpdir(), "camlab-jupyter-"));
      try {
        for (const name of ["one", "two"]) {
          await mkdir(join(folder, name));
          for (const program of ["jupyter", "jupyter-lab"]) {
            await writeFile(join(folder, name, program), `#!/bin/sh\necho 4.${name === "one" ? 1 : 2}.0\n`);
            await chmod(join(folder, name, program), 0o755);
          }
        }
        const [one, two] = [join(folder, "one"), join(folder, "two")];
        assert.deepEqual(await findJupyter({ CAMLAB_JUPYTER: two, PATH: one }), {
          jupyter: join(two, "jupyter"),
          lab: { path: join(two, "jupyter-lab"), version: "4.2.0" },
        });
        assert.equal((await findJupyter({ PATH: `${one}:${two}` }))?.lab?.version, "4.1.0");
        assert.equal(await findJupyter({ PATH: folder }), undefined);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});

test("in a terminal a progress bar is the line that the command line draws, and ends with the work", (t) => {
  const written: string[] = [];
  const { isTTY, columns } = process.stderr;
  t.mock.method(process.stderr, "write", (text: string) => written.push(text) > 0);
  Object.assign(process.stderr, { isTTY: true, columns: 60 });
  try {
    progressBar()({ label: "looking", done: 20, total: 20, elapsed: 1000 });
  } finally {
    Object.assign(process.stderr, { isTTY, columns });
  }
  assert.deepEqual(written, [`\r\u001b[2Klooking ${"━".repeat(24)} 20/20  20/s  1.0 s in all\n`]);
});
