// The compiler of cells, without a kernel around it.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import vm from "node:vm";
import { Compiler } from "../../../src/kernel/compiler/compiler.js";
import type { CompiledCell } from "../../../src/kernel/compiler/compiler.js";
import { CellPrograms, type CellProgram } from "../../../src/kernel/compiler/cell-program.js";
import { loadTypeScript } from "../../../src/kernel/compiler/typescript.js";
import { packageRoot } from "../../../src/kernel-helpers/support/package-root.js";

/** Runs cells one after the other as the kernel does, and gives the value of the last expression of the last. */
function notebook(compiler: Compiler) {
  const exports: Record<string, unknown> = {};
  const define = (target: Record<string, unknown>, name: string, property: PropertyDescriptor) => {
    if (name !== "__esModule") target[name] = property.get ? property.get() : (property.value as unknown);
  };
  const compile = (code: string): CompiledCell => {
    const compiled = compiler.compile(code);
    if ("problems" in compiled) throw new Error(compiled.problems.map(({ message }) => message).join("; "));
    return compiled;
  };
  return (...cells: string[]): unknown => {
    let last: unknown;
    for (const code of cells) {
      const compiled = compile(code);
      const names = ["exports", "__camlab_define", "__camlab_step", "__camlab_wait"];
      const values = [exports, define, () => undefined, (value: unknown) => value];
      const run = vm.runInThisContext(`(function (${names.join(", ")}) { ${compiled.javascript}\n})`) as (
        ...values: unknown[]
      ) => void;
      run(...values);
      compiler.adopt(compiled);
      last = compiled.lastExpression === undefined ? undefined : exports[compiled.lastExpression];
      if (compiled.lastExpression) exports[compiled.lastExpression] = undefined;
    }
    return last;
  };
}

const problemsIn = (compiler: Compiler, code: string): string[] => {
  const compiled = compiler.compile(code);
  return "problems" in compiled ? compiled.problems.map(({ message }) => message) : [];
};

