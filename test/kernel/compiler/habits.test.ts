// Habits from elsewhere, each answered with one sentence.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Compiler } from "../../../src/kernel/compiler/compiler.js";
import { habitHint } from "../../../src/kernel/compiler/habits.js";
import { packageRoot } from "../../../src/kernel-helpers/support/package-root.js";

const compiler = new Compiler(packageRoot());
const declared = compiler.compile("const fixed = 1; let free = 2; function print2() {}");
if ("problems" in declared) throw new Error("the cell before compiles");
compiler.adopt(declared);

function hintOf(code: string): string | undefined {
  const compiled = compiler.compile(code);
  if (!("problems" in compiled)) return undefined;
  return habitHint(code, compiled.problems, (name) => ["fixed", "free"].includes(name));
}

const answered: [code: string, answer: RegExp][] = [
  ["!ls", /execSync\("ls", \{ stdio: "inherit" \}\)/],
  ["!ls -la *.png", /execSync\("ls -la \*\.png"/],
  ["const a = 1;\n!cat notes.txt", /execSync\("cat notes\.txt"/],
  ["ls", /shell command.*execSync\("ls"/],
  ["ls -la", /shell command/],
  ["cd ..", /shell command/],
  ["git clone https://example.org/x.git", /shell command/],
  ["$ wget https://example.org/a.png", /shell command/],
  ["%%time\n1 + 1", /no magics.*console\.time/],
  ["%timeit f()", /console\.time/],
  ["%matplotlib inline", /no magics such as %matplotlib/],
  ["%%bash\nls", /no magics such as %bash/],
  ["%pip install numpy", /npm install/],
  ["pip install numpy", /come from npm/],
  ["!pip install numpy", /come from npm/],
  ["conda install scipy", /come from npm/],
  ["npm install arquero", /terminal.*execSync\("npm install arquero".*import … from "arquero"/],
  ["!npm i -D arquero", /execSync\("npm i -D arquero".*import … from "arquero"/],
  ["yarn add d3", /execSync\("yarn add d3"/],
  ['print("hi")', /console\.log/],
  ["print 'hi'", /console\.log/],
  ["counted = 5", /declared where it is first given a value: `let counted = …`/],
  ["import os, sys", /one by one/],
  ['raise ValueError("no")', /throw new Error\("no"\)/],
  ["assert 1 == 1", /node:assert/],
  ["del counted", /delete object\.key/],
  ["type(free)", /typeof free/],
  ['for (const n of [1]) print(n, "x");', /console\.log/],
  ["def f(x):\n  return x", /`function f\(…\)/],
  ["x?", /question mark.*`x`.*Shift\+Tab/],
  ["fixed.toFixed?", /`fixed\.toFixed`/],
  ["?fixed", /`fixed`.*Shift\+Tab/],
  ["fixed??", /Shift\+Tab/],
  ["help(fixed)", /Shift\+Tab/],
  ["fixed = 2", /`fixed` is a constant of an earlier cell.*`let`/],
  ["fixed++", /constant of an earlier cell/],
  ["const here = 1; here = 2;", /`here` is a constant: declare it with `let`/],
  ["import numpy as np", /import \* as np from "numpy"/],
  ["from os import path", /import \{ path \} from "os"/],
  ["free = None", /`null`/],
  ["if (free == True) free = 1", /`true`/],
  ["len(free)", /`free\.length`/],
  ["for i in range(3):\n  print(i)", /\{ … \}/],
  ["f = lambda x: x + 1", /=>/],
  ["# a comment", /\/\//],
  ["input('name?')", /prompt/],
  ['f"{free} of them"', /backticks/],
  ["exit", /restarted/],
];

describe("a habit gets a sentence", { timeout: 120_000 }, () => {
  for (const [code, answer] of answered) {
    test(code.replace(/\n/g, "⏎"), () => assert.match(hintOf(code) ?? "no hint", answer));
  }

  test("and other mistakes get none", () => {
    for (const code of [
      "const n: number = 'print(1)';",
      "unknownName",
      "function f( {",
      "class A { #len = 1; size(: number) { return this.#len; } }",
      "console.prnt(1)",
      "const o = { True: 1, }; o.Tru",
    ]) {
      assert.equal(hintOf(code), undefined, code);
    }
    assert.equal(hintOf('const print = (x: string) => x; print("fine")'), undefined);
  });
});
