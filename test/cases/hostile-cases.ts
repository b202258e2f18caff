import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { copyFile, mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { loadImage, notebook } from "../../src/index.js";
import { beach, root, textOf } from "../cli/camlab.js";
import { lives } from "../kernel/lives.js";
import { type CaseChecks, type GivenCase, refused } from "./given-case.js";

/** What a command did within ten seconds. */
interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Its greatest memory, in megabytes. */
  readonly megabytes: number;
}

const MEASURE = "process.on('exit',()=>require('fs').writeSync(3,process.resourceUsage().maxRSS+'\\n'))";

/** Runs the command line, and measures it; one that does not end is killed and has no code. */
async function measured(...args: string[]): Promise<Ended> {
  const hooks = await mkdtemp(join(tmpdir(), "camlab-measure-"));
  const hook = join(hooks, "hook.cjs");
  await writeFile(hook, MEASURE);
  const program = ["--require", hook, join(root, "bin/camlab.js"), ...args];
  const child = spawn(process.execPath, program, { stdio: ["ignore", "pipe", "pipe", "pipe"] });
  const timer = setTimeout(() => child.kill("SIGKILL"), 30_000);
  const [stdout, stderr, kilobytes, code] = await Promise.all([
    textOf(child.stdout!),
    textOf(child.stderr!),
    textOf(child.stdio[3] as NodeJS.ReadableStream),
    new Promise<number | null>((resolve) => child.once("close", resolve)),
  ]);
  clearTimeout(timer);
  await rm(hooks, { recursive: true });
  const megabytes = Math.max(0, ...kilobytes.split("\n").map(Number)) / 1024;
  return { code, stdout, stderr, megabytes };
}

/** A hostile network is refused in one line, by name, in little memory. */
async function refusedByName(file: string, pattern: RegExp): Promise<void> {
  const { code, stderr, megabytes } = await measured("look", beach, "-n", file);
  assert.equal(code, 1, stderr);
  assert.match(stderr, pattern);
  assert.doesNotMatch(stderr, /TypeError|RangeError|Assertion|Invalid typed array/);
  assert.ok(megabytes < 1024, `${megabytes} MB`);
}

/** What a terminal would act on. */
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/;

async function sparse(file: string, bytes: number): Promise<void> {
  const handle = await open(file, "w");
  await handle.truncate(bytes);
  await handle.close();
}

/** A folder with the case's card and a network to go with it. */
async function withCard({ path }: GivenCase, card: string, scratch: string): Promise<string> {
  const folder = await mkdtemp(join(scratch, "network-"));
  await copyFile(path(card), join(folder, "card.json"));
  await copyFile(join(root, "models/objects-gap/model.onnx"), join(folder, "model.onnx"));
  return folder;
}

