// Comms and widgets over raw sockets, as a front end speaks them.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Content } from "../../../src/kernel/protocol/wire.js";
import { packageRoot } from "../../../src/kernel-helpers/support/package-root.js";
import { FrontEnd } from "../front-end.js";
import type { Heard } from "../front-end.js";

let kernel: FrontEnd;
before(async () => {
  kernel = await FrontEnd.start({ cwd: packageRoot() });
});
after(() => kernel?.stop());

const comms = async () => (await kernel.replyTo(kernel.send("comm_info_request", {}))).comms as Record<string, Content>;
const said = (id: string, type: string, from = 0) =>
  kernel.heard.slice(from).filter(({ header, content }) => header.msg_type === type && content.comm_id === id);
const hear = (id: string, type: string, from = 0): Promise<Heard> => kernel.until(() => said(id, type, from)[0]);
async function run(code: string): Promise<string> {
  const id = kernel.execute(code);
  const reply = await kernel.replyTo(id);
  assert.equal(reply.status, "ok", JSON.stringify(reply));
  return id;
}
const dataOf = ({ content }: Heard) => content.data as Content & { method?: string; state: Content };

describe("a comm", { timeout: 120_000 }, () => {
  const hook = 'const { comms } = (globalThis as any)[Symbol.for("camlab.kernel")];';

  test("that the kernel opens sends, hears and closes, with bytes in both directions", async () => {
    const cell = await run(`${hook}
      const comm = comms.open("counter", { id: "k1", data: { first: 1 }, metadata: { m: 2 }, buffers: [new Uint8Array([9])] });
      comm.onMessage(({ data, buffers }: any) => { console.log("heard", data.n, buffers[0][1]); comm.send({ data: { twice: data.n * 2 }, buffers: [buffers[0].map((x: number) => x * 2)] }); });
      comm.onClose(() => console.log("closed by the front end"));`);
    const [opened] = said("k1", "comm_open");
    assert.deepEqual(
      [opened.content.target_name, opened.content.data, opened.metadata],
      ["counter", { first: 1 }, { m: 2 }],
    );
    assert.deepEqual([...opened.buffers![0]], [9]);
    assert.equal(opened.parent.msg_id, cell);
    assert.deepEqual(await comms(), { k1: { target_name: "counter" } });
    const others = await kernel.replyTo(kernel.send("comm_info_request", { target_name: "other" }));
    assert.deepEqual(others.comms, {});

    const asked = kernel.send("comm_msg", { comm_id: "k1", data: { n: 21 } }, "shell", undefined, [
      Buffer.from([1, 2]),
    ]);
    const answer = await hear("k1", "comm_msg");
    assert.deepEqual([answer.content.data, [...answer.buffers![0]]], [{ twice: 42 }, [2, 4]]);
    assert.equal(answer.parent.msg_id, asked);
    await kernel.until(() => (kernel.typesAbout(asked, "iopub").includes("idle") ? true : undefined));
    assert.equal(kernel.typesAbout(asked, "iopub")[0], "busy");
    assert.match(kernel.printedBy(cell), /heard 21 2/, "what it prints stands under the cell that made it");

    kernel.send("comm_close", { comm_id: "k1", data: {} });
    await kernel.until(() => (kernel.printedBy(cell).includes("closed by the front end") ? true : undefined));
    assert.deepEqual(await comms(), {});
  });

  test("that the front end opens reaches the target that a cell accepts, and is closed where there is none", async () => {
    await run(
      `comms.accept("echo", (comm: any, { data }: any) => { comm.send({ data: { hello: data.name } }); comm.onMessage((m: any) => comm.send(m)); });`,
    );
    kernel.send("comm_open", { comm_id: "f1", target_name: "echo", data: { name: "Ada" } });
    assert.deepEqual((await hear("f1", "comm_msg")).content.data, { hello: "Ada" });
    const from = kernel.heard.length;
    kernel.send("comm_msg", { comm_id: "f1", data: { back: [1] } });
    assert.deepEqual((await hear("f1", "comm_msg", from)).content.data, { back: [1] });
    const unknown = kernel.send("comm_open", { comm_id: "f2", target_name: "nobody", data: {} });
    assert.equal((await hear("f2", "comm_close")).parent.msg_id, unknown);
    assert.deepEqual(Object.keys(await comms()), ["f1"]);
    kernel.send("comm_msg", { comm_id: "never opened", data: {} });
    kernel.send("comm_close", { comm_id: "f1", data: {} });
    assert.deepEqual(await comms(), {});
  });

  test("opened right behind the cell that accepts it waits for that cell", async () => {
    kernel.execute(
      'await new Promise((r) => setTimeout(r, 100)); comms.accept("late", (comm: any) => comm.send({ data: { ok: true } }));',
    );
    kernel.send("comm_open", { comm_id: "l1", target_name: "late", data: {} });
    assert.deepEqual((await hear("l1", "comm_msg")).content.data, { ok: true });
  });

  test("is answered while a cell waits, and that cell stays busy", async () => {
    const cell = kernel.execute(`const gate = comms.open("gate", { id: "g1" });
      console.log("waiting"); const got = await new Promise((done) => gate.onMessage(({ data }: any) => done(data.word))); got`);
    await kernel.until(() => (kernel.printedBy(cell) ? true : undefined));
    const from = kernel.heard.length;
    const sent = kernel.send("comm_msg", { comm_id: "g1", data: { word: "open" } });
    await kernel.replyTo(cell);
    assert.equal(kernel.resultOf(cell), "'open'");
    const states = kernel.heard.slice(from).filter(({ content }) => content.execution_state);
    const last = states.filter(({ parent }) => parent.msg_id === sent || parent.msg_id === cell).at(-1);
    assert.deepEqual([last?.parent.msg_id, last?.content.execution_state], [cell, "idle"]);
  });

  test("whose callback fails shows the error under its cell, and goes on", async () => {
    const cell = await run(`const bad = comms.open("bad", { id: "b1" });
      bad.onMessage(({ data }: any) => { if (data.fail) throw new RangeError("in a callback"); bad.send({ data: { alive: true } }); });`);
    kernel.send("comm_msg", { comm_id: "b1", data: { fail: true } });
    const error = await kernel.until(() => kernel.about(cell).find(({ header }) => header.msg_type === "error"));
    assert.equal(error.content.ename, "RangeError");
    kernel.send("comm_msg", { comm_id: "b1", data: {} });
    assert.deepEqual((await hear("b1", "comm_msg")).content.data, { alive: true });
  });

  test("opened a thousand times, known and unknown, leaves the kernel well", async () => {
    await run(
      'let stormed = 0; comms.accept("storm", (comm: any) => { stormed++; comm.onMessage(() => comm.close()); });',
    );
    for (let i = 0; i < 1000; i++) {
      kernel.send("comm_open", { comm_id: `s${i}`, target_name: "storm", data: {} });
      kernel.send("comm_open", { comm_id: `u${i}`, target_name: "unknown", data: {} });
    }
    const counted = await run("stormed");
    assert.equal(kernel.resultOf(counted), "1000");
    assert.equal(Object.keys(await comms()).filter((id) => /^s\d/.test(id)).length, 1000);
    assert.equal(Object.keys(await comms()).filter((id) => /^u\d/.test(id)).length, 0);
    for (let i = 0; i < 1000; i++) kernel.send("comm_msg", { comm_id: `s${i}`, data: {} });
    await hear("s999", "comm_close");
    assert.equal(Object.keys(await comms()).filter((id) => /^s\d/.test(id)).length, 0);
    assert.equal(kernel.resultOf(await run("1 + 1")), "2");
  });
});

