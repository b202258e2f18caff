// More than one front end, and front ends that cannot be trusted, at one kernel.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { ReplayGuard } from "../../../src/kernel/protocol/replay-guard.js";
import { encodeMessage, makeHeader } from "../../../src/kernel/protocol/wire.js";
import { FrontEnd } from "../front-end.js";

let kernel: FrontEnd;
before(async () => {
  kernel = await FrontEnd.start();
});
after(() => kernel?.stop());

const connect = (identity: string) => FrontEnd.connect(kernel.process, kernel.connection, kernel.folder, identity);

describe("a second front end with the identity of the first", { timeout: 60_000 }, () => {
  test("is answered while the first is still connected, on shell and control", async () => {
    const first = await connect("the same");
    const second = await connect("the same");
    assert.equal((await second.replyTo(second.execute("1 + 1"))).status, "ok");
    assert.equal((await second.replyTo(second.send("kernel_info_request", {}, "control"))).status, "ok");
    first.disconnect();
    assert.equal((await second.replyTo(second.execute("2"))).status, "ok");
    second.disconnect();
  });

  test("is asked for input in place of the first", async () => {
    const first = await connect("the asked");
    const second = await connect("the asked");
    const id = second.execute("prompt('who?')", { allow_stdin: true });
    await second.until(() => second.heard.find(({ channel }) => channel === "stdin"));
    second.send("input_reply", { value: "me" }, "stdin");
    await second.replyTo(id);
    assert.equal(second.resultOf(id), "'me'");
    for (const each of [first, second]) each.disconnect();
  });
});

describe("a message", { timeout: 60_000 }, () => {
  const message = (code: string) => ({
    identities: [],
    header: makeHeader("execute_request", "recorded"),
    parent: {},
    metadata: {},
    content: { code, silent: false, store_history: true },
  });

  test("that was recorded and is sent again is refused, on the same channel and on another", async () => {
    await kernel.replyTo(kernel.execute("globalThis.ran = 0"));
    const frames = encodeMessage(message("globalThis.ran++"), kernel.connection.key);
    const thief = await connect("a thief");
    await kernel.shell.send(frames);
    await thief.shell.send(frames);
    await thief.control.send(frames);
    await kernel.shell.send(frames);
    await kernel.replyTo(kernel.execute("1"));
    await thief.replyTo(thief.execute("1"));
    const counted = kernel.execute("globalThis.ran");
    await kernel.replyTo(counted);
    assert.equal(kernel.resultOf(counted), "1");
    thief.disconnect();
  });

  test("that is signed but is no message is dropped, and the kernel goes on", async () => {
    const sound = message("1");
    for (const broken of [
      { ...sound, header: null },
      { ...sound, header: { msg_type: "execute_request" } },
      { ...sound, content: null },
      { ...sound, content: [1] },
    ]) {
      await kernel.shell.send(encodeMessage(broken as never, kernel.connection.key));
    }
    const lenient = message("1");
    await kernel.shell.send(
      encodeMessage({ ...lenient, parent: null, metadata: null } as never, kernel.connection.key),
    );
    assert.equal((await kernel.replyTo(lenient.header.msg_id)).status, "ok");
  });
});

test("the guard forgets the oldest of very many signatures, and no others", () => {
  const guard = new ReplayGuard();
  const count = 2 ** 16 + 10;
  for (let i = 0; i < count; i++) assert.ok(guard.isNew(`${i}`));
  assert.equal(guard.isNew(`${count - 1}`), false);
  assert.equal(guard.isNew("11"), false);
  assert.equal(guard.isNew("0"), true);
});
