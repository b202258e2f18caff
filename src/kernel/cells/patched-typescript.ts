// tslab's compiler fixes its TypeScript options in code. Its TypeScript is therefore handed to it with four functions
// replaced: modules are also found through `exports` maps, `./helper.ts` may be imported, source maps are kept (so that
// errors point at the cell's line), code is instrumented, and the files of packages are not polled for changes.
import { existsSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { dirname, join } from "node:path";
import type ts from "typescript";
import { packageRoot } from "../../kernel-helpers/support/package-root.js";
import { PROMPT_DECLARATIONS } from "./cell-input.js";
import { instrument, redefinable } from "./instrument.js";

/** The source maps of one compiled file: from its JavaScript to the stage before, and from there to its source. */
export interface StageMaps {
  readonly toStage: string;
  readonly toSource: string | undefined;
}

/** tslab's modules, loaded on top of the patched TypeScript. */
export interface Tslab {
  readonly typescript: typeof ts;
  readonly converter: TslabConverterModule;
  readonly printQuickInfo: (info: unknown) => string;
  readonly metadataOf: (code: string) => { module?: string; mode?: string; jsx?: boolean };
  /** The maps of JavaScript that was compiled since the last call for it; they are handed out once. */
  takeMaps(javascript: string): StageMaps | undefined;
  /** tslab's own `import { display } from "tslab"`, writing to this kernel. */
  publicApi(write: (data: unknown, update: boolean) => void): unknown;
}

/** What this kernel uses of tslab/dist/converter. */
export interface TslabConverterModule {
  createConverter(options?: object): TslabConverter;
  isCompleteCode(code: string): { completed: boolean; indent?: string };
}

export interface TslabConverter {
  convert(declarations: string, code: string): TslabResult;
  inspect(declarations: string, code: string, position: number): ts.QuickInfo | undefined;
  complete(declarations: string, code: string, position: number): TslabCompletion;
  addModule(name: string, content: string, meta: object): TslabDiagnostic[];
  close(): void;
}

export interface TslabResult {
  output?: string;
  declOutput?: string;
  diagnostics: TslabDiagnostic[];
  lastExpressionVar?: string;
  sideOutputs?: { path: string; data: string }[];
}

export interface TslabDiagnostic {
  start: { offset: number; line: number; character: number };
  end: { offset: number; line: number; character: number };
  messageText: string;
  category: number;
  code: number;
  fileName?: string;
}

export interface TslabCompletion {
  start: number;
  end: number;
  candidates: string[];
  original?: ts.CompletionInfo;
}

/** A module that exists only for the compiler: it declares the functions that the kernel gives to all cells. */
export const GLOBALS_MODULE = "camlab:globals";
const GLOBALS_FILE = join(packageRoot(), "node_modules", ".camlab", "globals.d.ts");
const GLOBALS = `export {};\ndeclare global {\n${PROMPT_DECLARATIONS}\n}\n`;

const SOURCE_MAP = /\n?\/\/# sourceMappingURL=(\S+)\s*$/;

/** Loads tslab with its TypeScript patched. About 0.4 s, once a process. */
export function loadTslab(): Tslab {
  const require = createRequire(import.meta.url);
  const converterPath = require.resolve("tslab/dist/converter.js");
  const typescriptPath = createRequire(converterPath).resolve("@tslab/typescript-for-tslab");
  const original = require(typescriptPath) as typeof ts;
  const maps = new Map<string, StageMaps>();

  const replaced: Record<string, unknown> = {
    createWatchCompilerHost: patchedHost(original, converterPath),
    transpileModule: patchedTranspile(original, maps),
    sys: patchedSys(original),
  };
  const properties = Object.getOwnPropertyDescriptors(original) as Record<string, PropertyDescriptor>;
  for (const [name, value] of Object.entries(replaced)) properties[name] = { value, enumerable: true, writable: true };
  require.cache[typescriptPath]!.exports = Object.defineProperties({}, properties);

  return {
    typescript: original,
    converter: require(converterPath) as TslabConverterModule,
    printQuickInfo: (require("tslab/dist/inspect.js") as { printQuickInfo: (info: unknown) => string }).printQuickInfo,
    metadataOf: (require("tslab/dist/metadata.js") as { getCodeMetadata: Tslab["metadataOf"] }).getCodeMetadata,
    takeMaps(javascript) {
      const found = maps.get(javascript);
      maps.delete(javascript);
      return found;
    },
    publicApi(write) {
      const jupyter = require("tslab/dist/jupyter.js") as { lastWriteDisplayData: typeof write };
      jupyter.lastWriteDisplayData = write;
      return require("tslab") as unknown;
    },
  };
}

function patchedHost(original: typeof ts, converterPath: string) {
  type Make = (
    files: string[],
    options: ts.CompilerOptions,
    system: ts.System,
    ...rest: unknown[]
  ) => ts.WatchCompilerHost<ts.BuilderProgram>;
  return (files: string[], given: ts.CompilerOptions, system: ts.System, ...rest: unknown[]) => {
    const options: ts.CompilerOptions = {
      ...given,
      moduleResolution: original.ModuleResolutionKind.Bundler,
      allowImportingTsExtensions: true,
      inlineSourceMap: true,
      typeRoots: withNodeTypes(given.typeRoots ?? [], converterPath),
      // Other packages' types come with their imports; their global declarations are left out, which is quicker.
      types: ["node"],
    };
    const cache = original.createModuleResolutionCache(system.getCurrentDirectory(), (name) => name, options);
    const host = (original.createWatchCompilerHost as unknown as Make)(files, options, system, ...rest);
    host.resolveModuleNameLiterals = (literals, containingFile) =>
      literals.map(({ text }) => ({ resolvedModule: resolve(original, text, containingFile, options, system, cache) }));
    // Only what changed, the cell, is resolved anew.
    host.hasInvalidatedResolutions = () => false;
    const createProgram = host.createProgram;
    host.createProgram = (...values) => {
      const builder = createProgram(...values);
      const emit = builder.emit.bind(builder);
      builder.emit = (file, write, token, declarationsOnly, transformers) => {
        const before = [expandShorthands(original, builder.getProgram().getTypeChecker())];
        return emit(file, write, token, declarationsOnly, { ...transformers, before });
      };
      return builder;
    };
    return host;
  };
}

/** `{ x }` with an x of an earlier cell, which tslab leaves as it is, becomes `{ x: exports.x }`. */
function expandShorthands(original: typeof ts, checker: ts.TypeChecker): ts.TransformerFactory<ts.SourceFile> {
  const { factory } = original;
  return (context) => {
    const visit = (node: ts.Node): ts.Node => {
      if (!original.isShorthandPropertyAssignment(node)) return original.visitEachChild(node, visit, context);
      const symbol = checker.getShorthandAssignmentValueSymbol(node);
      const earlier = symbol?.declarations?.some((declared) =>
        declared.getSourceFile().fileName.endsWith(EARLIER_CELLS),
      );
      if (!earlier) return original.visitEachChild(node, visit, context);
      const variable = factory.createPropertyAccessExpression(factory.createIdentifier("exports"), node.name.text);
      const fallback = node.objectAssignmentInitializer;
      const value = fallback ? factory.createAssignment(variable, fallback) : variable;
      return factory.createPropertyAssignment(node.name.text, value);
    };
    return (file) => original.visitEachChild(file, visit, context);
  };
}

/** The file in which tslab declares the variables of the cells so far. */
const EARLIER_CELLS = "/__prev__.d.ts";

/** As bundlers resolve, else as old packages without an `exports` map for types want, else camlab itself from here. */
function resolve(
  original: typeof ts,
  name: string,
  from: string,
  options: ts.CompilerOptions,
  system: ts.System,
  cache: ts.ModuleResolutionCache,
): ts.ResolvedModuleFull | undefined {
  if (name === GLOBALS_MODULE) {
    return { resolvedFileName: GLOBALS_FILE, extension: original.Extension.Dts, isExternalLibraryImport: true };
  }
  if (isBuiltin(name)) return undefined;
  // What a package imports does not change; a package that a cell misses may be installed meanwhile.
  const reused = from.includes("/node_modules/") ? cache : undefined;
  const typed = (module: ts.ResolvedModuleFull | undefined) => module && !/^\.[cm]?jsx?$/.test(module.extension);
  const find = (containing: string, resolution: ts.ModuleResolutionKind) =>
    original.resolveModuleName(name, containing, { ...options, moduleResolution: resolution }, system).resolvedModule;
  const { Bundler, Node10 } = original.ModuleResolutionKind;
  const modern = original.resolveModuleName(name, from, options, system, reused).resolvedModule;
  if (typed(modern)) return modern;
  const classic = find(from, Node10);
  if (typed(classic)) return classic;
  if (!modern && name === "camlab") return find(join(packageRoot(), "package.json"), Bundler);
  return modern ?? classic;
}

function withNodeTypes(roots: readonly string[], converterPath: string): string[] {
  if (roots.some((root) => existsSync(join(root, "node", "package.json")))) return [...roots];
  try {
    const found = createRequire(converterPath).resolve("@types/node/package.json");
    return [...roots, dirname(dirname(found))];
  } catch {
    return [...roots];
  }
}

function patchedTranspile(original: typeof ts, maps: Map<string, StageMaps>) {
  return (input: string, options: ts.TranspileOptions): ts.TranspileOutput => {
    const inline = SOURCE_MAP.exec(input);
    const result = original.transpileModule(input.replace(SOURCE_MAP, ""), {
      ...options,
      compilerOptions: { ...options.compilerOptions, sourceMap: true },
      transformers: { before: [instrument(original)], after: [redefinable(original)] },
    });
    const outputText = result.outputText.replace(SOURCE_MAP, "");
    const toSource = inline && Buffer.from(inline[1].split(",")[1], "base64").toString("utf8");
    maps.set(outputText, { toStage: result.sourceMapText ?? "", toSource: toSource ?? undefined });
    return { ...result, outputText };
  };
}

function patchedSys(original: typeof ts): ts.System {
  const { sys } = original;
  sys.useCaseSensitiveFileNames = true;
  return Object.assign(Object.create(sys) as ts.System, {
    readFile: (path: string, encoding?: string) => (path === GLOBALS_FILE ? GLOBALS : sys.readFile(path, encoding)),
    watchFile: (path: string, ...rest: [ts.FileWatcherCallback, number?]) =>
      path.includes("/node_modules/") ? { close() {} } : sys.watchFile!(path, ...rest),
    watchDirectory: () => ({ close() {} }),
  });
}
