// The messaging protocol as a front end sees it, over raw sockets: order, signatures, queues, every request type.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { Request } from "zeromq";
import { addressOf } from "../../../src/kernel/protocol/wire.js";
import type { Content } from "../../../src/kernel/protocol/wire.js";
import { FrontEnd } from "../front-end.js";

let kernel: FrontEnd;
before(async () => {
  kernel = await FrontEnd.start();
});
after(() => kernel?.stop());

describe("execute", () => {
  test("sends busy, the input with its count, the result, idle; and counts", async () => {
    const first = kernel.execute("1 + 1");
    const { execution_count: count, ...reply } = await kernel.replyTo(first);
    assert.deepEqual(reply, { status: "ok", payload: [], user_expressions: {} });
    assert.deepEqual(kernel.typesAbout(first, "iopub"), ["busy", "execute_input", "execute_result", "idle"]);
    const [, input, result] = kernel.about(first).filter(({ channel }) => channel === "iopub");
    assert.deepEqual(input.content, { code: "1 + 1", execution_count: count });
    assert.equal(result.content.execution_count, count);
    const second = kernel.execute("const counted = 1;");
    assert.equal((await kernel.replyTo(second)).execution_count, (count as number) + 1);
  });

  test("silently shows and counts nothing", async () => {
    const before = await kernel.replyTo(kernel.execute("1"));
    const silent = kernel.execute("2", { silent: true });
    assert.equal((await kernel.replyTo(silent)).execution_count, before.execution_count);
    assert.deepEqual(kernel.typesAbout(silent, "iopub"), ["busy", "idle"]);
    const unstored = kernel.execute("3", { store_history: false });
    assert.equal((await kernel.replyTo(unstored)).execution_count, before.execution_count);
  });

  test("aborts what was queued behind a failure, and nothing after it", async () => {
    const failing = kernel.execute("await new Promise((r) => setTimeout(r, 50)); throw new Error('stop')");
    const queued = [kernel.execute("'queued 1'"), kernel.execute("'queued 2'")];
    const info = kernel.send("kernel_info_request", {});
    assert.equal((await kernel.replyTo(failing)).status, "error");
    const next = kernel.execute("'next'");
    for (const id of queued) {
      assert.equal((await kernel.replyTo(id)).status, "aborted");
      assert.deepEqual(kernel.typesAbout(id, "iopub"), ["busy", "idle"]);
    }
    assert.equal((await kernel.replyTo(info)).status, "ok");
    assert.equal((await kernel.replyTo(next)).status, "ok");
  });

  test("goes on after a failure when the front end asks for it", async () => {
    const failing = kernel.execute("await new Promise((r) => setTimeout(r, 30)); throw new Error('go on')", {
      stop_on_error: false,
    });
    const queued = kernel.execute("'queued'");
    assert.equal((await kernel.replyTo(failing)).status, "error");
    assert.equal((await kernel.replyTo(queued)).status, "ok");
  });

  test("answers expressions of the front end", async () => {
    const expressions = { sum: "counted + 1", bad: "noSuchName" };
    const reply = await kernel.replyTo(kernel.execute("const e = 1;", { user_expressions: expressions }));
    const answers = reply.user_expressions as Record<string, { status: string; data: unknown }>;
    assert.deepEqual(answers.sum.data, { "text/plain": "2" });
    assert.equal(answers.bad.status, "error");
  });

  test("shows an error that comes after the cell under that cell", async () => {
    const id = kernel.execute("setTimeout(() => { throw new Error('late'); }, 40);");
    assert.equal((await kernel.replyTo(id)).status, "ok");
    assert.equal((await kernel.replyTo(kernel.execute("await new Promise((r) => setTimeout(r, 120));"))).status, "ok");
    const late = kernel.about(id).find(({ header }) => header.msg_type === "error");
    assert.equal(late?.content.evalue, "late");
  });
});

