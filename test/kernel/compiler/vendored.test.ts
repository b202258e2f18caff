// What `npm run build` changes of tslab's TypeScript, and what is left out of Node's types until it is looked for, must not
// be seen: beside the compiler as it is installed, with all types.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import type ts from "typescript";
import { CellPrograms } from "../../../src/kernel/compiler/cell-program.js";
import type { CellProgram } from "../../../src/kernel/compiler/cell-program.js";
import { completionsAt } from "../../../src/kernel/compiler/completions.js";
import { loadTypeScript } from "../../../src/kernel/compiler/typescript.js";
import type { TypeScript } from "../../../src/kernel/compiler/typescript.js";
import { packageRoot } from "../../../src/kernel-helpers/support/package-root.js";

const require = createRequire(import.meta.url);
const tslab = createRequire(require.resolve("tslab/package.json"));
const installed = tslab("@tslab/typescript-for-tslab") as TypeScript;
const own = loadTypeScript();
const folder = packageRoot();
const never = { isCancellationRequested: () => false, throwIfCancellationRequested: () => undefined };

/** Code whose `|` is the place that is asked about. */
const CELLS = [
  "1 + 1|",
  "[1, 2].ma|p((n) => n.toFixed())",
  "const n: string = [1].at|(0);",
  "new Map([[1, 'a']]).get|('b')",
  "Promise.allSettled|([1]).then(([{ value }]) => value)",
  "escape|('a'); 'a'.substr(1)",
  "Buffer.from|('a').readUInt8('b'); new Buffer('a')",
  "console.log|(1).x",
  "process.memoryUsage|().rss.length",
  "setTimeout|(() => 1, 'a').ref().x",
  "import { readFileSync } from 'node:fs'; const text: number = readFileSync|('a', 'utf8');",
  "import fs from 'fs'; fs.readFile|Sync(1, 2, 3); fs.exists('a', () => 1)",
  "import { createServer } from 'node:http2'; createServer|({}).x",
  "import * as crypto from 'crypto'; crypto.createHash|('md5').digest('base64').x",
  "type Socket = import('node:net').Socket; let s: Socket; s.remoteAddress|.x",
  "const { status } = await fetch|('a'); status.x",
  "new Response().headers.get|(1)",
  "new ReadableStream|().getReader('x')",
  "import { Readable } from 'stream'; Readable.from|([1]).on('data', (n: symbol) => n).destroyed.x",
  "import { inspect } from 'util'; inspect|({}, { depth: 'a' })",
  "import zlib = require('zlib'); zlib.gzipSync|(1)",
  "globalThis.crypto|.subtle.x",
  "new Worker|('a'); structuredClone(1).x",
  "import { nothing } from 'node:fs|'; import { missing } from './no-such-file'; nothing + missing",
  "declare module 'dgram' { interface Socket { own: 1 } } import { createSocket } from 'dgram'; createSocket|('udp4').own.x",
  "import * as test from 'node:test'; test.des|",
  "import { open } from 'node:fs/pro|",
  "const url|: URL = new URL('a'); url.searchParams.size.x",
  "performance.now|().x; new PerformanceObserver(1)",
  "const key: CryptoKey = 1; key.algorithm|",
  "class Own extends EventTarget|<1> { } new AbortController().signal.x; AbortSignal.any([1])",
  "new TextDecoder().decode|('a').x; atob(1)",
  "let e: NodeJS.EventEmitter; e.on|(1)",
  "queueMicrotask|(1); setImmediate((x: 1) => x, 2).unref().x",
  "BroadcastChannel|; new MessageChannel().port1.x",
  "let r: ReadableStream<number>; for await (const n of r) n.x|",
  "interface URL { own: 1 } new URL|('a').own.x",
  "const URL| = 1; URL.x",
  "class A extends (await import('events')).EventEmitter { x = this.emit|(1) } new A().y",
  "const f = async (x: AsyncIterable<number>) => { for await (const n of x) n.tri| };",
];

function answers(typescript: TypeScript, programs: CellPrograms, marked: string) {
  const [cursor, code] = [marked.indexOf("|"), marked.replace("|", "")];
  const found = programs.ask("", code, ({ program, cell }: CellProgram) => {
    const checker = program.getTypeChecker();
    const info = typescript.getQuickInfoAtPosition(cell, checker, never, cursor - 1 + "export {};\n".length);
    const declared: string[] = [];
    program.emit(cell, (name, text) => declared.push(name, text));
    const texts = (parts: readonly ts.SymbolDisplayPart[] | undefined) => parts?.map(({ text }) => text).join("");
    const problems = [...program.getSyntacticDiagnostics(cell), ...program.getSemanticDiagnostics(cell)];
    return {
      problems: problems.map(({ code, start, length, messageText }) => ({ code, start, length, messageText })),
      info: [
        texts(info?.displayParts),
        texts(info?.documentation),
        info?.tags?.map((tag) => [tag.name, texts(tag.text)]),
      ],
      declared,
    };
  });
  const { candidates } = completionsAt(typescript, programs, "", code, cursor, folder);
  return { ...found, candidates: candidates.map(({ name, kind }) => `${kind} ${name}`) };
}

test("problems, completions, documentation and what is emitted are those of the compiler as it is installed", () => {
  const whole = new CellPrograms(installed, folder);
  whole.takeAllNodeTypes();
  const one = new CellPrograms(own, folder);
  let documented = 0;
  for (const cell of CELLS) {
    const expected = answers(installed, whole, cell);
    // In a kernel of its own, where nothing was looked for before, and after all the others.
    assert.deepEqual(answers(own, new CellPrograms(own, folder), cell), expected, cell);
    assert.deepEqual(answers(own, one, cell), expected, cell);
    if (expected.info[1]) documented++;
  }
  assert.ok(documented > 10, `${documented} of them are documented`);
});

test("most of Node's types wait until they are looked for", () => {
  const programs = new CellPrograms(own, folder);
  const length = (code: string) =>
    programs.ask("", code, ({ program, cell }) => {
      program.getSemanticDiagnostics(cell);
      return program.getSourceFiles().reduce((sum, { text }) => sum + text.length, 0);
    });
  const first = length("console.log(1)");
  const second = length("import { createServer } from 'node:http2'; createServer()");
  programs.takeAllNodeTypes();
  const whole = length("console.log(1)");
  assert.ok(first < 0.4 * whole, `${first} of ${whole} characters`);
  assert.ok(first < second && second < whole, `${second} between ${first} and ${whole}`);
});
