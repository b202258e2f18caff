import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import { packageRoot } from "../../kernel-helpers/support/package-root.js";
import { messageOf } from "../../kernel-helpers/support/errors.js";
import type { CompileProblem, Locate } from "./compiler.js";
import { Interrupted } from "./running-cell.js";

/** The content of a Jupyter `error` message. */
export interface ErrorReport {
  readonly ename: string;
  readonly evalue: string;
  /** Lines to print, with ANSI colours. */
  readonly traceback: readonly string[];
}

/** The sources that a traceback may quote: cells by the file name they run under, and local modules. */
export interface SourceFile {
  /** As the traceback calls it: `cell [3]`, `helper.ts`. */
  readonly name: string;
  readonly source: string | undefined;
  readonly locate: Locate;
}

const RED = "\x1b[31m";
const PLAIN = "\x1b[39m";

/** The report of a cell that does not compile: every problem with its line and column, and the line itself. */
export function reportProblems(problems: readonly CompileProblem[], code: string, cell: string): ErrorReport {
  const [first] = problems;
  const ename = first.code < 2000 ? "SyntaxError" : "TypeScriptError";
  const evalue = `${placeOf(first)} - ${first.message}`;
  const shown = problems.slice(0, 20).flatMap((problem, index) => {
    const before = problems[index - 1];
    // tslab flattens a chain of explanations: the same place again is a detail of the message before.
    if (before && before.line === problem.line && before.column === problem.column) return [`    ${problem.message}`];
    const where = problem.file ?? cell;
    return [
      `${RED}${where}:${problem.line}:${problem.column}${PLAIN} - ${problem.message} (TS${problem.code})`,
      ...(problem.file ? [] : frame(code, problem.line, problem.column, problem.length)),
    ];
  });
  const more = problems.length > 20 ? [`… and ${problems.length - 20} more`] : [];
  return { ename, evalue, traceback: [`${RED}${ename}${PLAIN}: ${evalue}`, ...shown, ...more] };
}

/** The report of what a cell threw, with the frames of cells and libraries; the line of the cell is quoted. */
export function reportError(error: unknown, fileOf: (file: string) => SourceFile | undefined): ErrorReport {
  if (error instanceof Interrupted) {
    return { ename: error.name, evalue: error.message, traceback: [`${RED}${error.name}${PLAIN}: ${error.message}`] };
  }
  if (!isError(error)) {
    const evalue = inspect(error, { depth: 2, maxStringLength: 1000 });
    return { ename: "Thrown", evalue, traceback: [`${RED}Thrown${PLAIN}: ${evalue}`] };
  }
  const ename = nameOf(error);
  const evalue = messageOf(error);
  return {
    ename,
    evalue,
    traceback: [`${RED}${ename}${PLAIN}: ${evalue}`, ...stackLines(error, fileOf), ...causeLines(error, fileOf)],
  };
}

/** A cell's error may be of another realm's Error (a vm context). */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
}

function nameOf(error: Error): string {
  const name = error.name || error.constructor?.name || "Error";
  return name === "Error" && error.constructor?.name ? error.constructor.name : name;
}

function stackLines(error: Error, fileOf: (file: string) => SourceFile | undefined): string[] {
  const frames = typeof error.stack === "string" ? error.stack.split("\n").filter((line) => /^\s+at /.test(line)) : [];
  let quoted = false;
  const lines: string[] = [];
  for (const line of frames) {
    const parsed = /^\s+at (?:(.*) \(|async )?(.*?):(\d+):(\d+)\)?$/.exec(line);
    if (!parsed) continue;
    const [, name, file, row, column] = parsed;
    const known = fileOf(file);
    if (!known) {
      if (!isInternal(file))
        lines.push(`    at ${name ? `${name} (${file}:${row}:${column})` : `${file}:${row}:${column}`}`);
      continue;
    }
    const place = known.locate(Number(row), Number(column));
    if (!place) continue;
    const where = `${known.name}:${place.line}:${place.column}`;
    const cleaned = name?.replace(/^(async )?(Object\.|Proxy\.)?/, "$1");
    lines.push(
      cleaned && !/^(async )?(<anonymous>)?$/.test(cleaned) ? `    at ${cleaned} (${where})` : `    at ${where}`,
    );
    if (!quoted && known.source !== undefined) lines.push(...frame(known.source, place.line, place.column, 1));
    quoted = true;
  }
  return lines.slice(0, 30);
}

/** Frames of Node and of this kernel say nothing to the author of a cell. */
function isInternal(file: string): boolean {
  return file.startsWith("node:") || file.includes("evalmachine") || isKernelFile(file);
}

/** Whether a frame lies in the code of this kernel. */
function isKernelFile(file: string): boolean {
  const path = file.startsWith("file:") ? fileURLToPath(file) : file;
  return path.startsWith(packageRoot()) && KERNEL_FOLDER.test(path.slice(packageRoot().length));
}

const KERNEL_FOLDER = /^[\\/](dist[\\/](esm|cjs)|src)[\\/]kernel[\\/]/;

function causeLines(error: Error, fileOf: (file: string) => SourceFile | undefined, depth = 0): string[] {
  const causes = [
    ...(error.cause === undefined ? [] : [error.cause]),
    ...(error instanceof AggregateError ? (error.errors as unknown[]).slice(0, 5) : []),
  ];
  if (depth > 3) return [];
  return causes.flatMap((cause) => {
    if (!isError(cause)) return [`Caused by: ${inspect(cause, { depth: 1 })}`];
    const head = `Caused by: ${RED}${nameOf(cause)}${PLAIN}: ${messageOf(cause)}`;
    return [head, ...stackLines(cause, fileOf), ...causeLines(cause, fileOf, depth + 1)];
  });
}

/** The line of a source with a mark under the place. */
function frame(source: string, line: number, column: number, length: number): string[] {
  const text = source.split("\n")[line - 1];
  if (text === undefined || text.length > 500) return [];
  const number = String(line);
  const gap = text.slice(0, column - 1).replace(/[^\t]/g, " ");
  const mark = "^".repeat(Math.max(1, Math.min(length, text.length - column + 1)));
  return [`    ${number} │ ${text}`, `    ${" ".repeat(number.length)} │ ${gap}${RED}${mark}${PLAIN}`];
}

function placeOf({ line, column, file }: CompileProblem): string {
  return `${file ? `${file}:` : ""}${line}:${column}`;
}
