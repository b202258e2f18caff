import { inspect } from "node:util";
import { messageOf } from "../../kernel-helpers/support/errors.js";
import { printable } from "../../kernel-helpers/support/escape.js";
import type { CompileProblem } from "../compiler/problems.js";
import { Interrupted } from "./running-cell.js";
import { isNodeFrame } from "./source-files.js";
import type { SourceFiles } from "./source-files.js";

/** The content of a Jupyter `error` message. */
export interface ErrorReport {
  readonly ename: string;
  readonly evalue: string;
  /** Lines to print, with ANSI colours. */
  readonly traceback: readonly string[];
}

const RED = "\x1b[31m";
const PLAIN = "\x1b[39m";

/**
 * The report of a cell that does not compile: every problem with its line and column, and the line itself.
 *
 * @param hint what to write instead, when a habit is the reason
 */
export function reportProblems(
  problems: readonly CompileProblem[],
  code: string,
  cell: string,
  hint?: string,
): ErrorReport {
  const [first] = problems;
  const ename = first.code < 2000 ? "SyntaxError" : "TypeScriptError";
  const evalue = `${placeOf(first)} - ${hint ?? first.message}`;
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
export function reportError(error: unknown, sources: SourceFiles): ErrorReport {
  if (error instanceof Interrupted) {
    return { ename: error.name, evalue: error.message, traceback: [`${RED}${error.name}${PLAIN}: ${error.message}`] };
  }
  if (!isError(error)) {
    const evalue = visible(inspect(error, { depth: 2, maxStringLength: 1000 }));
    return { ename: "Thrown", evalue, traceback: [`${RED}Thrown${PLAIN}: ${evalue}`] };
  }
  const ename = visible(nameOf(error));
  const evalue = visible(messageOf(error));
  return {
    ename,
    evalue,
    traceback: [`${RED}${ename}${PLAIN}: ${evalue}`, ...stackLines(error, sources), ...causeLines(error, sources)],
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

function stackLines(error: Error, sources: SourceFiles): string[] {
  const frames = typeof error.stack === "string" ? error.stack.split("\n").filter((line) => /^\s+at /.test(line)) : [];
  let quoted = false;
  const lines: string[] = [];
  for (const line of frames) {
    const shown = sources.frame(line.trim().slice("at ".length));
    if (shown === undefined || isNodeFrame(shown)) continue;
    lines.push(`    at ${visible(shown)}`);
    const place = quoted ? undefined : sources.placeIn(shown);
    if (!place) continue;
    quoted = true;
    lines.push(...frame(place.source, place.line, place.column, 1));
  }
  return lines.slice(0, 30);
}

function causeLines(error: Error, sources: SourceFiles, depth = 0): string[] {
  const causes = [
    ...(error.cause === undefined ? [] : [error.cause]),
    ...(error instanceof AggregateError ? (error.errors as unknown[]).slice(0, 5) : []),
  ];
  if (depth > 3) return [];
  return causes.flatMap((cause) => {
    if (!isError(cause)) return [`Caused by: ${visible(inspect(cause, { depth: 1 }))}`];
    const head = `Caused by: ${RED}${visible(nameOf(cause))}${PLAIN}: ${visible(messageOf(cause))}`;
    return [head, ...stackLines(cause, sources), ...causeLines(cause, sources, depth + 1)];
  });
}

/** Text of several lines without what could steer a terminal: an error may quote what somebody else named a file. */
function visible(text: string): string {
  return text
    .split(/(\n|\t)/)
    .map((part) => (part === "\n" || part === "\t" ? part : printable(part)))
    .join("");
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
