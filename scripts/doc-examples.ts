// The examples in doc comments of everything public, and in the pages of the documents: found, given the imports and the
// variables that they leave out, and type-checked.
import { readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { globSync } from "tinyglobby";
import ts from "typescript";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const DOOR = join(root, "src/index.ts");
const CONTEXT = join(root, "test/docs/example-context.ts");

/** An example and where it stands. */
export interface DocExample {
  /** `src/…/cam.ts: cam`, `README.md, example 2`. */
  readonly where: string;
  readonly code: string;
}

/** A complaint of the compiler about an example. */
export interface ExampleProblem {
  readonly where: string;
  readonly message: string;
  /** The example with what was added to it. */
  readonly code: string;
}

/** Every `@example` of what the door exports, members of classes included. */
export function examplesOfDoor(program = programOf([DOOR])): DocExample[] {
  const checker = program.getTypeChecker();
  const seen = new Set<ts.Symbol>();
  const examples: DocExample[] = [];
  const visit = (module: ts.Symbol, prefix: string) => {
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const name = `${prefix}${exported.name}`;
      if (symbol.flags & ts.SymbolFlags.ValueModule) visit(symbol, `${name}.`);
      else if (!seen.has(symbol)) {
        seen.add(symbol);
        examples.push(...examplesOf(symbol, name));
        symbol.members?.forEach((member) => examples.push(...examplesOf(member, `${name}.${member.name}`)));
      }
    }
  };
  visit(checker.getSymbolAtLocation(program.getSourceFile(DOOR)!)!, "");
  return examples;
}

/** A name that the door exports. */
export interface DoorName {
  /** With its namespace: `graph.readGraph`. */
  readonly name: string;
  readonly isType: boolean;
  /** Whether it is a namespace. */
  readonly isModule: boolean;
  /** Whether a doc comment says what it is. */
  readonly documented: boolean;
}

/** The names that the door exports: `look`, `graph.readGraph`, … */
export function namesOfDoor(program = programOf([DOOR])): DoorName[] {
  const checker = program.getTypeChecker();
  const names: DoorName[] = [];
  const visit = (module: ts.Symbol, prefix: string) => {
    for (const exported of checker.getExportsOfModule(module)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
      const isModule = Boolean(symbol.flags & ts.SymbolFlags.ValueModule);
      const documented = isModule || symbol.getDocumentationComment(checker).length > 0;
      names.push({
        name: `${prefix}${exported.name}`,
        isType: !(symbol.flags & ts.SymbolFlags.Value),
        isModule,
        documented,
      });
      if (isModule) visit(symbol, `${prefix}${exported.name}.`);
    }
  };
  visit(checker.getSymbolAtLocation(program.getSourceFile(DOOR)!)!, "");
  return names;
}

/** Every block marked `ts` in the README and in the pages below `docs/` that people wrote. */
export function examplesOfPages(): DocExample[] {
  const pages = ["README.md", ...globSync("docs/*.md", { cwd: root })].sort();
  return pages.flatMap((page) => {
    const text = readFileSync(join(root, page), "utf8");
    const blocks = [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)];
    return blocks.map(([, code], i) => ({ where: `${page}, example ${i + 1}`, code }));
  });
}

/**
 * Type-checks examples as the bodies of asynchronous functions. What an example does not declare is looked for among the
 * door's names, a few of Node's, and the variables of `test/docs/example-context.ts`.
 */
