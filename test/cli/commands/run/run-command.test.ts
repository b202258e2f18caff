// `camlab run` as a person meets it: what it prints, what it leaves, and what is left when it is killed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { camlab, root } from "../../camlab.js";

const folder = mkdtempSync(join(tmpdir(), "camlab-run-"));
after(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, sources: readonly string[], metadata: object = {}): string {
  const cells = sources.map((source, i) => ({
    cell_type: "code",
    id: `c${i}`,
    metadata: {},
    source,
    execution_count: 7,
    outputs: [{ output_type: "stream", name: "stdout", text: "accuracy 0.93\n" }],
  }));
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }));
  return path;
}

test("a notebook of another language is refused, named, and not touched", async () => {
  const path = write("python.ipynb", ["print(1)"], { kernelspec: { name: "python3", language: "python" } });
  const before = readFileSync(path, "utf8");
  const { code, stderr } = await camlab("run", path);
  assert.equal(code, 1);
  assert.match(stderr, /cannot run .*python\.ipynb: the notebook is for the kernel python3 \(python\)/);
  assert.equal(readFileSync(path, "utf8"), before);
});

test("a failing cell keeps what it had; its error goes to the terminal without control sequences", async () => {
  const path = write("fails.ipynb", ["1 + 1", "throw new Error('\\u001b]0;title\\u0007 \\u009b2J bad')", "3"]);
  const { code, stdout, stderr } = await camlab("run", path);
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /fails\.ipynb: cell 2 failed/);
  // eslint-disable-next-line no-control-regex
  assert.doesNotMatch(stderr, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
  assert.equal(readFileSync(path, "utf8").match(/accuracy 0\.93/g)?.length, 2);
});

test("files that cannot be read or written are named", async () => {
  const path = write("files.ipynb", ["1"]);
  writeFileSync(join(folder, "file"), "");
  mkdirSync(join(folder, "folder.html"));
  for (const [args, expected] of [
    [["no.ipynb"], /cannot read the notebook .*no\.ipynb: there is no such file/],
    [[folder], /cannot read the notebook .*: it is a folder/],
    [[path, "--html", join(folder, "file", "a.html")], /cannot write .*a\.html/],
    [[path, "--html", join(folder, "folder.html")], /cannot write .*folder\.html: it is a folder/],
    [[path, "--output", folder], /cannot write .*: it is a folder/],
  ] as const) {
    const { code, stderr } = await camlab("run", ...args);
    assert.equal(code, 1);
    assert.match(stderr, expected);
  }
});

test("parameters take the place of the notebook's own, each with a name and a value; slides are written", async () => {
  const path = write("parameters.ipynb", [
    "const seed = 7, x = 1;\nconst photo = 'a.jpg';",
    "console.log(seed + 1, photo)",
  ]);
  const notebook = JSON.parse(readFileSync(path, "utf8")) as {
    cells: { metadata: object; outputs: { text: string }[] }[];
  };
  notebook.cells[0].metadata = { tags: ["parameters"] };
  writeFileSync(path, JSON.stringify(notebook));
  const [out, slides] = [join(folder, "out.ipynb"), join(folder, "slides.html")];
  const words = [
    "run",
    "-p",
    "seed",
    "-11",
    path,
    "--output",
    out,
    "--slides",
    slides,
    "--parameter",
    "photo=7 b=.jpg",
  ];
  const { code, stderr, stdout } = await camlab(...words);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /wrote .*out\.ipynb, .*slides\.html/);
  assert.match(readFileSync(out, "utf8"), /-10 7 b=\.jpg/);
  assert.match(readFileSync(slides, "utf8"), /<div class="reveal">/);
  for (const [pair, expected] of [
    [["-p", "sead", "1"], /no parameter sead; did you mean seed\?/],
    [["-p", "seed", "many"], /parameter seed is many \(expected a number/],
    [["-p", "seed"], /expected a name and its value/],
    [["-p"], /argument missing/],
  ] as const) {
    const failed = await camlab("run", path, ...pair);
    assert.notEqual(failed.code, 0);
    assert.match(failed.stderr, expected);
  }
});

test("--stored shows the outputs that are there and runs nothing", async () => {
  const path = write("stored.ipynb", ["throw new Error()"], { kernelspec: { name: "python3", language: "python" } });
  const [page, slides] = [join(folder, "stored.html"), join(folder, "stored-slides.html")];
  const { code, stderr, stdout } = await camlab("run", path, "--stored", "--html", page, "--slides", slides);
  assert.equal(code, 0, stderr);
  assert.match(stdout, /^wrote .*stored\.html, .*stored-slides\.html\n$/);
  for (const file of [page, slides]) assert.match(readFileSync(file, "utf8"), /accuracy 0\.93/);
  assert.equal((await camlab("run", path, "--stored")).code, 2);
  assert.equal((await camlab("run", path, "--stored", "--html", page, "-p", "a", "1")).code, 2);
});

describe("killed", { skip: process.platform !== "linux", timeout: 120_000 }, () => {
  for (const delay of [150, 300, 500, 800, 1500]) {
    test(`after ${delay} ms it leaves neither a kernel nor its folder`, async () => {
      const own = join(folder, `killed-${delay}`);
      mkdirSync(own);
      const path = write(`killed-${delay}.ipynb`, ["await new Promise((r) => setTimeout(r, 60_000))"]);
      const run = spawn(process.execPath, [join(root, "bin/camlab.js"), "run", path], {
        stdio: "ignore",
        env: { ...process.env, TMPDIR: own },
      });
      await pause(delay);
      run.kill("SIGKILL");
      const until = Date.now() + 30_000;
      while (Date.now() < until && (processesOf(own).length > 0 || readdirSync(own).length > 0)) await pause(200);
      assert.deepEqual([processesOf(own), readdirSync(own)], [[], []]);
    });
  }
});

/** The processes that were told of a folder, by its name in their command lines. */
function processesOf(name: string): string[] {
  return readdirSync("/proc")
    .filter((each) => /^\d+$/.test(each) && existsSync(`/proc/${each}/cmdline`))
    .map((each) => {
      try {
        return readFileSync(`/proc/${each}/cmdline`, "utf8").replaceAll("\0", " ");
      } catch {
        return "";
      }
    })
    .filter((line) => line.includes(`${name}/`));
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
