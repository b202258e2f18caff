// What the child processes of cells print, and that they end with their kernel.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import type { KernelClient } from "../../../src/kernel/protocol/kernel-client.js";
import { FrontEnd } from "../front-end.js";
import { lives } from "../lives.js";
import { assertStreamed, notebookFolder, printed, runCell, startTestKernel } from "../with-kernel.js";

const skip = process.platform === "win32";

describe("what child processes and native code print goes to the cell", { skip, timeout: 120_000 }, () => {
  let kernel: KernelClient;
  let folder: Awaited<ReturnType<typeof notebookFolder>>;
  const run = (code: string) => runCell(kernel, code);
  before(async () => {
    folder = await notebookFolder();
    kernel = await startTestKernel(folder.path);
    await run('import { execSync, spawn, spawnSync } from "node:child_process"; import fs from "node:fs";');
  });
  after(async () => {
    await kernel?.shutdown();
    await folder?.remove();
  });

  test("with stdio inherit, in the order of the cell's own lines", async () => {
    const cell = await run(`console.log("one"); execSync("echo two; echo oops >&2", { stdio: "inherit" });
      console.log("three"); spawnSync("sh", ["-c", "echo four"], { stdio: ["ignore", 1, 2] }); console.log("five");`);
    assert.equal(printed(cell), "one\ntwo\nthree\nfour\nfive\n");
    assert.equal(printed(cell, "stderr"), "oops\n");
  });

  test("as it comes, also while the cell waits for the child and cannot run", async () => {
    const code = 'execSync("echo a; sleep 0.5; echo b", { stdio: "inherit" })';
    await assertStreamed(kernel, code);
  });

  test("of a child of a child, and of writes past process.stdout", async () => {
    const code = `fs.writeSync(1, "raw\\n");
      await new Promise((done) => spawn("sh", ["-c", "(echo deep) & wait"], { stdio: "inherit" }).on("close", done));`;
    assert.equal(printed(await run(code)), "raw\ndeep\n");
  });

  test("is cut in the middle when it is too much, with a note", async () => {
    const text = printed(await run('execSync("yes 0123456789 | head -n 1000000; echo the end", { stdio: "inherit" })'));
    assert.ok(text.length < 1_100_000, `${text.length}`);
    assert.match(text, /characters left out/);
    assert.match(text, /the end\n$/);
  });

  test("keeps letters whole that come in two pieces", async () => {
    const code = `fs.writeSync(1, Buffer.from([0xe9, 0xb9])); await new Promise((r) => setTimeout(r, 80));
      fs.writeSync(1, Buffer.from([0xa6, 10]));`;
    assert.equal(printed(await run(code)), "鹦\n");
  });

  test("and a child that reads the standard input finds it empty", async () => {
    assert.equal(printed(await run('execSync("cat; echo done", { stdio: "inherit" })')), "done\n");
  });
});

describe("child processes end with their kernel", { skip, timeout: 120_000 }, () => {
  const started = `
    import { spawn } from "node:child_process";
    const child = spawn("sleep", ["1000"]);
    const parent = spawn("sh", ["-c", "sleep 1000 & echo $!; wait"]);
    const deaf = spawn("sh", ["-c", "trap '' TERM; sleep 1000 & wait; sleep 1000"]);
    const orphan = spawn("sh", ["-c", "sleep 1000 & echo $!"]);
    const detached = spawn("sleep", ["1000"], { detached: true, stdio: "ignore" });
    detached.unref();
    const line = (from) => new Promise((done) => from.stdout.once("data", (text) => done(Number(text))));
    const [grandchild, left] = await Promise.all([line(parent), line(orphan)]);
    console.log(JSON.stringify([[child.pid, parent.pid, deaf.pid, grandchild, left], detached.pid]));`;

  async function ending(end: (kernel: FrontEnd) => void): Promise<void> {
    const kernel = await FrontEnd.start();
    try {
      const id = kernel.execute(started);
      assert.equal((await kernel.replyTo(id)).status, "ok");
      const [mortal, detached] = JSON.parse(kernel.printedBy(id)) as [number[], number];
      assert.deepEqual(mortal.filter(lives), mortal);
      const exited = once(kernel.process, "exit");
      end(kernel);
      await exited;
      assert.deepEqual(mortal.filter(lives), []);
      assert.ok(lives(detached), "a detached process was let go on purpose");
      process.kill(detached, "SIGKILL");
    } finally {
      await kernel.stop();
    }
  }

  test("when the front end restarts it", () =>
    ending((kernel) => kernel.send("shutdown_request", { restart: true }, "control")));
  test("when a cell calls process.exit", () => ending((kernel) => kernel.execute("process.exit(3)")));
});
