// A real kernel, spoken to over its sockets: what cells show, how they fail, what they may write.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { KernelClient } from "../../src/kernel/protocol/kernel-client.js";
import {
  assertStreamed,
  dataOf,
  interruptCell,
  notebookFolder,
  printed,
  runCell,
  startTestKernel,
  traceOf,
} from "./with-kernel.js";

let kernel: KernelClient;
let folder: { path: string; remove: () => Promise<void> };
const run = (code: string, options = {}) => runCell(kernel, code, options);

before(async () => {
  folder = await notebookFolder({
    "helper.ts":
      "export const twice = (n: number): number => n * 2;\n\nexport function boom(): never {\n  throw new Error('boom');\n}\n",
    "data.json": '{ "answer": 42 }',
    "node_modules/esm-only/package.json":
      '{"name":"esm-only","version":"1.0.0","type":"module","exports":{"import":"./index.js"}}',
    "node_modules/esm-only/index.js":
      "export const kind = await Promise.resolve('awaited');\nexport default 'the default';\n",
    "node_modules/busy/package.json": '{"name":"busy","version":"1.0.0","main":"index.js"}',
    "node_modules/busy/index.js": "exports.busy = (ms) => { const t = Date.now(); while (Date.now() - t < ms); };\n",
  });
  kernel = await startTestKernel(folder.path);
});

after(async () => {
  await kernel?.shutdown();
  await folder?.remove();
});