export const hostileCases: CaseChecks = {
  "h01-webp-38-bytes-memory": async ({ path }, scratch) => {
    const folder = join(scratch, "webp");
    await mkdir(folder);
    for (let i = 0; i < 8; i++) await copyFile(path("big.webp"), join(folder, `${i}.webp`));
    const { megabytes, stdout, stderr } = await measured("look", folder, "--json");
    assert.ok(megabytes < 1600, `${megabytes} MB`);
    assert.match(stdout + stderr, /0\.webp/);
  },
  "h02-jpeg-cut-with-eoi": async ({ path }) => {
    assert.equal((await loadImage(path("whole.jpg"))).width > 0, true);
    await refused(() => loadImage(path("cut-eoi.jpg")), /cut-eoi\.jpg/);
  },
  "h03-onnx-cycle-hang": async ({ path }) => {
    for (const name of ["s1048-rename.onnx", "s0926-dup+rename.onnx"]) await refusedByName(path(name), /onnx/);
  },
  "h04-notebook-html-injection": async ({ path }) => {
    const html = await notebook.notebookToHtml(await notebook.readNotebook(path("nb.ipynb")));
    // Data of a chart runs nothing: only what a browser takes for a script counts.
    const scripts = [...html.matchAll(/<script\b(?![^>]*application\/json)[^>]*>[^]*?<\/script>/g)].map(
      ([text]) => text,
    );
    assert.deepEqual(
      scripts.filter((text) => text.includes("alert(")),
      [],
    );
    assert.doesNotMatch(html, /<(?:img|svg)[^>]*\son\w+=/);
  },
  "h05-external-2gib-abort": async ({ path }, scratch) => {
    const folder = await mkdtemp(join(scratch, "external-"));
    await copyFile(path("big.onnx"), join(folder, "big.onnx"));
    await sparse(join(folder, "sparse.bin"), 3 * 2 ** 30);
    await refusedByName(join(folder, "big.onnx"), /sparse\.bin|2 ?GiB|weights/i);
  },
  "h06-external-fifo-hang": async ({ path }, scratch) => {
    const folder = await mkdtemp(join(scratch, "fifo-"));
    await copyFile(path("ext-fifo.onnx"), join(folder, "ext-fifo.onnx"));
    assert.equal(spawnSync("mkfifo", [join(folder, "fifo.bin")]).status, 0);
    await refusedByName(join(folder, "ext-fifo.onnx"), /fifo\.bin/);
  },
  "h09-terminal-injection": async (given, scratch) => {
    const folder = await withCard(given, "card.json", scratch);
    const told = await measured("look", beach, "-n", folder);
    assert.doesNotMatch(told.stdout + told.stderr, CONTROL);
    const named = await measured("look", beach, "-n", given.path("names-esc.onnx"));
    assert.doesNotMatch(named.stdout + named.stderr, CONTROL);
  },
  "h11-external-data-too-large": async ({ path }, scratch) => {
    const folder = await mkdtemp(join(scratch, "large-"));
    await copyFile(path("ext-sparse-8g.onnx"), join(folder, "net.onnx"));
    await sparse(join(folder, "sparse.bin"), 100 * 2 ** 30);
    await refusedByName(join(folder, "net.onnx"), /sparse\.bin|weights/i);
  },
  "h12-card-hash-type": async (given, scratch) => {
    await refusedByName(await withCard(given, "card.json", scratch), /hash/i);
    const other = await withCard(given, "classes-file-card.json", scratch);
    await refusedByName(other, /classes\.file|passwd/);
  },
  "h13-batch-fixed-huge": async ({ path }) => {
    for (const name of ["batch-100000.onnx", "batch-2e40.onnx", "infinity-bigint.onnx"]) {
      const { code, stderr, megabytes } = await measured("look", beach, "-n", path(name));
      assert.ok(code === 0 || code === 1, `${name} ended with ${code}`);
      assert.doesNotMatch(stderr, /TypeError|RangeError|Invalid typed array|BigInt/);
      assert.ok(megabytes < 1024, `${name}: ${megabytes} MB`);
    }
  },
  "h19-orphan-kernel": async ({ path }, scratch) => {
    const folder = await mkdtemp(join(scratch, "kernel-"));
    await copyFile(path("nb.ipynb"), join(folder, "nb.ipynb"));
    for (const after of [100, 300, 500, 1200]) {
      const child = spawn(process.execPath, [join(root, "bin/camlab.js"), "run", join(folder, "nb.ipynb")], {
        stdio: "ignore",
        env: { ...process.env, CAMLAB_CASE: folder },
      });
      await wait(after);
      const family = await processesWith(`CAMLAB_CASE=${folder}`);
      child.kill("SIGKILL");
      const deadline = Date.now() + 20_000;
      while (family.some(lives) && Date.now() < deadline) await wait(100);
      await wait(200);
      const left = (await processesWith(`CAMLAB_CASE=${folder}`)).filter(lives);
      assert.deepEqual(left, [], `killed after ${after} ms`);
    }
  },
  "h21-npm-install-closed-network": async () => {
    // The installation itself is tried by test/kernel/packed.test.ts; here, that nothing which users install runs a
    // script that fetches something.
    const lock = JSON.parse(await readFile(join(root, "package-lock.json"), "utf8")) as {
      packages: Record<
        string,
        { dev?: boolean; devOptional?: boolean; optional?: boolean; hasInstallScript?: boolean }
      >;
    };
    const scripted = Object.entries(lock.packages)
      .filter(([, entry]) => entry.hasInstallScript && !entry.dev)
      .map(([name]) => name);
    // zeromq's script takes the binary that lies in its package.
    assert.deepEqual(scripted, ["node_modules/zeromq"]);
  },
};

/** The processes whose environment holds a text. */
async function processesWith(text: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const environment = await readFile(`/proc/${name}/environ`, "utf8").catch(() => "");
    if (environment.includes(text)) found.push(Number(name));
  }
  return found;
}