describe("a widget", { timeout: 120_000 }, () => {
  let id: string;
  let cell: string;
  before(async () => {
    cell = await run(`import { notebook } from "camlab";
      const counter = notebook.widget({
        esm: "export default { render({ model, el }) { el.textContent = model.get('count'); } }",
        state: { count: 1, label: "n", pixels: new Uint8Array([1, 2, 3]) },
        commands: { double: async (n: any, buffers) => ({ response: n * 2, buffers }) },
        fallback: [{ a: 1 }, { a: 2 }],
      });
      counter.on("change:count", ({ value, before }) => console.log("count", before, "→", value));
      counter.on("change", ({ name }) => console.log("changed", name));
      counter.on("message", (content: any) => counter.send({ echo: content }));
      counter`);
    id = kernel.about(cell).find(({ header }) => header.msg_type === "comm_open")!.content.comm_id as string;
  });
  const send = (data: Content, buffers: Buffer[] = []) =>
    kernel.send("comm_msg", { comm_id: id, data }, "shell", undefined, buffers);

  test("opens as anywidget's model and shows its view, or its fallback", () => {
    const [opened] = said(id, "comm_open");
    const { state, buffer_paths } = dataOf(opened);
    assert.equal(opened.content.target_name, "jupyter.widget");
    assert.deepEqual(opened.metadata, { version: "2.1.0" });
    const { _anywidget_id, _esm, ...rest } = state;
    assert.ok(_anywidget_id && String(_esm).startsWith("export default"));
    const { _view_count, count, label, ...names } = rest;
    assert.deepEqual([_view_count, count, label], [null, 1, "n"]);
    assert.deepEqual(
      Object.entries(names)
        .map((pair) => pair.join("="))
        .sort(),
      [
        "_model_module=anywidget",
        "_model_module_version=*",
        "_model_name=AnyModel",
        "_view_module=anywidget",
        "_view_module_version=*",
        "_view_name=AnyView",
      ],
    );
    assert.deepEqual([buffer_paths, [...opened.buffers![0]]], [[["pixels"]], [1, 2, 3]]);
    const shown = kernel.about(cell).find(({ header }) => header.msg_type === "execute_result")?.content
      .data as Content;
    assert.deepEqual(shown["application/vnd.jupyter.widget-view+json"], {
      version_major: 2,
      version_minor: 0,
      model_id: id,
    });
    assert.match(String(shown["text/html"]), /^<table>/);
  });

  test("hears of changes, tells other front ends, and keeps them", async () => {
    const from = kernel.heard.length;
    const sent = send({ method: "update", state: { count: 5, pixels: null }, buffer_paths: [["pixels"]] }, [
      Buffer.from([7, 8]),
    ]);
    const echo = await hear(id, "comm_msg", from);
    assert.deepEqual(
      [dataOf(echo).method, dataOf(echo).state, echo.parent.msg_id],
      ["echo_update", { count: 5 }, sent],
    );
    await kernel.until(() => (kernel.printedBy(cell).includes("changed pixels") ? true : undefined));
    assert.match(kernel.printedBy(cell), /count 1 → 5\nchanged count\nchanged pixels/);
    assert.equal(kernel.resultOf(await run("[counter.get('count'), [...counter.state.pixels]]")), "[ 5, [ 7, 8 ] ]");
  });

  test("tells front ends of its own changes, and only of those", async () => {
    const from = kernel.heard.length;
    await run("counter.set({ count: 6, label: 'n' });");
    assert.deepEqual(said(id, "comm_msg", from).map(dataOf), [
      { method: "update", state: { count: 6 }, buffer_paths: [] },
    ]);
  });

  test("answers requests for its state, alone and with all others", async () => {
    const from = kernel.heard.length;
    send({ method: "request_state" });
    const { method, state } = dataOf(await hear(id, "comm_msg", from));
    assert.deepEqual([method, state.count, state._model_name], ["update", 6, "AnyModel"]);
    kernel.send("comm_open", { comm_id: "control", target_name: "jupyter.widget.control", data: {} });
    kernel.send("comm_msg", { comm_id: "control", data: { method: "request_states" } });
    const all = await hear("control", "comm_msg");
    const { states, buffer_paths } = all.content.data as {
      states: Record<string, { state: Content; model_name: string }>;
      buffer_paths: unknown;
    };
    assert.deepEqual([states[id].model_name, states[id].state.label], ["AnyModel", "n"]);
    assert.deepEqual([buffer_paths, [...all.buffers![0]]], [[[id, "state", "pixels"]], [7, 8]]);
  });

  test("speaks in messages and answers commands", async () => {
    let from = kernel.heard.length;
    send({ method: "custom", content: { hello: 1 } });
    assert.deepEqual(dataOf(await hear(id, "comm_msg", from)), { method: "custom", content: { echo: { hello: 1 } } });
    from = kernel.heard.length;
    send({ method: "custom", content: { kind: "anywidget-command", id: "c1", name: "double", msg: 4 } }, [
      Buffer.from([5]),
    ]);
    const answer = await hear(id, "comm_msg", from);
    assert.deepEqual(dataOf(answer).content, { id: "c1", kind: "anywidget-command-response", response: 8 });
    assert.deepEqual([...answer.buffers![0]], [5]);
    send({ method: "custom", content: { kind: "anywidget-command", id: "c2", name: "toString", msg: 4 } });
    const error = await kernel.until(() => kernel.about(cell).find(({ header }) => header.msg_type === "error"));
    assert.match(String(error.content.evalue), /invoked "toString", which is none of its commands/);
  });

  test("closes, and front ends forget it", async () => {
    await run("counter.close(); counter.set({ count: 7 });");
    assert.equal(said(id, "comm_close").length, 1);
    assert.ok(!(id in (await comms())));
  });

  test("is refused with a name of the protocol's, or a file that is not there", async () => {
    for (const [options, message] of [
      ['{ esm: "x", state: { _view_name: 1 } }', /must not begin with an underscore/],
      ['{ esm: "./nowhere.js" }', /cannot read the widget's file "\.\/nowhere\.js"/],
    ] as const) {
      assert.match(String((await kernel.replyTo(kernel.execute(`notebook.widget(${options})`))).evalue), message);
    }
  });
});