describe("cells", { timeout: 120_000 }, () => {
  const compiler = new Compiler(packageRoot());
  const run = notebook(compiler);

  test("see what earlier cells declared, of each kind, many cells later", () => {
    run(
      "let v = 1, w = { a: [1] }; function f(n: number) { return n + v; } class C { constructor(readonly n: number) {} }",
      "enum E { A = 3, B } interface I { i: number } type T = 'x' | 'y'; namespace N { export const x = 5; export type Y = string }",
      "abstract class Abstract { abstract area(): number }",
    );
    for (let i = 0; i < 3; i++) run(`const other${i} = ${i};`);
    assert.equal(
      run("const i: I = { i: 1 }, t: T = 'x', y: N.Y = 'y'; v + f(1) + new C(2).n + E.B + N.x + i.i + t + y"),
      "15xy",
    );
    assert.equal(run("class Square extends Abstract { area() { return 4; } } new Square().area()"), 4);
    assert.deepEqual(problemsIn(compiler, "const wrong: number = w"), [
      "Type '{ a: number[]; }' is not assignable to type 'number'.",
    ]);
  });

  test("may declare a name anew, as another kind of thing", () => {
    assert.equal(run("let again = 1;", "let again = 'two';", "const again2: string = again; again2"), "two");
    assert.equal(run("class again { x = 3 }", "new again().x"), 3);
    assert.equal(run("type again = boolean;", "const b: again = true; typeof again"), "function");
    assert.equal(run("const [p, { q, ...rest }] = [1, { q: 2, r: 3, s: 4 }];", "p + q + rest.r + rest.s"), 10);
    assert.equal(run("let q = 'new';", "[p, q, rest.r].join()"), "1,new,3");
  });

  test("change variables of earlier cells in every way", () => {
    run("let a = 1, b = 2, o: { a?: number } = {};");
    assert.deepEqual(run("[a, b] = [b, a]; ({ a, ...o } = { a: 7, b } as any); a++; b += 2; o = { a }; [a, b, o]"), [
      8,
      3,
      { a: 8 },
    ]);
    assert.deepEqual(run("const shadow = ((a: string) => { const b = a + a; return { a, b }; })('s'); shadow"), {
      a: "s",
      b: "ss",
    });
    assert.deepEqual(run("for (a of [1, 2]) ; const { b: c = a } = {} as { b?: number }; [a, c]"), [2, 2]);
  });

  test("call functions of earlier cells without a this of their own", () => {
    assert.equal(run('function self(this: unknown) { "use strict"; return this; }', "self()"), undefined);
  });

  test("show the value of the last statement that does anything, and no name that the kernel gave it", () => {
    assert.equal(run("5; type Later = string; interface Also {} ;"), 5);
    assert.equal((run("() => 1") as () => number).name, "");
    assert.equal((run("(class {})") as { name: string }).name, "");
    assert.equal((run("(function mine() {})") as { name: string }).name, "mine");
    assert.equal(run("const statement = 1;"), undefined);
  });

  test("add to a namespace of an earlier cell", () => {
    run("namespace Parts { export const one = 1; export const deep = { a: 1 }; }", "const between = 1;");
    run("namespace Parts { export const two = one + 1; export function sum() { return one + two; } }");
    assert.equal(run("Parts.one + Parts.two + Parts.sum() + Parts.deep.a"), 7);
    assert.equal(run("namespace Parts { export const three = two + 1; }", "Parts.one + Parts.three"), 4);
  });

  test("may use standard decorators", () => {
    const code = `function doubled<This, Args extends unknown[]>(method: (this: This, ...values: Args) => number, context: ClassMethodDecoratorContext) {
        return function (this: This, ...values: Args) { return 2 * method.apply(this, values); };
      }
      class Decorated { @doubled get7() { return 7; } }`;
    assert.equal(run(code, "new Decorated().get7()"), 14);
  });

  test("report syntax alone, chains of explanations, and the places of long cells", () => {
    assert.deepEqual(problemsIn(compiler, "unknownName("), ["')' expected."]);
    const compiled = compiler.compile("\n\nconst wrong: { a: { b: number } } = { a: { b: 'x' } };");
    assert.ok("problems" in compiled);
    assert.deepEqual([compiled.problems[0].line, compiled.problems[0].column], [3, 44]);
  });

  test("that failed leave what they made, and what they did not make as it was", () => {
    run("let kept = 1; let replaced = 'text';");
    const compiled = compiler.compile("let made = 2; let replaced = 3; class Lost {} let fresh = 1;");
    assert.ok(!("problems" in compiled));
    assert.deepEqual([...compiled.declares].sort(), ["Lost", "fresh", "made", "replaced"]);
    compiler.adopt(compiled, (name) => name === "made");
    assert.deepEqual(problemsIn(compiler, "const k: number = kept, m: number = made, r: string = replaced;"), []);
    assert.equal(problemsIn(compiler, "fresh").length, 1);
    assert.equal(problemsIn(compiler, "Lost").length, 1);
  });
});