describe("every other request", () => {
  test("kernel_info", async () => {
    const info = await kernel.replyTo(kernel.send("kernel_info_request", {}));
    assert.equal(info.protocol_version, "5.3");
    assert.equal((info.language_info as { name: string }).name, "typescript");
  });

  test("complete, with the cursor counted in code points", async () => {
    const code = 'const s = "👍"; Math.flo';
    const reply = await kernel.replyTo(kernel.send("complete_request", { code, cursor_pos: [...code].length }));
    assert.deepEqual(reply.matches, ["floor"]);
    assert.deepEqual([reply.cursor_start, reply.cursor_end], [[...code].length - 3, [...code].length]);
  });

  test("inspect, found or not", async () => {
    const reply = await kernel.replyTo(
      kernel.send("inspect_request", { code: "parseInt(", cursor_pos: 9, detail_level: 0 }),
    );
    assert.match((reply.data as { "text/plain": string })["text/plain"], /function parseInt\(string: string/);
    const nothing = await kernel.replyTo(
      kernel.send("inspect_request", { code: "  ", cursor_pos: 1, detail_level: 0 }),
    );
    assert.deepEqual([nothing.status, nothing.found], ["ok", false]);
  });

  test("is_complete", async () => {
    const ask = async (code: string) => (await kernel.replyTo(kernel.send("is_complete_request", { code }))).status;
    assert.equal(await ask("const a = 1;"), "complete");
    assert.equal(await ask("for (;;) {"), "incomplete");
    assert.equal(await ask("const = 1;"), "invalid");
  });

  test("history: tail, range, search", async () => {
    await kernel.replyTo(kernel.execute("'needle 1'"));
    await kernel.replyTo(kernel.execute("'needle 2'"));
    const ask = async (content: Content) =>
      (await kernel.replyTo(kernel.send("history_request", { output: false, raw: true, ...content })))
        .history as unknown[][];
    const tail = await ask({ hist_access_type: "tail", n: 2 });
    assert.deepEqual(
      tail.map(([, , input]) => input),
      ["'needle 1'", "'needle 2'"],
    );
    const line = tail[0][1] as number;
    assert.equal((await ask({ hist_access_type: "range", session: 0, start: line, stop: line + 1 })).length, 1);
    assert.equal((await ask({ hist_access_type: "search", pattern: "*needle ?'", n: 9 })).length, 2);
  });

  test("comm_info, and comm_open answered by comm_close", async () => {
    assert.deepEqual(await kernel.replyTo(kernel.send("comm_info_request", {})), { status: "ok", comms: {} });
    const id = kernel.send("comm_open", { comm_id: "c1", target_name: "jupyter.widget", data: {} });
    await kernel.replyTo(kernel.send("kernel_info_request", {}));
    assert.deepEqual(kernel.typesAbout(id, "iopub"), ["busy", "comm_close", "idle"]);
  });

  test("one that the kernel does not know gets an error, not silence", async () => {
    assert.equal((await kernel.replyTo(kernel.send("debug_request", {}, "control"))).status, "error");
  });
});

describe("the sockets", () => {
  test("drop a message with a wrong signature", async () => {
    const forged = kernel.send("execute_request", { code: "globalThis.forged = true" }, "shell", "another key");
    const after = kernel.execute("(globalThis as any).forged === undefined");
    await kernel.replyTo(after);
    assert.deepEqual(kernel.about(forged), []);
    const result = kernel.about(after).find(({ header }) => header.msg_type === "execute_result");
    assert.deepEqual(result?.content.data, { "text/plain": "true" });
  });

  test("echo heartbeats and answer on control while a cell never waits", async () => {
    const busy = kernel.execute("{ const t = Date.now(); while (Date.now() - t < 3000); }");
    await new Promise((resolve) => setTimeout(resolve, 200));
    const heartbeat = new Request({ linger: 0 });
    heartbeat.connect(addressOf(kernel.connection, "hb"));
    await heartbeat.send("ping");
    const [echo] = await heartbeat.receive();
    heartbeat.close();
    assert.equal(echo.toString(), "ping");
    await kernel.replyTo(kernel.send("kernel_info_request", {}, "control"));
    assert.ok(!kernel.about(busy).some(({ channel }) => channel === "shell"), "the cell still runs");
    await kernel.replyTo(busy);
  });
});

describe("shutdown", () => {
  test("says whether it restarts, and ends even a cell that never pauses", { timeout: 20_000 }, async () => {
    const other = await FrontEnd.start();
    other.execute(
      "const t = Date.now(); const work = () => JSON.stringify(Array(1000).fill(t)); [...Array(1e7)].map(work)",
    );
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const exited = once(other.process, "exit");
    const reply = await other.replyTo(other.send("shutdown_request", { restart: true }, "control"));
    assert.deepEqual(reply, { status: "ok", restart: true });
    await exited;
    await other.stop();
  });
});
