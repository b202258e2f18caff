// What a cell's code finds around it: the variables of other cells, `require`, and the helpers that instrumented
// code calls.
import { existsSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { dirname, extname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { packageRoot } from "../../kernel-helpers/support/package-root.js";
import { HELPERS } from "./instrument.js";
import { Slot } from "../protocol/thread-messages.js";
import { currentCell, Interrupted } from "./running-cell.js";

/** What one file of code is run with, by parameter name. */
export type Scope = Readonly<Record<string, unknown>>;

/** The surroundings of all cells of one kernel. */
export class CellScope {
  /** The variables of the cells so far. */
  readonly variables: Record<string, unknown> = {};
  readonly #folder: string;
  readonly #shared: Int32Array;
  readonly #specials: Readonly<Record<string, () => unknown>>;
  readonly #sources = new Map<string, string>();
  readonly #modules = new Map<string, Module>();
  readonly #imported = new Map<string, unknown>();

  /**
   * @param folder where the notebook lies: imports start there
   * @param specials modules that the kernel provides itself
   */
  constructor(folder: string, shared: Int32Array, specials: Readonly<Record<string, () => unknown>>) {
    this.#folder = folder;
    this.#shared = shared;
    this.#specials = specials;
  }

  /** The scope of a cell. */
  ofCell(): Scope {
    return { exports: this.variables, ...this.#surroundings(join(this.#folder, "notebook.ts")) };
  }

  /** Replaces local modules; the next import of them runs the new code. */
  setModules(modules: readonly { readonly path: string; readonly javascript: string }[]): void {
    for (const { path, javascript } of modules) {
      this.#modules.delete(resolve(path));
      this.#sources.set(resolve(path), javascript);
    }
  }

  /**
   * Loads what `require` cannot: packages that only have an `import` entry, or that await at their top level. To be
   * awaited before a cell with static imports runs.
   */
  async preload(javascript: string): Promise<void> {
    for (const [, , specifier] of javascript.matchAll(/\brequire\((["'])((?:(?!\1)[^\\\n])+)\1\)/g)) {
      if (specifier.startsWith(".") || this.#imported.has(specifier) || specifier in this.#specials) continue;
      try {
        createRequire(join(this.#folder, "notebook.ts"))(specifier);
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code ?? "";
        if (!IMPORT_INSTEAD.has(code)) continue;
        const namespace = (await this.#import(specifier, this.#folder)) as object;
        this.#imported.set(specifier, { ...namespace, __esModule: true });
      }
    }
  }

  #surroundings(file: string): Scope {
    const folder = dirname(file);
    const flags = this.#shared;
    const scope: Record<string, unknown> = {
      require: this.#requireFrom(file),
      __filename: file,
      __dirname: folder,
      [HELPERS.wait]: (value: unknown) => {
        this.#stopIfAsked();
        const cell = currentCell.getStore();
        return cell ? cell.wait(value) : value;
      },
      [HELPERS.iterate]: (items: AsyncIterable<unknown> | Iterable<unknown>) => iterateInterruptibly(items),
      [HELPERS.step]: () => {
        if (flags[Slot.interrupt] !== 0) this.#stopIfAsked();
      },
      [HELPERS.load]: (specifier: unknown) => this.#import(String(specifier), folder),
      [HELPERS.meta]: { url: pathToFileURL(file).href, filename: file, dirname: folder },
      [HELPERS.define]: definePlain,
    };
    return scope;
  }

  #stopIfAsked(): void {
    if (Atomics.load(this.#shared, Slot.interrupt) === 0) return;
    const cell = currentCell.getStore();
    if (!cell?.running) return;
    if (!cell.reason) cell.end(new Interrupted());
    throw cell.reason?.value;
  }

  #requireFrom(file: string): NodeJS.Require {
    const native = createRequire(file);
    const load = (specifier: string): unknown => {
      if (specifier in this.#specials) return this.#specials[specifier]();
      const local = specifier.startsWith(".") ? this.#localModule(resolve(dirname(file), specifier)) : undefined;
      if (local) return local.exports;
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

  #localModule(path: string): Module | undefined {
    const compiled = [path, `${path}.js`, path.replace(/\.[cm]?tsx?$/, ".js"), join(path, "index.js")];
    const found = compiled.find((candidate) => this.#sources.has(candidate));
    if (!found) return undefined;
    const cached = this.#modules.get(found);
    if (cached) return cached;
    const module = new Module(found);
    module.filename = found;
    this.#modules.set(found, module);
    const scope = { exports: module.exports as unknown, module, ...this.#surroundings(found) };
    try {
      runWith(scope, this.#sources.get(found)!, found);
    } catch (error) {
      this.#modules.delete(found);
      throw error;
    }
    return module;
  }

  async #import(specifier: string, folder: string): Promise<unknown> {
    if (specifier in this.#specials) return this.#specials[specifier]();
    if (specifier.startsWith(".")) {
      const path = resolve(folder, specifier);
      const local = this.#localModule(path);
      if (local) return local.exports;
      const exists = extname(path) || !existsSync(`${path}.js`);
      return importFrom(folder)(pathToFileURL(exists ? path : `${path}.js`).href);
    }
    try {
      return await importFrom(folder)(specifier);
    } catch (error) {
      const missing = (error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND";
      if (missing && specifier === "camlab") return importFrom(packageRoot())("camlab");
      throw error;
    }
  }
}

const IMPORT_INSTEAD = new Set(["ERR_REQUIRE_ESM", "ERR_REQUIRE_ASYNC_MODULE", "ERR_PACKAGE_PATH_NOT_EXPORTED"]);

/** Runs code as the body of a function whose parameters are the scope. */
export function runWith(scope: Scope, javascript: string, filename: string): unknown {
  const names = Object.keys(scope);
  const opening = `(function (${names.join(", ")}) { `;
  const options = { filename, columnOffset: -opening.length };
  const made = vm.runInThisContext(`${opening}${javascript}\n})`, options) as (...values: unknown[]) => unknown;
  return made(...Object.values(scope));
}

/** A real `import()` that resolves from a folder, whatever module this file itself was compiled to. */
function importFrom(folder: string): (specifier: string) => Promise<unknown> {
  const importModuleDynamically = vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const filename = join(folder, "notebook.mjs");
  return vm.runInThisContext("(specifier) => import(specifier)", { filename, importModuleDynamically }) as (
    specifier: string,
  ) => Promise<unknown>;
}

/** An export becomes a plain property, which the next run of its cell may set anew. */
function definePlain(target: Record<string, unknown>, name: string, property: PropertyDescriptor): void {
  if (name !== "__esModule") target[name] = property.get ? property.get() : (property.value as unknown);
}

async function* iterateInterruptibly(items: AsyncIterable<unknown> | Iterable<unknown>): AsyncGenerator {
  const cell = currentCell.getStore();
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let finished = false;
  try {
    for (;;) {
      const next = (await (cell ? cell.wait(iterator.next()) : iterator.next())) as IteratorResult<unknown>;
      if (next.done) {
        finished = true;
        return;
      }
      yield await next.value;
    }
  } finally {
    // An iterator that never answers must not keep a stopped cell waiting.
    const closing = finished ? undefined : Promise.resolve(iterator.return?.());
    if (cell?.reason) closing?.catch(() => undefined);
    else await closing;
  }
}
