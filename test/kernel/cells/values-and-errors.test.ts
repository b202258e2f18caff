// What a cell's values and errors look like, and what is left of the variables of a cell that failed.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { KernelClient } from "../../../src/kernel/protocol/kernel-client.js";
import { dataOf, interruptCell, notebookFolder, printed, runCell, startTestKernel, traceOf } from "../with-kernel.js";

let kernel: KernelClient;
let folder: Awaited<ReturnType<typeof notebookFolder>>;
const run = (code: string) => runCell(kernel, code);
const shown = async (code: string) => String(dataOf(await run(code))["text/plain"]);

before(async () => {
  folder = await notebookFolder();
  kernel = await startTestKernel(folder.path);
});
after(async () => {
  await kernel?.shutdown();
  await folder?.remove();
});

const INSIDES =
  /node:internal|cell-runner|start-kernel|kResourceStore|async_id|RunningCell|__camlab|camlab:cell|evalmachine/;

describe("an error names the cell's own lines", { timeout: 120_000 }, () => {
  const thrower =
    "interface Gone {\n  a: number;\n}\n\nfunction thrower(): never {\n  throw new RangeError('thrown');\n}\n";
  const ways: [name: string, code: string, line: RegExp][] = [
    ["as a value", "\nnew Error('made')", /^Error: made\n {4}at cell \[\d+\]:2:1$/],
    [
      "of an earlier cell as a value",
      "let e: any; try { thrower(); } catch (caught) { e = caught; }\ne",
      /at thrower \(cell \[\d+\]:6:9\)\n {4}at cell \[\d+\]:1:\d+$/,
    ],
    ["inside of a value", "({ list: [new TypeError('in it')] })", /TypeError: in it\n\s+at cell \[\d+\]:1:\d+/],
    [
      "with a cause",
      "\n\nnew Error('outer', { cause: new Error('inner') })",
      /at cell \[\d+\]:3:1 {\n\s+\[cause\]: Error: inner\n\s+at cell \[\d+\]:3:\d+/,
    ],
    [
      "after an await",
      "\nasync function later() { await null; throw new Error('late'); }\nawait later().catch((error) => error)",
      /^Error: late\n {4}at later \(cell \[\d+\]:2:\d+\)$/,
    ],
  ];
  test("when it is thrown in a function of another cell", async () => {
    await run(thrower);
    const trace = traceOf(await run("\nthrower()"));
    assert.match(trace, /RangeError: thrown\n {4}at thrower \(cell \[\d+\]:6:9\)/);
    assert.match(trace, /at cell \[\d+\]:2:1/);
    assert.doesNotMatch(trace, INSIDES);
  });
  for (const [name, code, line] of ways) {
    test(name, async () => {
      const text = await shown(code);
      assert.match(text, line);
      assert.doesNotMatch(text, INSIDES);
    });
    test(`${name}, by console.log and console.error`, async () => {
      const cell = await run(`${code};\nconsole.log(${code.split("\n").at(-1)}); console.error(new Error("x").stack);`);
      assert.match(printed(cell, "stderr"), /^Error: x\n {4}at cell \[\d+\]:\d+:\d+\n$/);
      assert.match(printed(cell), /at (?:\w+ \()?cell \[\d+\]:\d+:\d+/);
      assert.doesNotMatch(printed(cell) + printed(cell, "stderr"), INSIDES);
    });
  }
  test("from a callback of Node, whose own places stay", async () => {
    const text = await shown(
      "const fs = require('fs'); let n: any; try { fs.readFileSync('/nowhere'); } catch (error) { n = error; } n",
    );
    assert.match(text, /ENOENT[^]*node:fs[^]*at cell \[\d+\]:1:\d+/);
    assert.doesNotMatch(text, INSIDES);
  });
  test("and what it quotes cannot steer a terminal", async () => {
    const { reply, outputs } = await run("throw new Error('file \\x1b]0;title\\x07\\u202e.png\\nsecond line')");
    assert.equal(reply.evalue, "file \\u001b]0;title\\u0007\\u202e.png\nsecond line");
    const [error] = outputs;
    assert.ok(error.output_type === "error" && !error.traceback.join("").includes("\x1b]0"));
  });
});

describe("promises that nobody awaits", { timeout: 120_000 }, () => {
  test("in a list show what they came to, and what to write", async () => {
    const text = await shown("[1, 2].map(async (n) => n)");
    assert.equal(
      text,
      "[ Promise { 1 }, Promise { 2 } ]\n(these are 2 promises: `await Promise.all(…)` gives the values)",
    );
    assert.match(
      await shown("[1].map((n) => new Promise(() => {}))"),
      /^\[ Promise { <pending> } \]\n\(this holds a promise: /,
    );
  });
  test("in an object", async () => {
    assert.equal(
      await shown("({ a: Promise.resolve(1) })"),
      "{ a: Promise { 1 } }\n(this holds a promise: `await` it for its value)",
    );
  });
  test("printed are as short, and timers have nothing of the kernel in them", async () => {
    assert.equal(
      printed(await run("console.log([1].map(async (n) => n), Promise.resolve({ a: 1 }));")),
      "[ Promise { 1 } ] Promise { { a: 1 } }\n",
    );
    assert.doesNotMatch(await shown("setTimeout(() => {}, 1)"), INSIDES);
    assert.doesNotMatch(
      printed(await run("console.log(setInterval(() => {}, 1e6).unref(), setImmediate(() => {}))")),
      INSIDES,
    );
  });
});

test("functions as values have their own names or none", { timeout: 60_000 }, async () => {
  assert.equal(await shown("() => 1"), "[Function (anonymous)]");
  assert.equal(await shown("(class {})"), "[class (anonymous)]");
  assert.equal(await shown("function named() {}\nnamed"), "[Function: named]");
});

describe("a cell that fails", { timeout: 120_000 }, () => {
  const failing = (code: string) => run(`${code}\nthrow new Error("on purpose");`);
  test("keeps what it assigned, whatever that is", async () => {
    await run("let a: any = 1, b: any = 2, c: any = 3, d: any = 4, o: any = { x: 1 };");
    await failing("a = null; b = undefined; c = 0; [d, o.x] = [void 0, null];");
    assert.equal(await shown("[a, b, c, d, o.x]"), "[ null, undefined, 0, undefined, null ]");
  });
  test("keeps what it declared anew with nothing in it, and gives back what it did not reach", async () => {
    await run("let full: any = 'full', unreached: any = 'before', same = 1;");
    await failing("let full = null; if (true) throw new Error('x'); let unreached = 'after'; let same = 'text';");
    assert.equal(await shown("[full, unreached]"), "[ null, 'before' ]");
    assert.equal(await shown("const s: number = same; s"), "1");
  });
  test("sees the earlier value while it declares a name anew", async () => {
    await run("let counter = 1;");
    await run("const look = () => counter;");
    assert.equal(await shown("let counter = look() + 1; counter"), "2");
  });
  test("keeps declarations that hold no value at all", async () => {
    await run("let nothing: number | undefined; interface Shape { n: number }");
    await failing("const other = 1;");
    assert.equal(await shown("nothing = 5; const shape: Shape = { n: nothing }; shape.n + other"), "6");
  });
  test("or is interrupted, likewise", async () => {
    await run("let stopped: any = 1;");
    await interruptCell(kernel, 'stopped = null; console.log("go"); await new Promise(() => {});');
    assert.equal(await shown("stopped"), "null");
  });
});

test("a cell that writes to an earlier constant is told how to", { timeout: 60_000 }, async () => {
  await run("const fixed = 1;");
  const fixed = await run("fixed = 2;");
  assert.match(String(fixed.reply.evalue), /1:1 - `fixed` is a constant of an earlier cell/);
  assert.match(traceOf(fixed), /Cannot assign to 'fixed' because it is a constant/);
  assert.match(String((await run("%%time\n1")).reply.evalue), /no magics/);
});