describe("the last expression", () => {
  test("is shown as text, and nothing is shown for a statement or undefined", async () => {
    assert.deepEqual(dataOf(await run("({ a: [1, 2] })")), { "text/plain": "{ a: [ 1, 2 ] }" });
    assert.deepEqual((await run("const quiet = 1;")).outputs, []);
    assert.deepEqual((await run("void 0")).outputs, []);
    assert.deepEqual(dataOf(await run("null")), { "text/plain": "null" });
  });

  test("says itself how it is shown, in several types at once, in time or later", async () => {
    const bundle = '{ "text/html": "<b>hi</b>", "application/json": { a: 1 }, "image/png": new Uint8Array([1, 2]) }';
    for (const method of ["() => (", "async () => ("]) {
      const data = dataOf(await run(`({ [Symbol.for("Jupyter.display")]: ${method}${bundle}) })`));
      assert.equal(data["text/html"], "<b>hi</b>");
      assert.deepEqual(data["application/json"], { a: 1 });
      assert.equal(data["image/png"], "AQI=");
      assert.equal(typeof data["text/plain"], "string");
    }
  });

  test("that is an Arquero table is an HTML table, in its order, escaped, cut with a note", async () => {
    const code = `import { desc, table } from "arquero";
      table({ n: Array.from({ length: 10_000 }, (_, i) => i), s: Array.from({ length: 10_000 }, () => "<script>") })
        .filter((d: any) => d.n % 2 === 0).orderby(desc("n"))`;
    const html = String(dataOf(await run(code))["text/html"]);
    assert.equal(html.match(/<tr>/g)?.length, 51);
    assert.match(html, /<tbody>\s*<tr><td[^>]*>9998<\/td><td>&#60;script&#62;<\/td>/);
    assert.match(html, /5,000 rows × 2 columns; the first 50 rows shown/);
    assert.ok(!html.includes("<script>"));
  });

  test("that is an image file in a Buffer is that image", async () => {
    const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==";
    assert.equal(dataOf(await run(`Buffer.from("${png}", "base64")`))["image/png"], png);
    assert.ok("image/jpeg" in dataOf(await run("new Uint8Array([0xff, 0xd8, 0xff, 0xe0])")));
    assert.deepEqual(Object.keys(dataOf(await run("Buffer.from('text')"))), ["text/plain"]);
  });

  test("of any size is bounded text", async () => {
    const text = String(dataOf(await run("'x'.repeat(30_000_000)"))["text/plain"]);
    assert.ok(text.length < 60_000);
  });
});

describe("errors", () => {
  test("of types have a line, a column and the line itself; nothing runs", async () => {
    const cell = await run('console.log("ran");\nconst n: number = "text";');
    assert.equal(cell.reply.ename, "TypeScriptError");
    assert.match(String(cell.reply.evalue), /^2:7 - Type 'string' is not assignable to type 'number'/);
    assert.match(traceOf(cell), /2 │ const n: number = "text";\n\s+│ {7}\^/);
    assert.equal(printed(cell), "");
    assert.equal(cell.outputs[0].output_type, "error");
  });

  test("of syntax are reported alone", async () => {
    const cell = await run("unknownName(");
    assert.equal(cell.reply.ename, "SyntaxError");
    assert.ok(!traceOf(cell).includes("Cannot find name"));
  });

  test("point at the cell's own line, through types that vanish and functions of earlier cells", async () => {
    const cell = await run(
      "interface Gone {\n  a: number;\n}\n\nfunction deep(value: any) {\n\n  return value.a.b;\n}\n(deep as any)({});",
    );
    assert.equal(cell.reply.ename, "TypeError");
    assert.match(traceOf(cell), /at deep \(cell \[\d+\]:7:18\)\n\s+7 │ {3}return value\.a\.b;/);
    assert.match(traceOf(cell), /at cell \[\d+\]:9:2/);
    const later = await run("\ndeep(1)");
    assert.match(traceOf(later), /at deep \(cell \[\d+\]:7:18\)/);
    assert.match(traceOf(later), /at cell \[\d+\]:2:1/);
    assert.ok(!/node:internal|start-kernel|cell-runner/.test(traceOf(later)));
  });

  test("with causes, and values that are no errors", async () => {
    const cell = await run('throw new RangeError("outer", { cause: new TypeError("inner") })');
    assert.deepEqual([cell.reply.ename, cell.reply.evalue], ["RangeError", "outer"]);
    assert.match(traceOf(cell), /Caused by: TypeError: inner/);
    assert.equal((await run("throw { code: 7 }")).reply.evalue, "{ code: 7 }");
  });

  test("that nobody caught fail the cell that caused them", async () => {
    assert.equal((await run('Promise.reject(new RangeError("lost")); 1')).reply.ename, "RangeError");
    const timer = 'setTimeout(() => { throw new SyntaxError("in a timer"); }, 5); await new Promise(() => {});';
    assert.equal((await run(timer)).reply.ename, "SyntaxError");
  });

  test("keep the variables that were made before them", async () => {
    await run('const made = 5; const lost: number = (() => { throw new Error("x"); })();');
    assert.deepEqual(dataOf(await run("made")), { "text/plain": "5" });
    assert.equal((await run("lost")).reply.ename, "TypeScriptError");
  });
});

describe("what cells may write", () => {
  const shown: [code: string, text: string][] = [
    ["await (1 + 2)", "3"],
    ["await (async () => 7)()", "7"],
    ["await [Promise.resolve(3)][0]", "3"],
    ["for await (const n of (async function* () { yield 4; })()) console.log(n);\n5", "5"],
    ["export const exported = 5; exported", "5"],
    ["const p1 = 1, q1 = 2; ({ p1, q1 })", "{ p1: 1, q1: 2 }"],
    ["const o1 = { p1, q1: p1 + q1 }; o1", "{ p1: 1, q1: 3 }"],
    ["let t = 0; for (const n of [1, 2, 3]) t += n; do t++; while (t < 10); for (const k in { a: 1 }) t++; t", "11"],
    ["let t = 'again'; t", "'again'"],
    ["typeof __dirname + import.meta.url.slice(0, 8)", "'stringfile:///'"],
    ["import { twice } from './helper'; twice(4)", "8"],
    ["import { twice as double } from './helper.ts'; double(5)", "10"],
    ["import data from './data.json'; data.answer", "42"],
    ["(await import('./helper.js')).twice(6)", "12"],
    ["import whole, { kind } from 'esm-only'; kind + whole", "'awaitedthe default'"],
    ["(await import('esm-only')).kind", "'awaited'"],
    ["import { CamlabError } from 'camlab'; new CamlabError('x') instanceof Error", "true"],
    ["typeof (await import('vega-lite')).compile", "'function'"],
    [
      "import fs, { existsSync } from 'node:fs'; import * as path from 'path'; existsSync(path.join('data.json')) && !!fs.statSync",
      "true",
    ],
  ];
  for (const [code, text] of shown) {
    test(code, async () => {
      const cell = await run(code);
      assert.equal(cell.reply.status, "ok", traceOf(cell));
      assert.deepEqual(dataOf(cell), { "text/plain": text });
    });
  }

  test("an error in a local module names its TypeScript line", async () => {
    assert.match(traceOf(await run("import { boom } from './helper'; boom()")), /at boom \(helper\.ts:4:9\)/);
  });
});

describe("output", () => {
  test("is streamed while the cell runs, also while it never waits", async () => {
    const code = "console.log(1); { const t = Date.now(); while (Date.now() - t < 400); } console.error(2);";
    await assertStreamed(kernel, code);
  });

  test("of 30 MB is cut in the middle, with a note, and comes in few messages", async () => {
    const cell = await run("for (let i = 0; i < 300_000; i++) console.log('x'.repeat(100)); console.log('the end')");
    const text = printed(cell);
    assert.ok(text.length < 1_100_000, `${text.length}`);
    assert.match(text, /characters left out/);
    assert.match(text, /the end\n$/);
    assert.ok(cell.messages.length < 500, `${cell.messages.length} messages`);
  });

  test("updates in place, clears, and shows progress", async () => {
    const hook = 'const hook = (globalThis as any)[Symbol.for("camlab.kernel")];';
    const cell = await run(`${hook}
      hook.display({ "text/plain": "one" }, { id: "d" }); hook.display({ "text/plain": "two" }, { id: "d", update: true });`);
    assert.deepEqual(dataOf(cell), { "text/plain": "two" });
    assert.deepEqual((await run('console.log("gone"); hook.clearOutput(false);')).outputs, []);
    const waited = await run('console.log("gone"); hook.clearOutput(true); console.log("stays");');
    assert.equal(printed(waited), "stays\n");
  });

  test("of tslab's own display still works", async () => {
    const data = dataOf(await run('import { display } from "tslab"; display.html("<i>x</i>")'));
    assert.equal(data["text/html"], "<i>x</i>");
  });
});

describe("interrupt", () => {
  const endless = [
    "let spun = 0; while (true) spun++;",
    "while (true) await null;",
    "while (true) await new Promise((r) => setTimeout(r, 5));",
    "await new Promise(() => {});",
    "await new Promise((r) => setTimeout(r, 5)); for (;;);",
    "async function stubborn() { for (;;) { try { await new Promise((r) => setTimeout(r, 5)); } catch {} } } await stubborn();",
    "for await (const n of (async function* () { for (;;) yield await new Promise((r) => setTimeout(r, 5)); })());",
    "import { busy } from 'busy'; busy(60_000);",
  ];
  for (const code of endless) {
    test(code, { timeout: 60_000 }, async () => {
      const { run, interrupt } = await interruptCell(kernel, `console.log("go"); ${code}`);
      assert.equal(interrupt.status, "ok");
      assert.equal(run.reply.ename, "Interrupted");
    });
  }

  test("keeps the kernel's variables, those of the stopped cell too, and runs `finally`", async () => {
    assert.deepEqual(dataOf(await run("spun > 0")), { "text/plain": "true" });
    const code = `const got: number[] = [];
      try { for (;;) { if (got.push(1) === 5) console.log("go"); await new Promise((r) => setTimeout(r, 5)); } }
      finally { console.log("cleaned up"); }`;
    const { run: stopped } = await interruptCell(kernel, code);
    assert.equal(printed(stopped), "go\ncleaned up\n");
    assert.deepEqual(dataOf(await run("got.length >= 5")), { "text/plain": "true" });
  });

  test("says so where it cannot", { timeout: 60_000 }, async () => {
    const code =
      "import { busy } from 'busy'; await new Promise((r) => setTimeout(r, 5)); console.log('go'); busy(6000); await null;";
    const { run: late, interrupt } = await interruptCell(kernel, code);
    assert.equal(interrupt.status, "error");
    assert.match(printed(late, "stderr"), /restart the kernel/);
    assert.equal(late.reply.ename, "Interrupted");
  });

  test("of an idle kernel changes nothing", async () => {
    assert.equal((await kernel.interrupt()).content.status, "ok");
    assert.equal((await run("1")).reply.status, "ok");
  });
});
