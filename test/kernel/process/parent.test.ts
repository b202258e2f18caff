// A kernel whose front end was killed ends by itself, however early that was.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { promisify } from "node:util";
import { packageRoot } from "../../../src/kernel-helpers/support/package-root.js";
import { Parent, PARENT_VARIABLE } from "../../../src/kernel/process/parent.js";
import { lives } from "../lives.js";

const run = promisify(execFile);

describe("a kernel whose front end is killed", { skip: process.platform === "win32", timeout: 120_000 }, () => {
  // The kernel's own start is what the kill falls into, so the front end is a shell that starts it and is gone.
  for (const [variable, delays] of [
    [PARENT_VARIABLE, [0, 0.05, 0.2, 0.5, 1]],
    ["JPY_PARENT_PID", [0, 0.5]],
  ] as const) {
    for (const delay of delays) {
      test(`${delay} s after its start ends, told by ${variable}`, async () => {
        const folder = await mkdtemp(join(tmpdir(), "camlab-kernel-"));
        const file = join(folder, "connection.json");
        const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
        await writeFile(file, JSON.stringify({ transport: "ipc", ip: join(folder, "socket"), ...ports, key: "k" }));
        const program = `export ${variable}=$$; "$0" "$1" "$2" & echo $!; sleep ${delay}; kill -9 $$`;
        const values = [process.execPath, join(packageRoot(), "bin/camlab-kernel.js"), file];
        const shell = spawn("sh", ["-c", program, ...values], { stdio: ["ignore", "pipe", "ignore"] });
        const [text] = (await once(shell.stdout, "data")) as [Buffer];
        const kernel = Number(text.toString());
        for (let waited = 0; lives(kernel) && waited < 20_000; waited += 100) await pause(100);
        assert.ok(!lives(kernel), "the kernel is still there");
        await assert.rejects(readdir(folder), "its folder is gone");
      });
    }
  }

  test("by its command line ends", async () => {
    const folder = await mkdtemp(join(tmpdir(), "camlab-orphan-"));
    try {
      const cell = { cell_type: "code", id: "a", metadata: {}, outputs: [], execution_count: null };
      const cells = [{ ...cell, source: "await new Promise((r) => setTimeout(r, 60_000))" }];
      await writeFile(join(folder, "a.ipynb"), JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
      const command = [join(packageRoot(), "bin/camlab.js"), "run", "a.ipynb"];
      const cli = spawn(process.execPath, command, { cwd: folder, stdio: "ignore" });
      let kernel: number | undefined;
      while (kernel === undefined) {
        const { stdout } = await run("ps", ["-A", "-o", "pid=,ppid="]);
        const lines = stdout.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
        kernel = lines.find(([, parent]) => parent === cli.pid)?.[0];
      }
      cli.kill("SIGKILL");
      for (let waited = 0; lives(kernel) && waited < 20_000; waited += 100) await pause(100);
      assert.ok(!lives(kernel), "the kernel is still there");
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

test("a Jupyter that cannot be seen is waited for, and one that spoke is trusted", () => {
  const unseen = String(4_194_303);
  assert.equal(new Parent({ JPY_PARENT_PID: unseen }).isGone, false);
  assert.equal(new Parent({ JPY_PARENT_PID: String(process.pid) }).isGone, false);
  assert.equal(new Parent({ [PARENT_VARIABLE]: unseen }).isGone, true);
  assert.equal(new Parent({ [PARENT_VARIABLE]: String(process.ppid) }).isGone, false);
  assert.equal(new Parent({}).isGone, false);
});

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
