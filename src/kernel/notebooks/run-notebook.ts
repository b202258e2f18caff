import { dirname, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { CamlabError, messageOf } from "../../kernel-helpers/support/errors.js";
import type { OnProgress } from "../../kernel-helpers/support/progress.js";
import { KernelClient } from "../protocol/kernel-client.js";
import { checkLanguage } from "./check-language.js";
import { OutputCollector } from "./collect-outputs.js";
import { hasTag, type CodeCell, type Notebook } from "./notebook.js";
import { readNotebook } from "./notebook-file.js";
import { type NotebookParameters, withParameters } from "./parameters.js";
import { RunFiles, type RunFileOptions } from "./run-files.js";

/** How a notebook is run, and what is written. */
export interface RunNotebookOptions extends RunFileOptions {
  /** Milliseconds that one cell may take; 10 minutes when absent. */
  readonly timeout?: number;
  /** Where the kernel runs; the notebook's folder when absent. */
  readonly cwd?: string;
  /** Values of the notebook's parameters, in place of those that it sets itself; see its cell tagged `parameters`. */
  readonly parameters?: NotebookParameters;
  /** Called after each code cell. */
  readonly onProgress?: OnProgress;
  /** Stops the run: the kernel is ended, and nothing is written. */
  readonly signal?: AbortSignal;
}

/** What a run did. */
export interface NotebookRun {
  readonly notebook: Notebook;
  /** Code cells that ran. */
  readonly cells: number;
  /** Milliseconds, starting the kernel included. */
  readonly elapsed: number;
  /** The files that were written: the notebook, then its page. */
  readonly written: readonly string[];
}

/**
 * The failure of a cell: its number among all cells of the notebook (from 1), and what the kernel reported.
 *
 * @example
 * await notebook.runNotebook("mine.ipynb").catch((error: unknown) => {
 *   if (error instanceof notebook.NotebookError) console.error(error.message);
 * });
 */
export class NotebookError extends CamlabError {
  override readonly name = "NotebookError";
  constructor(
    readonly path: string,
    readonly cell: number,
    readonly ename: string,
    readonly evalue: string,
    /** Lines, without colours. */
    readonly traceback: readonly string[],
  ) {
    super(`${path}: cell ${cell} failed: ${ename}: ${evalue}`);
  }
}

/**
 * Runs a notebook from its first cell to its last in a fresh camlab kernel, without Python, and writes it with its
 * outputs and execution counts. It stops at the first cell that fails, unless that cell is tagged `raises-exception`;
 * so it does when a cell takes too long or the kernel ends.
 *
 * A run that stops early loses nothing in the notebook itself: cells that ran to their end have their new outputs, the
 * cell that failed and those after it keep what they had. In another file (`output`) and in the page stands what this
 * run gave, the error too.
 *
 * @returns the notebook with its outputs
 * @throws NotebookError when a cell fails; CamlabError when the notebook cannot be read or is of another language, a
 *   file cannot be written, a cell takes too long, or the kernel ends
 * @example
 * await notebook.runNotebook("notebooks/01-where-does-it-look.ipynb", { output: false, html: "out/01.html" });
 */
export async function runNotebook(path: string, options: RunNotebookOptions = {}): Promise<NotebookRun> {
  const began = Date.now();
  let before = await readNotebook(path);
  try {
    checkLanguage(before);
    before = withParameters(before, options.parameters ?? {});
  } catch (error) {
    throw new CamlabError(`cannot run ${path}: ${messageOf(error)}`);
  }
  const files = await RunFiles.open(path, options);
  const notebook = withoutOutputs(before);
  const cells = notebook.cells.flatMap((cell, index) =>
    cell.cell_type === "code" ? [{ cell, number: index + 1 }] : [],
  );
  const kernel = await KernelClient.start({ cwd: resolve(options.cwd ?? dirname(path)) });
  const onAbort = () => kernel.kill();
  options.signal?.addEventListener("abort", onAbort);
  const ended = new Set<CodeCell>();
  let failure: Error | undefined;
  try {
    options.signal?.throwIfAborted();
    const collector = new OutputCollector();
    for (const { cell, number } of cells) {
      failure = await runCell(kernel, collector, cell, number, path, options);
      if (failure) break;
      ended.add(cell);
      failure = lateFailure(path, cells);
      if (failure) break;
      const label = `running ${path}`;
      options.onProgress?.({ label, done: ended.size, total: cells.length, elapsed: Date.now() - began });
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    failure = error as Error;
  } finally {
    options.signal?.removeEventListener("abort", onAbort);
    await kernel.shutdown();
  }
  failure ??= lateFailure(path, cells);
  const written = await files.write(notebook, failure && { error: failure, kept: keepingOutputs(before, notebook, ended) });
  if (failure) throw failure;
  return { notebook, cells: cells.length, elapsed: Date.now() - began, written };
}

function withoutOutputs(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === "code" ? { ...cell, outputs: [], execution_count: null } : cell,
  );
  return { ...notebook, cells };
}

/** The notebook after a run that stopped early: a cell that did not run to its end keeps what it had, if anything. */
function keepingOutputs(before: Notebook, after: Notebook, ended: ReadonlySet<CodeCell>): Notebook {
  const cells = after.cells.map((cell, index) => {
    const old = before.cells[index];
    const kept = cell.cell_type === "code" && !ended.has(cell) && old.cell_type === "code" && old.outputs.length > 0;
    return kept ? old : cell;
  });
  return { ...after, cells };
}

/** An error that came from a cell after it had ended: a timer's, or that of a promise which nobody awaited. */
function lateFailure(path: string, cells: readonly { cell: CodeCell; number: number }[]): NotebookError | undefined {
  for (const { cell, number } of cells) {
    const output = cell.outputs.find((each) => each.output_type === "error");
    if (output?.output_type !== "error" || mayFail(cell)) continue;
    const traceback = output.traceback.map(stripVTControlCharacters);
    return new NotebookError(path, number, output.ename, output.evalue, traceback);
  }
  return undefined;
}

function mayFail(cell: CodeCell): boolean {
  return hasTag(cell, "raises-exception");
}

async function runCell(
  kernel: KernelClient,
  collector: OutputCollector,
  cell: CodeCell,
  number: number,
  path: string,
  { timeout = 600_000 }: RunNotebookOptions,
): Promise<NotebookError | undefined> {
  if (!cell.source.trim()) return undefined;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new CamlabError(`${path}: cell ${number} took longer than ${timeout / 1000} s`);
    timer = setTimeout(() => reject(error), timeout);
  });
  try {
    const { content } = await Promise.race([kernel.execute(cell.source, collector.into(cell.outputs)), late]);
    cell.execution_count = typeof content.execution_count === "number" ? content.execution_count : null;
    if (content.status === "ok" || mayFail(cell)) return undefined;
    const {
      ename = "Aborted",
      evalue = "the kernel did not run the cell",
      traceback = [],
    } = content as {
      ename?: string;
      evalue?: string;
      traceback?: string[];
    };
    return new NotebookError(path, number, ename, evalue, traceback.map(stripVTControlCharacters));
  } finally {
    clearTimeout(timer);
  }
}
