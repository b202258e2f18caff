// A TypeScript program of one cell: the cell's file, a file that declares what earlier cells made, and what both import.
// From cell to cell everything is kept but these two files and local modules that changed.
import { existsSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import type ts from "typescript";
import { packageRoot } from "../../kernel-helpers/support/package-root.js";
import { PROMPT_DECLARATIONS } from "../cells/cell-input.js";
import { FileVersions } from "./file-versions.js";
import { NodeTypes } from "./node-types.js";
import { ownTypeRoot, tslabDeclarations } from "./typescript.js";
import type { BoundFile, PartialFile, SeekingProgram, TypeScript } from "./typescript.js";

/** A cell, parsed and resolved; its types are worked out when they are asked for. */
export interface CellProgram {
  readonly program: ts.Program;
  readonly cell: BoundFile;
  /** Declares what earlier cells made. */
  readonly earlier: BoundFile;
}

/** Puts a line before the code, so that it is a module whatever it holds. */
export const PREFIX = "export {};\n";

/** A module that exists only for the compiler: it declares the functions that the kernel gives to all cells. */
const GLOBALS_MODULE = "camlab:globals";
const GLOBALS_FILE = join(packageRoot(), "node_modules", ".camlab", "globals.d.ts");
/** Where camlab's types, compiler and libraries lie; in a checkout of camlab that is below no `node_modules`. */
const OWN_FILES = `${join(packageRoot(), "dist").replace(/\\/g, "/")}/`;
const GLOBALS = `export {};\ndeclare global {\n${PROMPT_DECLARATIONS}\n}\n`;

interface KnownFile {
  readonly file: ts.SourceFile;
  readonly version: string;
}

/** Makes the program of one cell after the other. */
export class CellPrograms {
  readonly options: ts.CompilerOptions;
  readonly cellFile: string;
  readonly earlierFile: string;
  readonly #typescript: TypeScript;
  readonly #folder: string;
  readonly #files = new Map<string, KnownFile>();
  readonly #virtual = new Map<string, { readonly text: string; readonly version: string }>();
  readonly #resolved: ts.ModuleResolutionCache;
  readonly #host: ts.CompilerHost;
  readonly #texts = { cell: "", earlier: "" };
  readonly #versions = new FileVersions();
  readonly #nodeTypes = new NodeTypes();
  /** What is asked a hundred times while one program is made. */
  readonly #folders = new Map<string, boolean>();
  #last: ts.Program | undefined;
  /** Which of the two own files of the last program import what was not found. */
  #missed: ReadonlySet<string> = new Set();

  /** @param folder where the notebook lies: its imports start there */
  constructor(typescript: TypeScript, folder: string) {
    this.#typescript = typescript;
    this.#folder = folder.replace(/\\/g, "/");
    this.cellFile = `${this.#folder}/__cell__.ts`;
    this.earlierFile = `${this.#folder}/__earlier__.d.ts`;
    this.options = optionsOf(typescript, this.#folder);
    this.#resolved = typescript.createModuleResolutionCache(this.#folder, (name) => name, this.options);
    this.#host = this.#makeHost();
  }

  /** What is found of a cell's code after the declarations of the cells before it. */
  ask<T>(declarations: string, code: string, question: (cell: CellProgram) => T): T {
    for (;;) {
      const cell = this.#of(declarations, code);
      let answer: { readonly value: T } | { readonly error: unknown };
      try {
        answer = { value: question(cell) };
      } catch (error) {
        answer = { error };
      }
      if (this.#nodeTypes.want((cell.program as SeekingProgram).sought ?? [])) continue;
      if ("error" in answer) throw answer.error;
      return answer.value;
    }
  }

  /** Lets all of Node's types be in programs, whether or not a cell uses them: names of modules are to be listed. */
  takeAllNodeTypes(): void {
    this.#nodeTypes.wantAll();
  }

  #of(declarations: string, code: string): CellProgram {
    this.#texts.cell = PREFIX + code;
    this.#texts.earlier = `${PREFIX}import "${GLOBALS_MODULE}";\n${declarations}`;
    for (;;) {
      const program = this.#make();
      const cell = program.getSourceFile(this.cellFile) as BoundFile;
      const earlier = program.getSourceFile(this.earlierFile) as BoundFile;
      const imported = [cell, earlier].flatMap(({ imports = [] }) => imports.map(({ text }) => text));
      this.#missed = new Set([cell, earlier].filter((file) => this.#missesModules(file)).map((file) => file.fileName));
      if (this.#nodeTypes.want(imported)) continue;
      program.sought = new Set();
      // Names that the cell does not declare are looked up in the file around it.
      cell.parent = earlier;
      return { program, cell, earlier };
    }
  }

  #make(): SeekingProgram {
    const names = [this.earlierFile, this.cellFile, ...this.#virtual.keys()];
    this.#folders.clear();
    const before = this.#last;
    // What it throws leaves nothing behind to go on from.
    this.#last = undefined;
    const program = this.#typescript.createProgram(names, this.options, this.#host, before);
    this.#last = program;
    this.#nodeTypes.settle();
    return program;
  }

  /** A cell that is a module by its own: `/** @module helper *\/`. */
  addModule(name: string, jsx: boolean, code: string): string {
    const path = `${this.#folder}/${name}.ts${jsx ? "x" : ""}`;
    const before = Number(this.#virtual.get(path)?.version ?? 0);
    this.#virtual.set(path, { text: PREFIX + code, version: String(before + 1) });
    return path;
  }

  /** The text of a module that is a cell. */
  virtualSource(path: string): { readonly text: string; readonly version: string } | undefined {
    return this.#virtual.get(path.replace(/\\/g, "/"));
  }

  /** The local modules that a cell imports, directly or through others. */
  localModulesOf({ program, cell }: CellProgram): BoundFile[] {
    const found = new Set<BoundFile>();
    const follow = (file: BoundFile) => {
      for (const { text } of file.imports ?? []) {
        const resolved = this.#typescript.getResolvedModule(file, text, undefined);
        if (!resolved || resolved.isExternalLibraryImport || isPackageFile(resolved.resolvedFileName)) continue;
        const target = program.getSourceFile(resolved.resolvedFileName) as BoundFile | undefined;
        if (!target || target.isDeclarationFile || found.has(target)) continue;
        found.add(target);
        follow(target);
      }
    };
    follow(cell);
    return [...found];
  }

  #missesModules(file: BoundFile): boolean {
    const isFound = (name: string) => isBuiltin(name) || this.#typescript.getResolvedModule(file, name, undefined);
    return (file.imports ?? []).some(({ text }) => !isFound(text));
  }

  #makeHost(): ts.CompilerHost {
    const { sys } = this.#typescript;
    const textOf = (path: string): string | undefined => {
      if (path === this.cellFile) return this.#texts.cell;
      if (path === this.earlierFile) return this.#texts.earlier;
      if (path === GLOBALS_FILE) return GLOBALS;
      return this.#virtual.get(path)?.text ?? sys.readFile(path);
    };
    const versionOf = (path: string): string => {
      if (path === this.cellFile) return this.#texts.cell;
      if (path === this.earlierFile) return this.#texts.earlier;
      // The files of packages are taken to stay as they are.
      if (path === GLOBALS_FILE || isPackageFile(path)) return this.#nodeTypes.isWaiting(path) ? "waiting" : "";
      return this.#virtual.get(path)?.version ?? this.#versions.of(path);
    };
    const host: ts.CompilerHost & { hasInvalidatedResolutions(path: string): boolean } = {
      getSourceFile: (path, languageVersion) => {
        const version = versionOf(path);
        const known = this.#files.get(path);
        if (known?.version === version) return known.file;
        const text = textOf(path);
        if (text === undefined) return undefined;
        const now = this.#nodeTypes.textOf(path, text);
        const file: PartialFile = this.#typescript.createSourceFile(path, now, languageVersion);
        file.isPartial = this.#nodeTypes.isWaiting(path);
        this.#files.set(path, { file, version: versionOf(path) });
        return file;
      },
      getDefaultLibFileName: (options) => this.#typescript.getDefaultLibFilePath(options),
      getDefaultLibLocation: () => this.#typescript.getDefaultLibFilePath(this.options).replace(/[\\/][^\\/]*$/, ""),
      getCurrentDirectory: () => this.#folder,
      getCanonicalFileName: (name) => name,
      useCaseSensitiveFileNames: () => true,
      getNewLine: () => "\n",
      writeFile: () => undefined,
      fileExists: (path) => this.#virtual.has(path) || sys.fileExists(path),
      readFile: (path) => textOf(path),
      directoryExists: (path) => {
        const known = this.#folders.get(path) ?? sys.directoryExists(path);
        this.#folders.set(path, known);
        return known;
      },
      getDirectories: (path) => sys.getDirectories(path),
      realpath: (path) => sys.realpath?.(path) ?? path,
      resolveModuleNameLiterals: (literals, from) =>
        literals.map(({ text }) => ({ resolvedModule: this.#resolve(text, from, host) })),
      // A module that was missing may be there now; what packages import is taken to stay as it is.
      hasInvalidatedResolutions: (path) => {
        if (isPackageFile(path)) return this.#nodeTypes.isWoken(path);
        return (path !== this.cellFile && path !== this.earlierFile) || this.#missed.has(path);
      },
    };
    return host;
  }

  /** As bundlers resolve, else as old packages without an `exports` map for types want, else camlab itself from here. */
  #resolve(name: string, from: string, host: ts.ModuleResolutionHost): ts.ResolvedModuleFull | undefined {
    const { Extension, ModuleResolutionKind, resolveModuleName } = this.#typescript;
    if (name === GLOBALS_MODULE) {
      return { resolvedFileName: GLOBALS_FILE, extension: Extension.Dts, isExternalLibraryImport: true };
    }
    if (isBuiltin(name) || this.#nodeTypes.leavesOut(name, from)) return undefined;
    // A package that a cell misses may be installed meanwhile.
    const reused = isPackageFile(from) ? this.#resolved : undefined;
    const typed = (module: ts.ResolvedModuleFull | undefined) => module && !/^\.[cm]?jsx?$/.test(module.extension);
    const find = (containing: string, kind: ts.ModuleResolutionKind) =>
      resolveModuleName(name, containing, { ...this.options, moduleResolution: kind }, host).resolvedModule;
    const modern = resolveModuleName(name, from, this.options, host, reused).resolvedModule;
    if (typed(modern)) return modern;
    const classic = find(from, ModuleResolutionKind.Node10);
    if (typed(classic)) return classic;
    if (!modern && name === "camlab") return find(join(packageRoot(), "package.json"), ModuleResolutionKind.Bundler);
    // tslab's own API is always there.
    if (!modern && name === "tslab") {
      return { resolvedFileName: tslabDeclarations(), extension: Extension.Dts, isExternalLibraryImport: true };
    }
    return modern ?? classic;
  }
}

/** Files that stay as they are: those of packages, and the language's own. */
function isPackageFile(path: string): boolean {
  return path.includes("/node_modules/") || path.startsWith(OWN_FILES);
}

function optionsOf(typescript: TypeScript, folder: string): ts.CompilerOptions {
  const roots = typescript.getDefaultTypeRoots(folder, typescript.sys) ?? [];
  const hasNodeTypes = roots.some((root) => existsSync(join(root, "node", "package.json")));
  const own = hasNodeTypes ? undefined : ownTypeRoot();
  return {
    module: typescript.ModuleKind.ESNext,
    moduleResolution: typescript.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    esModuleInterop: true,
    target: typescript.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts"],
    declaration: true,
    newLine: typescript.NewLineKind.LineFeed,
    noImplicitUseStrict: true,
    resolveJsonModule: true,
    jsx: typescript.JsxEmit.React,
    allowJs: true,
    skipLibCheck: true,
    inlineSourceMap: true,
    outDir: "out",
    typeRoots: own === undefined ? roots : [...roots, own],
    // Other packages' types come with their imports; their global declarations are left out, which is quicker.
    types: ["node"],
  };
}