export function checkExamples(examples: readonly DocExample[]): ExampleProblem[] {
  const file = (i: number) => join(root, "test/docs", `example-${i}.ts`);
  const bare = new Map(examples.map(({ code }, i) => [file(i), wrapped(code, "")]));
  const first = programOf([...bare.keys(), CONTEXT, DOOR], bare);
  const known = knownNames(first);
  const typeNames = new Set(namesOfDoor(first).flatMap(({ name, isType }) => (isType ? [name] : [])));
  const whole = new Map(
    examples.map(({ code }, i) => {
      const missing = new Set(
        diagnosticsOf(first, file(i)).flatMap(({ code: number, messageText }) =>
          MISSING.has(number) ? (/name '([^']+)'|namespace '([^']+)'/.exec(textOf(messageText))?.slice(1) ?? []) : [],
        ),
      );
      const shorthand = diagnosticsOf(first, file(i)).flatMap(({ code: number, messageText }) =>
        number === 18004 ? [/property '([^']+)'/.exec(textOf(messageText))![1]] : [],
      );
      const names = [...missing, ...shorthand].filter((name): name is string => name !== undefined && known.has(name));
      const imports = names.map(
        (name) => `import { ${typeNames.has(name) ? "type " : ""}${name} } from ${JSON.stringify(known.get(name))};\n`,
      );
      return [file(i), wrapped(code, [...new Set(imports)].join(""))];
    }),
  );
  const second = programOf([...whole.keys(), CONTEXT, DOOR], whole);
  return examples.flatMap(({ where }, i) =>
    diagnosticsOf(second, file(i)).map(({ messageText }) => ({
      where,
      message: textOf(messageText),
      code: whole.get(file(i))!,
    })),
  );
}

/** Cannot find name; did you mean; cannot find namespace. */
const MISSING = new Set([2304, 2552, 2503, 2693, 2749, 2663, 2448, 2451]);

const NODE: Readonly<Record<string, readonly string[]>> = {
  "node:fs/promises": ["readFile", "writeFile", "mkdir", "readdir"],
  "node:path": ["join", "basename", "dirname"],
};

function knownNames(program: ts.Program): Map<string, string> {
  const checker = program.getTypeChecker();
  const exportsOf = (path: string) =>
    checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(path)!)!).map(({ name }) => name);
  return new Map([
    ...exportsOf(DOOR).map((name): [string, string] => [name, "../../src/index.js"]),
    ...Object.entries(NODE).flatMap(([module, names]) => names.map((name): [string, string] => [name, module])),
    ...exportsOf(CONTEXT).map((name): [string, string] => [name, "./example-context.js"]),
  ]);
}

function wrapped(code: string, imports: string): string {
  const own: string[] = [];
  const body = code.replace(/^import [^;]*;\s*$/gm, (line) => {
    own.push(line.replace(/from "camlab"/, 'from "../../src/index.js"'));
    return "";
  });
  return `${imports}${own.join("\n")}\nexport async function example() {\n${body}\n}\n`;
}

function examplesOf(symbol: ts.Symbol, name: string): DocExample[] {
  const file = symbol.declarations?.[0]?.getSourceFile().fileName ?? "";
  return symbol
    .getJsDocTags()
    .filter((tag) => tag.name === "example")
    .map((tag) => ({ where: `${relative(root, file)}: ${name}`, code: ts.displayPartsToString(tag.text) }));
}

function programOf(files: readonly string[], virtual: ReadonlyMap<string, string> = new Map()): ts.Program {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const real = { ...host };
  host.getSourceFile = (path, ...rest) => {
    const text = virtual.get(resolve(path));
    return text === undefined
      ? real.getSourceFile(path, ...rest)
      : ts.createSourceFile(path, text, {
          languageVersion: ts.ScriptTarget.ES2022,
          impliedNodeFormat: ts.ModuleKind.ESNext,
        });
  };
  host.fileExists = (path) => virtual.has(resolve(path)) || real.fileExists(path);
  host.readFile = (path) => virtual.get(resolve(path)) ?? real.readFile(path);
  return ts.createProgram(
    [...files],
    { ...options, noEmit: true, noUnusedLocals: false, noImplicitReturns: false },
    host,
  );
}

function diagnosticsOf(program: ts.Program, path: string): readonly ts.Diagnostic[] {
  const file = program.getSourceFile(path);
  // A statement that is only a value shows it, as the last line of a cell does.
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].filter(
    ({ code }) => code !== 2695 && code !== 6133,
  );
}

function textOf(message: string | ts.DiagnosticMessageChain): string {
  return ts.flattenDiagnosticMessageText(message, " ");
}
