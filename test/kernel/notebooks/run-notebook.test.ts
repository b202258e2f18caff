// A notebook run without Python, as a user of the public function sees it.
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { readNotebook } from "../../../src/kernel/notebooks/notebook-file.js";
import type { parseNotebook } from "../../../src/kernel/notebooks/parse-notebook.js";
import { NotebookError, runNotebook } from "../../../src/kernel/notebooks/run-notebook.js";
import { notebookFolder } from "../with-kernel.js";

let folder: { path: string; remove: () => Promise<void> };
before(async () => {
  folder = await notebookFolder();
});
after(() => folder.remove());

/** A notebook file: texts that start with "#" are Markdown. */
async function write(name: string, sources: string[], tags: string[] = []): Promise<string> {
  const cells = sources.map((source) =>
    source.startsWith("#")
      ? { cell_type: "markdown", metadata: {}, source: [source] }
      : { cell_type: "code", metadata: { tags }, source: source.split(/(?<=\n)/), outputs: [], execution_count: 99 },
  );
  const path = join(folder.path, name);
  await writeFile(path, JSON.stringify({ nbformat: 4, nbformat_minor: 4, metadata: {}, cells }));
  return path;
}

describe("runNotebook", () => {
  test("writes outputs and counts in place, whole, in the notebook format", async () => {
    const path = await write("good.ipynb", ["# Title", "console.log(1);\nconsole.log(2);\n3", "", "const x = 4;\nx"]);
    const progress: string[] = [];
    const { cells } = await runNotebook(path, { onProgress: ({ done, total }) => progress.push(`${done}/${total}`) });
    assert.equal(cells, 3);
    assert.deepEqual(progress, ["1/3", "2/3", "3/3"]);
    const raw = JSON.parse(await readFile(path, "utf8")) as ReturnType<typeof parseNotebook>;
    assert.deepEqual([raw.nbformat, raw.nbformat_minor], [4, 5]);
    const [title, first, empty, last] = raw.cells as unknown as Record<string, unknown>[];
    assert.match(String(title.id), /^[a-zA-Z0-9-_]{1,64}$/);
    assert.deepEqual(first.outputs, [
      { name: "stdout", output_type: "stream", text: ["1\n", "2\n"] },
      { data: { "text/plain": ["3"] }, execution_count: 1, metadata: {}, output_type: "execute_result" },
    ]);
    assert.deepEqual([empty.outputs, empty.execution_count], [[], null]);
    assert.equal(last.execution_count, 2);
    assert.deepEqual(
      (await readdir(folder.path)).filter((name) => name.includes("partial")),
      [],
    );
  });

  test("stops at the first cell that fails, and says which, where and why; what ran is written", async () => {
    const path = await write("bad.ipynb", ["# Title", "'ran'", "const a: any = 1;\na.b.c", "'never'"]);
    const output = join(folder.path, "bad-out.ipynb");
    await assert.rejects(runNotebook(path, { output }), (error: unknown) => {
      assert.ok(error instanceof NotebookError);
      assert.deepEqual([error.cell, error.ename], [3, "TypeError"]);
      assert.match(error.message, /bad\.ipynb: cell 3 failed: TypeError: Cannot read properties of undefined/);
      assert.match(error.traceback.join("\n"), /at cell \[2\]:2:5\n {4}2 │ a\.b\.c/);
      return true;
    });
    const [, ran, failed, never] = (await readNotebook(output)).cells;
    const kinds = [ran, failed, never].map((cell) =>
      cell.cell_type === "code" ? cell.outputs.map((o) => o.output_type) : [],
    );
    assert.deepEqual(kinds, [["execute_result"], ["error"], []]);
  });

  test("goes on after a failure that is expected", async () => {
    const path = await write("expected.ipynb", ["throw new Error('expected')", "1"], ["raises-exception"]);
    assert.equal((await runNotebook(path, { output: false })).cells, 2);
  });

  test("an error that comes after its cell has ended fails the run", async () => {
    const source = [
      "setTimeout(() => { throw new Error('too late') }, 10); 1",
      "await new Promise((r) => setTimeout(r, 500))",
    ];
    await assert.rejects(runNotebook(await write("late.ipynb", source)), (error: unknown) => {
      assert.ok(error instanceof NotebookError);
      assert.deepEqual([error.cell, error.evalue], [1, "too late"]);
      return true;
    });
    await runNotebook(await write("late-but-expected.ipynb", source, ["raises-exception"]));
  });

  test("what was computed before the kernel died is written", async () => {
    const path = await write("dies.ipynb", ["6 * 7", "process.kill(process.pid, 'SIGKILL')"]);
    await assert.rejects(runNotebook(path), /the kernel ended \(SIGKILL\)/);
    assert.match(JSON.stringify((await readNotebook(path)).cells[0]), /"42"/);
  });

  describe("a run that stops early", () => {
    /** A notebook whose cells carry the outputs of an earlier run. */
    async function ranBefore(name: string, sources: string[]): Promise<string> {
      const cells = sources.map((source, i) => ({
        cell_type: "code",
        id: `c${i}`,
        metadata: {},
        source,
        execution_count: 40 + i,
        outputs: [{ output_type: "stream", name: "stdout", text: `epoch ${i}\n` }],
      }));
      const path = join(folder.path, name);
      await writeFile(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
      return path;
    }
    async function shown(path: string) {
      const { cells } = await readNotebook(path);
      return cells.map((cell) => {
        assert.ok(cell.cell_type === "code");
        const [output] = cell.outputs;
        const text = output === undefined ? "" : "text" in output ? output.text.trim() : output.output_type;
        return `${cell.execution_count ?? "-"} ${text}`;
      });
    }

    test("deletes no output that it has no new one for", async () => {
      const path = await ranBefore("fails.ipynb", ["console.log('new')", "const = 3", "4"]);
      const output = join(folder.path, "fails-out.ipynb");
      await assert.rejects(runNotebook(path), /cell 2 failed/);
      assert.deepEqual(await shown(path), ["1 new", "41 epoch 1", "42 epoch 2"]);
      await assert.rejects(runNotebook(path, { output }), /cell 2 failed/);
      assert.deepEqual(await shown(output), ["1 new", "2 error", "- "]);
    });

    test("also when a cell is too slow, the kernel dies, or cannot be started", async () => {
      const path = await ranBefore("slow.ipynb", ["console.log('new')", "while (true) {}"]);
      await assert.rejects(runNotebook(path, { timeout: 6000 }), /took longer/);
      assert.deepEqual(await shown(path), ["1 new", "41 epoch 1"]);
      const dying = await ranBefore("dying.ipynb", ["process.exit(1)", "1"]);
      await assert.rejects(runNotebook(dying), /the kernel ended/);
      await assert.rejects(runNotebook(dying, { cwd: join(folder.path, "nowhere") }), /could not be started/);
      assert.deepEqual(await shown(dying), ["40 epoch 0", "41 epoch 1"]);
    });

    test("a run that is cancelled writes nothing", async () => {
      const path = await ranBefore("cancelled.ipynb", ["console.log('new')", "await new Promise(() => {})"]);
      const before = await readFile(path, "utf8");
      const cancel = new AbortController();
      const onProgress = () => cancel.abort(new Error("enough"));
      await assert.rejects(runNotebook(path, { signal: cancel.signal, onProgress }), /enough/);
      assert.equal(await readFile(path, "utf8"), before);
    });

    test("a notebook that is changed meanwhile is left alone", async () => {
      const path = await ranBefore("edited.ipynb", ["console.log('new')"]);
      const edited = (await readFile(path, "utf8")).replace("console.log('new')", "console.log('edited')");
      const { written } = await runNotebook(path, { onProgress: () => writeFileSync(path, edited) });
      assert.equal(await readFile(path, "utf8"), edited);
      assert.deepEqual(written, [join(folder.path, "edited.executed.ipynb")]);
      assert.deepEqual(await shown(written[0]), ["1 new"]);
    });
  });

  test("refuses a notebook of another language, and leaves it as it was", async () => {
    const path = join(folder.path, "python.ipynb");
    const outputs = [{ output_type: "stream", name: "stdout", text: "accuracy 0.93\n" }];
    const cells = [{ cell_type: "code", id: "a", metadata: {}, source: "print(1)", execution_count: 3, outputs }];
    const text = JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec: { name: "python3" } }, cells });
    await writeFile(path, text);
    const output = join(folder.path, "python-out.ipynb");
    await assert.rejects(runNotebook(path, { output }), /cannot run .*python\.ipynb: the notebook is for the kernel python3/);
    assert.equal(await readFile(path, "utf8"), text);
    assert.ok(!existsSync(output));
  });

  test("looks at the files that it will write before it begins", async () => {
    const path = await write("targets.ipynb", ["throw new Error('it ran')"]);
    await writeFile(join(folder.path, "file"), "");
    await assert.rejects(runNotebook(path, { html: join(folder.path, "file/x.html") }), /cannot write .*file\/x\.html/);
    await assert.rejects(runNotebook(path, { output: folder.path }), /cannot write .*: it is a folder/);
    await assert.rejects(runNotebook(folder.path), /cannot read the notebook .*: it is a folder/);
    await assert.rejects(runNotebook(path, { output: join(folder.path, "new/folder/x.ipynb") }), /it ran/);
    assert.ok(existsSync(join(folder.path, "new/folder/x.ipynb")));
  });

  test("a page that cannot be written costs nothing of the notebook", { skip: !existsSync("/dev/full") }, async () => {
    const path = await write("full.ipynb", ["console.log('ran')"]);
    await assert.rejects(runNotebook(path, { html: "/dev/full" }), /cannot write \/dev\/full: the disk is full/);
    assert.match(await readFile(path, "utf8"), /"ran\\n"/);
    const failing = await write("full-and-failing.ipynb", ["throw new Error('no')"]);
    await assert.rejects(runNotebook(failing, { output: "/dev/full" }), /cell 1 failed: Error: no\nand cannot write \/dev\/full/);
    assert.deepEqual(
      (await readdir(folder.path)).filter((name) => name.includes("unfinished")),
      [],
    );
  });

  test("leaves no script in what it writes, but a live chart in the page", async () => {
    const spec = {
      $schema: "https://vega.github.io/schema/vega-lite/v5.json",
      data: { values: [{ a: 1 }] },
      mark: "bar",
    };
    const shown = `({ [Symbol.for("Jupyter.display")]: () => ({ "application/vnd.vegalite.v5+json": ${JSON.stringify(spec)},
      "image/png": "AQI=", "text/html": "<b>fragment</b><script>run()</script>", "text/plain": "a chart" }) })`;
    const path = await write("chart.ipynb", [
      shown,
      `({ [Symbol.for("Jupyter.display")]: () => ({ "text/html": "<i>x</i><script>run()</script>" }) })`,
    ]);
    const html = join(folder.path, "chart.html");
    await runNotebook(path, { html });
    const { cells } = await readNotebook(path);
    const data = cells
      .flatMap((cell) => (cell.cell_type === "code" ? cell.outputs : []))
      .map((output) => "data" in output && output.data);
    assert.deepEqual(data, [
      { "application/vnd.vegalite.v5+json": spec, "image/png": "AQI=", "text/plain": "a chart" },
      { "text/html": "<i>x</i>", "text/plain": "[text/html]" },
    ]);
    const page = await readFile(html, "utf8");
    assert.match(
      page,
      /<figure class="camlab-widget"><img[^>]*src="data:image\/png;base64,AQI="><script type="application\/json">/,
    );
    assert.ok(page.includes("DecompressionStream"), "the runtime is in the page");
  });

  test("stops at a time limit and at a signal, and leaves no kernel behind", async () => {
    const path = await write("long.ipynb", ["await new Promise(() => {})"]);
    await assert.rejects(runNotebook(path, { timeout: 200, output: false }), /cell 1 took longer than 0\.2 s/);
    const cancel = new AbortController();
    const run = runNotebook(path, { output: false, signal: cancel.signal });
    setTimeout(() => cancel.abort(new Error("enough")), 500);
    await assert.rejects(run, /enough/);
  });

  test("explains what it cannot read, and a kernel that ends", async () => {
    await assert.rejects(runNotebook(join(folder.path, "no.ipynb")), /cannot read the notebook .*no\.ipynb: there is no such file/);
    await writeFile(join(folder.path, "old.ipynb"), '{"nbformat":3,"worksheets":[]}');
    await assert.rejects(runNotebook(join(folder.path, "old.ipynb")), /not a notebook of format 4/);
    const path = await write("ends.ipynb", ["process.exit(3)"]);
    await assert.rejects(runNotebook(path), /the kernel ended \(exit code 3\)/);
  });
});
