// How cells load code: packages as Node does, files beside the notebook through the compiler, anew when they changed.
import { existsSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, extname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { CamlabError, messageOf } from "../../kernel-helpers/support/errors.js";
import { packageRoot } from "../../kernel-helpers/support/package-root.js";
import type { CompiledModule } from "../compiler/compiler.js";
import { FileVersions } from "../compiler/file-versions.js";

/** What one file of code is run with, by parameter name. */
export type Scope = Readonly<Record<string, unknown>>;

/** What the loader is told about the kernel that it works for. */
export interface LoaderOptions {
  /** Compiles a file beside the notebook. */
  compile(path: string, source: string): CompiledModule;
  /** A module that is a cell, not a file. */
  virtualSource(path: string): { readonly text: string; readonly version: string } | undefined;
  /** What the code of a file finds around it. */
  surroundings(file: string): Scope;
  /** Called with each file that is about to run. */
  onCompiled(path: string, compiled: CompiledModule): void;
  /** Modules that the kernel provides itself. */
  readonly specials: Readonly<Record<string, () => unknown>>;
}

interface LocalModule {
  readonly path: string;
  readonly version: string;
  readonly module: { exports: unknown; readonly filename: string; loaded: boolean };
  readonly imports: Set<string>;
  /** Absent where the file is data. */
  readonly compiled: CompiledModule | undefined;
  running: Promise<void> | undefined;
}

/** Errors of `require` that say: this can only be imported. */
const IMPORT_INSTEAD = new Set(["ERR_REQUIRE_ESM", "ERR_REQUIRE_ASYNC_MODULE", "ERR_PACKAGE_PATH_NOT_EXPORTED"]);

/** The endings of files that the kernel loads itself, in the order in which they are tried. */
const ENDINGS = [".ts", ".tsx", ".js", ".jsx", ".mts", ".mjs", ".cts", ".cjs", ".json"];

/** The modules of one kernel. */
export class ModuleLoader {
  readonly #options: LoaderOptions;
  readonly #versions = new FileVersions();
  readonly #local = new Map<string, LocalModule>();
  readonly #imported = new Map<string, unknown>();

  constructor(options: LoaderOptions) {
    this.#options = options;
  }

  /** Forgets the local modules whose files changed, and those that import them, so that they are loaded anew. */
  dropChanged(): void {
    const changed = new Set(
      [...this.#local.values()].filter((each) => this.#versionOf(each.path) !== each.version).map(({ path }) => path),
    );
    for (const path of changed) {
      for (const each of this.#local.values()) if (each.imports.has(path)) changed.add(each.path);
      this.#local.delete(path);
    }
  }

  /** The `require` of a file. */
  requireFrom(file: string): NodeJS.Require {
    const native = createRequire(file);
    const load = (specifier: string): unknown => {
      if (specifier in this.#options.specials) return this.#options.specials[specifier]();
      const local = this.#resolveLocal(file, specifier);
      if (local !== undefined) {
        this.#local.get(file)?.imports.add(local);
        return this.#load(local).module.exports;
      }
      if (this.#imported.has(specifier)) return this.#imported.get(specifier);
      try {
        return native(specifier);
      } catch (error) {
        if (specifier === "camlab" && (error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") {
          return createRequire(join(packageRoot(), "package.json"))("camlab");
        }
        throw error;
      }
    };
    return Object.assign(load, native);
  }

  /** The `import()` of a file. */
  async importFrom(file: string, specifier: string): Promise<unknown> {
    if (specifier in this.#options.specials) return this.#options.specials[specifier]();
    const local = this.#resolveLocal(file, specifier.startsWith("file:") ? fileURLToPath(specifier) : specifier);
    if (local !== undefined) {
      this.#local.get(file)?.imports.add(local);
      await this.#prepareLocal(local, new Set());
      return asNamespace(this.#load(local).module.exports);
    }
    const folder = dirname(file);
    try {
      return await nativeImport(folder)(isPath(specifier) ? pathToFileURL(resolve(folder, specifier)).href : specifier);
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND";
      if (missing && specifier === "camlab") return nativeImport(packageRoot())("camlab");
      throw error;
    }
  }

  /**
   * Loads what code cannot load while it stands still: packages that only have an `import` entry or await something at
   * their top, and local modules that do. To be awaited before the code runs.
   */
  async prepare(file: string, javascript: string, seen = new Set<string>()): Promise<void> {
    for (const [, , specifier] of javascript.matchAll(/\brequire\((["'])((?:(?!\1)[^\\\n])+)\1\)/g)) {
      if (this.#imported.has(specifier) || specifier in this.#options.specials) continue;
      const local = this.#resolveLocal(file, specifier);
      if (local !== undefined) await this.#prepareLocal(local, seen);
      else if (!isPath(specifier)) await this.#preparePackage(file, specifier);
    }
  }

  async #preparePackage(file: string, specifier: string): Promise<void> {
    try {
      createRequire(file)(specifier);
    } catch (error) {
      if (!IMPORT_INSTEAD.has((error as NodeJS.ErrnoException).code ?? "")) return;
      const namespace = (await nativeImport(dirname(file))(specifier)) as object;
      this.#imported.set(specifier, { ...namespace, __esModule: true });
    }
  }

  async #prepareLocal(path: string, seen: Set<string>): Promise<void> {
    if (seen.has(path)) return;
    seen.add(path);
    const known = this.#local.get(path);
    if (known) return known.running;
    const compiled = this.#compiled(path);
    if (!compiled) return;
    await this.prepare(path, compiled.javascript, seen);
    if (!compiled.isAsync) return;
    const local = this.#enter(path, compiled);
    local.running = this.#run(local) as Promise<void>;
    try {
      await local.running;
    } catch (error) {
      this.#local.delete(path);
      throw error;
    }
    local.running = undefined;
    local.module.loaded = true;
  }

  /** The module of a local file, run when it has not been. */
  #load(path: string): LocalModule {
    const known = this.#local.get(path);
    if (known) return known;
    const local = this.#enter(path, this.#compiled(path));
    try {
      if (extname(path) === ".json") local.module.exports = parseJson(path, this.#sourceOf(path));
      else if (local.compiled?.isAsync)
        throw new CamlabError(`${path} awaits something at its top: use await import(…)`);
      else this.#run(local);
    } catch (error) {
      this.#local.delete(path);
      throw error;
    }
    local.module.loaded = true;
    return local;
  }

  #enter(path: string, compiled: CompiledModule | undefined): LocalModule {
    const version = this.#versionOf(path);
    const module = { exports: {}, filename: path, loaded: false };
    const local: LocalModule = { path, version, module, imports: new Set(), compiled, running: undefined };
    this.#local.set(path, local);
    return local;
  }

  #run({ path, module, compiled }: LocalModule): unknown {
    if (!compiled) return undefined;
    this.#options.onCompiled(path, compiled);
    const scope = { exports: module.exports, module, ...this.#options.surroundings(path) };
    return runWith(scope, compiled.javascript, path, compiled.isAsync);
  }

  #compiled(path: string): CompiledModule | undefined {
    const ending = extname(path);
    if (ending === ".json") return undefined;
    const source = this.#sourceOf(path).replace(/^#!.*/, "");
    if (ending === ".cjs") return { javascript: source, isAsync: false, locate: (line, column) => ({ line, column }) };
    return this.#options.compile(path, source);
  }

  #sourceOf(path: string): string {
    return this.#options.virtualSource(path)?.text ?? readFileSync(path, "utf8").replace(/^\ufeff/, "");
  }

  #versionOf(path: string): string {
    return this.#options.virtualSource(path)?.version ?? this.#versions.of(path);
  }

  /** The file that a relative path means, when the kernel loads it itself. */
  #resolveLocal(from: string, specifier: string): string | undefined {
    if (!isPath(specifier)) return undefined;
    const path = resolve(dirname(from), specifier);
    if (/[\\/]node_modules[\\/]/.test(path)) return undefined;
    const ending = extname(path);
    // TypeScript's way of importing helper.ts is `./helper.js`.
    const twin = /^\.[cm]?jsx?$/.test(ending) ? [path.replace(/js(x?)$/, "ts$1"), path.replace(/jsx?$/, "tsx")] : [];
    const candidates = [
      ...twin,
      ...(ENDINGS.includes(ending) ? [path] : []),
      ...ENDINGS.map((each) => `${path}${each}`),
      ...ENDINGS.map((each) => join(path, `index${each}`)),
    ];
    return candidates.find((each) => this.#options.virtualSource(each) !== undefined || isFile(each));
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CamlabError(`${path} is not JSON: ${messageOf(error)}`);
  }
}

function isPath(specifier: string): boolean {
  return /^\.{0,2}[\\/]|^\.{1,2}$/.test(specifier);
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

/** What `import()` of a module gives: what it exports, and under `default` the whole where it names no default. */
function asNamespace(exports: unknown): unknown {
  if (exports === null || typeof exports !== "object") return { default: exports };
  return "__esModule" in exports ? exports : { ...exports, default: exports };
}

/** Runs code as the body of a function whose parameters are the scope. */
function runWith(scope: Scope, javascript: string, filename: string, isAsync: boolean): unknown {
  const names = Object.keys(scope);
  const opening = `(${isAsync ? "async " : ""}function (${names.join(", ")}) { `;
  const options = { filename, columnOffset: -opening.length };
  const made = vm.runInThisContext(`${opening}${javascript}\n})`, options) as (...values: unknown[]) => unknown;
  return made(...Object.values(scope));
}

/** A real `import()` that resolves from a folder, whatever module this file itself was compiled to. */
function nativeImport(folder: string): (specifier: string) => Promise<unknown> {
  const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const filename = join(folder, "notebook.mjs");
  return vm.runInThisContext("(specifier) => import(specifier)", { filename, importModuleDynamically }) as (
    specifier: string,
  ) => Promise<unknown>;
}
