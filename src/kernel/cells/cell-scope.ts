// What a cell's code finds around it: the variables of other cells, `require`, and the helpers that instrumented
// code calls.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { HELPERS } from "../compiler/instrument.js";
import { Slot } from "../protocol/thread-messages.js";
import { ModuleLoader } from "./module-loader.js";
import type { LoaderOptions, Scope } from "./module-loader.js";
import { currentCell, Interrupted } from "./running-cell.js";

/** The surroundings of all cells of one kernel. */
export class CellScope {
  /** The variables of the cells so far. */
  readonly variables: Record<string, unknown> = {};
  readonly #file: string;
  readonly #shared: Int32Array;
  readonly #loader: ModuleLoader;

  /**
   * @param folder where the notebook lies: imports start there
   * @param options how files beside it are compiled, and the modules that the kernel provides itself
   */
  constructor(folder: string, shared: Int32Array, options: Omit<LoaderOptions, "surroundings">) {
    this.#file = join(folder, "notebook.ts");
    this.#shared = shared;
    this.#loader = new ModuleLoader({ ...options, surroundings: (file) => this.#surroundings(file) });
  }

  /** The scope of a cell. */
  ofCell(): Scope {
    return { exports: this.variables, ...this.#surroundings(this.#file), [HELPERS.define]: definePlain };
  }

  /** To be awaited before a cell's code runs: loads what it cannot load itself, and forgets what has changed. */
  async prepare(javascript: string): Promise<void> {
    this.#loader.dropChanged();
    await this.#loader.prepare(this.#file, javascript);
  }

  #surroundings(file: string): Scope {
    const flags = this.#shared;
    return {
      require: this.#loader.requireFrom(file),
      __filename: file,
      __dirname: dirname(file),
      [HELPERS.wait]: (value: unknown) => {
        this.#stopIfAsked();
        const cell = currentCell.getStore();
        return cell ? cell.wait(value) : value;
      },
      [HELPERS.iterate]: (items: AsyncIterable<unknown> | Iterable<unknown>) => iterateInterruptibly(items),
      [HELPERS.step]: () => {
        if (flags[Slot.interrupt] !== 0) this.#stopIfAsked();
      },
      [HELPERS.load]: (specifier: unknown) => this.#loader.importFrom(file, String(specifier)),
      [HELPERS.meta]: metaOf(file),
    };
  }

  #stopIfAsked(): void {
    if (Atomics.load(this.#shared, Slot.interrupt) === 0) return;
    const cell = currentCell.getStore();
    if (!cell?.running) return;
    if (!cell.reason) cell.end(new Interrupted());
    throw cell.reason?.value;
  }
}

/** The `import.meta` of a file. */
function metaOf(file: string): object {
  return {
    url: pathToFileURL(file).href,
    filename: file,
    dirname: dirname(file),
    resolve: (specifier: string) => pathToFileURL(createRequire(file).resolve(specifier)).href,
  };
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
