// Code that reads what a person types: asked through the front end, or refused at once where there is nobody to ask.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Content } from "../../../src/kernel/protocol/wire.js";
import { FrontEnd } from "../front-end.js";

let kernel: FrontEnd;
before(async () => {
  kernel = await FrontEnd.start();
});
after(() => kernel?.stop());

/** Runs a cell for a person who types these lines, one each time that a line is asked for. */
async function typing(code: string, lines: string[]): Promise<{ id: string; reply: Content; prompts: string[] }> {
  const prompts: string[] = [];
  const heard = kernel.heard.length;
  const id = kernel.execute(code, { allow_stdin: true });
  const asked = () => kernel.heard.slice(heard).filter(({ header }) => header.msg_type === "input_request");
  for (const [index, value] of lines.entries()) {
    const request = await kernel.until(() => asked()[index]);
    assert.equal(request.parent.msg_id, id);
    prompts.push(String(request.content.prompt));
    kernel.send("input_reply", { value }, "stdin");
  }
  const reply = await kernel.replyTo(id);
  assert.equal(asked().length, lines.length, "asked as often as there was something to read");
  return { id, reply, prompts };
}

describe("input through the front end", { timeout: 60_000 }, () => {
  test("prompt, confirm, alert: as in a browser, the thread standing still", async () => {
    const { id, prompts } = await typing(
      'alert("hello"); [prompt("Your name?"), prompt("n", "7"), prompt(), confirm("Sure?")]',
      ["Ada", "", "\x04", "y"],
    );
    assert.deepEqual(prompts, ["Your name? ", "n [7] ", "", "Sure? [y/N] "]);
    assert.equal(kernel.resultOf(id), "[ 'Ada', '7', null, true ]");
    assert.equal(kernel.printedBy(id), "hello\n");
  });

  test("readline: question with its prompt, in later cells too, lines until Ctrl-D", async () => {
    const first = await typing(
      `import readline from "node:readline/promises"; import { createInterface } from "node:readline";
       const rl = readline.createInterface({ input: process.stdin, output: process.stdout });
       [await rl.question("First? "), await rl.question("Second? ")]`,
      ["a", "b"],
    );
    assert.deepEqual(first.prompts, ["First? ", "Second? "]);
    assert.equal(kernel.resultOf(first.id), "[ 'a', 'b' ]");
    assert.equal((await typing("console.log(1); process.stdout.write('no question');", [])).reply.status, "ok");
    const later = await typing('const third = await rl.question("Third? "); rl.close(); third', ["c"]);
    assert.equal(kernel.resultOf(later.id), "'c'");
    const callback = await typing(
      `const old = createInterface({ input: process.stdin, output: process.stdout });
       await new Promise((done) => old.question("Old? ", (text) => { console.log(text); old.close(); done(0); }));`,
      ["style"],
    );
    assert.equal(kernel.printedBy(callback.id), "style\n");
    const lines = await typing(
      "const all: string[] = []; for await (const line of createInterface({ input: process.stdin })) all.push(line); all",
      ["x", "y", "\x04"],
    );
    assert.equal(kernel.resultOf(lines.id), "[ 'x', 'y' ]");
  });

  test("process.stdin: chunks, and again after its end", async () => {
    for (const text of ["one", "two"]) {
      const { id } = await typing('let got = ""; for await (const chunk of process.stdin) got += chunk; got', [
        text,
        "\x04",
      ]);
      assert.equal(kernel.resultOf(id), `'${text}\\n'`);
    }
    const { id } = await typing(
      'await new Promise((done) => process.stdin.once("data", (c) => { process.stdin.pause(); done(String(c)); }))',
      ["once"],
    );
    assert.equal(kernel.resultOf(id), "'once\\n'");
  });

  test("can be interrupted while it waits, and the next cell is asked anew", async () => {
    for (const code of ['prompt("?")', 'await readline.createInterface({ input: process.stdin }).question("?")']) {
      const id = kernel.execute(code, { allow_stdin: true });
      await kernel.until(() => kernel.about(id).find(({ channel }) => channel === "stdin"));
      kernel.send("interrupt_request", {}, "control");
      assert.equal((await kernel.replyTo(id)).ename, "Interrupted");
      kernel.send("input_reply", { value: "too late" }, "stdin");
      const { id: next } = await typing('prompt("again")', ["in time"]);
      assert.equal(kernel.resultOf(next), "'in time'");
    }
  });

  const asking = [
    'prompt("x")',
    'confirm("x")',
    'await readline.createInterface({ input: process.stdin }).question("?")',
    "for await (const line of createInterface({ input: process.stdin })) console.log(line)",
    "for await (const chunk of process.stdin) console.log(chunk)",
    'await new Promise((done) => process.stdin.on("data", done))',
  ];
  for (const code of asking) {
    test(`is refused at once, with a sentence, where there is none: ${code}`, async () => {
      const reply = await kernel.replyTo(kernel.execute(code));
      assert.equal(reply.ename, "NoInputError");
      assert.match(
        String(reply.evalue),
        /this front end takes no input while a cell runs .*put the value into a variable/,
      );
    });
  }
});