describe("a program after another", { timeout: 120_000 }, () => {
  let folder: string;
  before(async () => void (folder = await mkdtemp(join(tmpdir(), "camlab-again-"))));
  after(() => rm(folder, { recursive: true, force: true }));

  test("takes over all but the cell: of the language's files nothing is looked for again", () => {
    const programs = new CellPrograms(loadTypeScript(), folder);
    const [first, second] = ["const a = 1;", "a + 1"].map((code) =>
      programs.ask("declare const a: number;\n", code, (cell) => cell),
    );
    assert.notEqual(first.cell, second.cell);
    const others = (program: CellProgram) => program.program.getSourceFiles().filter((file) => file !== program.cell);
    assert.deepEqual(
      others(second).map(({ fileName }) => fileName),
      others(first).map(({ fileName }) => fileName),
    );
    assert.ok(others(second).every((file, i) => file === others(first)[i]));
    // 2: completely.
    assert.equal((second.program as unknown as { structureIsReused: number }).structureIsReused, 2);
  });

  test("looks for none of the files of camlab's types again, in a checkout of camlab too", (t) => {
    const typescript = loadTypeScript();
    const programs = new CellPrograms(typescript, packageRoot());
    const earlier = 'import { look } from "camlab";\n';
    programs.ask(earlier, "1;", ({ program }) => {
      const own = program
        .getSourceFiles()
        .filter(({ fileName }) => fileName.startsWith(join(packageRoot(), "dist", "")));
      assert.ok(own.length > 1);
    });
    const asked = t.mock.method(typescript.sys, "fileExists");
    programs.ask(earlier, "2;", (cell) => cell);
    assert.deepEqual(
      asked.mock.calls
        .map(({ arguments: [path] }) => path)
        .filter((path) => path.startsWith(join(packageRoot(), "dist", "")) && !path.endsWith("package.json")),
      [],
    );
  });

  test("finds what the same cell, or an earlier one, missed when it was last compiled", async () => {
    const compiler = new Compiler(folder);
    const cell = 'import { later } from "./later"; const n: number = later;';
    assert.match(problemsIn(compiler, cell).join(), /Cannot find module/);
    assert.match(problemsIn(compiler, cell).join(), /Cannot find module/);
    await writeFile(join(folder, "later.ts"), "export const later = 1;");
    assert.deepEqual(problemsIn(compiler, cell), []);
    await writeFile(join(folder, "later.ts"), 'export const later = "one";');
    assert.match(problemsIn(compiler, cell).join(), /not assignable/);
  });
});

describe("completions", { timeout: 120_000 }, () => {
  let folder: string;
  let compiler: Compiler;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "camlab-complete-"));
    await mkdir(join(folder, "lib"));
    for (const name of [
      "helper.ts",
      "helpless.js",
      "data.json",
      "deep.mjs",
      "photo.png",
      "types.d.ts",
      "lib/inner.ts",
    ]) {
      await writeFile(join(folder, name), "");
    }
    compiler = new Compiler(folder);
  });
  after(() => rm(folder, { recursive: true, force: true }));
  const at = (code: string) => {
    const cursor = code.indexOf("|");
    const { matches, cursor_start, cursor_end } = compiler.complete(code.replace("|", ""), cursor);
    return { matches, replaced: code.replace("|", "").slice(cursor_start as number, cursor_end as number) };
  };

  test("of paths in imports: modules as they are imported, folders, nothing else", () => {
    assert.deepEqual(at('import { x } from "./|"').matches, [
      "data.json",
      "deep.mjs",
      "helper",
      "helpless",
      "lib/",
      "types",
    ]);
    assert.deepEqual(at('import "./hel|"'), { matches: ["helper", "helpless"], replaced: "hel" });
    assert.deepEqual(at("const m = await import('./lib/|')"), { matches: ["inner"], replaced: "" });
    assert.deepEqual(at("require(`./de|ep`)"), { matches: ["deep.mjs"], replaced: "deep" });
    assert.deepEqual(at('import "./nowhere/|"').matches, []);
  });

  test("of paths in other strings: files with their endings", () => {
    assert.deepEqual(at('look("./ph|")'), { matches: ["photo.png"], replaced: "ph" });
  });

  test("of names, of members, of earlier cells", () => {
    const compiled = compiler.compile("const pictures = [1]; const pixels = 2;");
    assert.ok(!("problems" in compiled));
    compiler.adopt(compiled);
    assert.deepEqual(at("pi|"), { matches: ["pictures", "pixels"], replaced: "pi" });
    assert.deepEqual(at("Math.flo|(1)"), { matches: ["floor"], replaced: "flo" });
    assert.ok((at("pictures.|").matches as string[]).includes("map"));
  });
});
