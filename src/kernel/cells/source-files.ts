// The code that errors point into: cells and local modules, from the compiled code that runs to the lines as written.
import { fileURLToPath } from "node:url";
import { packageRoot } from "../../kernel-helpers/support/package-root.js";
import type { Locate } from "../compiler/source-place.js";

/** Code that was compiled. */
export interface SourceFile {
  /** As errors call it: `cell [3]`, `helper.ts`. */
  readonly name: string;
  /** The lines as written; absent where they need not be quoted. */
  readonly source?: string;
  readonly locate: Locate;
}

/** One frame of a stack: `name (file:1:2)`, `async name (file:1:2)`, `file:1:2`, `async file:1:2`. */
const FRAME = /^(?:(.*) \((.*):(\d+):(-?\d+)\)|(async )?(.*):(\d+):(-?\d+))$/;

/** The folders of this kernel's own code; of the bundle, which cells do not load, all is its own. */
const KERNEL_FOLDER = /^[\\/](?:dist[\\/]quick|(?:dist[\\/](?:esm|cjs)|src)[\\/]kernel)[\\/]/;

/** All the code that one kernel compiled. */
export class SourceFiles {
  readonly #compiled = new Map<string, SourceFile>();
  readonly #named = new Map<string, string>();

  /** @param file the name under which the compiled code runs */
  add(file: string, source: SourceFile): void {
    this.#compiled.set(file, source);
    if (source.source !== undefined) this.#named.set(source.name, source.source);
  }

  /** A frame as its author knows it; undefined for one that lies in the kernel's own code. */
  frame(text: string): string | undefined {
    const parsed = FRAME.exec(text);
    if (!parsed) return text.includes("evalmachine") ? undefined : text;
    const name = parsed[1] ?? parsed[5]?.trim() ?? "";
    const [file, line, column] = parsed[2] === undefined ? parsed.slice(6) : parsed.slice(2);
    const known = this.#compiled.get(file);
    if (!known) return isKernelFile(file) || isMachinery(file) ? undefined : text;
    const place = known.locate(Number(line), Number(column));
    if (!place) return undefined;
    const where = `${known.name}:${place.line}:${place.column}`;
    const called = name
      .replace(/^(async )?(?:Object|Proxy|globalThis)\./, "$1")
      .replace(/\s*(?:<anonymous>|<computed>)$/, "");
    if (called === "" || called === "async") return called ? `async ${where}` : where;
    return `${called} (${where})`;
  }

  /** The place that a frame of {@link frame} names, where its lines can be quoted. */
  placeIn(text: string): { readonly source: string; readonly line: number; readonly column: number } | undefined {
    const parsed = FRAME.exec(text);
    if (!parsed) return undefined;
    const [file, line, column] = parsed[2] === undefined ? parsed.slice(6) : parsed.slice(2);
    const source = this.#named.get(file);
    return source === undefined ? undefined : { source, line: Number(line), column: Number(column) };
  }

  /**
   * Lets `error.stack` itself name the places as their author knows them: so they are right wherever an error is printed,
   * logged, or shown as a value.
   */
  installInStacks(): void {
    const prepare = (error: unknown, calls: readonly { toString(): string }[]) => {
      const frames = calls.flatMap((call) => this.frame(String(call)) ?? []);
      return [headOf(error), ...frames.map((each) => `    at ${each}`)].join("\n");
    };
    Object.defineProperty(Error, "prepareStackTrace", { value: prepare, writable: true, configurable: true });
    // The kernel's own frames, which are left out, must not crowd out those of a cell.
    Error.stackTraceLimit = 30;
  }
}

/** Whether a frame lies in Node itself. */
export function isNodeFrame(text: string): boolean {
  return /(^|\(|async )node:/.test(text);
}

function headOf(error: unknown): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

/** What lies between the kernel and a cell. */
function isMachinery(file: string): boolean {
  return /^node:(internal\/|vm|async_hooks)/.test(file) || file.includes("evalmachine") || file === "<anonymous>";
}

function isKernelFile(file: string): boolean {
  const path = file.startsWith("file:") ? fileURLToPath(file) : file;
  return path.startsWith(packageRoot()) && KERNEL_FOLDER.test(path.slice(packageRoot().length));
}
