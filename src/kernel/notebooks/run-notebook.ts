import { writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { CamlabError } from "../../kernel-helpers/support/errors.js";
import type { OnProgress } from "../../kernel-helpers/support/progress.js";
import { OutputCollector } from "./collect-outputs.js";
import { KernelClient } from "../protocol/kernel-client.js";
import { readNotebook, writeNotebook } from "./notebook.js";
import type { Notebook, NotebookCell } from "./notebook.js";
import { notebookToHtml } from "./notebook-to-html.js";
import { withoutRuntime } from "./without-runtime.js";

/** How a notebook is run. */
export interface RunNotebookOptions {
  /** Where the notebook with its outputs is written; the notebook itself when absent, nowhere when false. */
  readonly output?: string | false;
  /** Where a page of it is written. */
  readonly html?: string;
  /** Milliseconds that one cell may take; 10 minutes when absent. */
  readonly timeout?: number;
  /** Where the kernel runs; the notebook's folder when absent. */
  readonly cwd?: string;
  /** Keep scripts that draw interactive charts in the written notebook; they are left out when absent. */
  readonly keepRuntime?: boolean;
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
}

/** The failure of a cell: its number among all cells of the notebook (from 1), and what the kernel reported. */
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
 * what was computed so far, and the error, is written then too. So it is when a cell takes too long or the
 * kernel ends.
 *
 * @returns the notebook with its outputs
 * @throws NotebookError when a cell fails; CamlabError when the notebook cannot be read, a cell takes too long, or the
 *   kernel ends
 * @example
 * await runNotebook("notebooks/01-where-does-it-look.ipynb", { output: false, html: "out/01.html" });
 */
export async function runNotebook(path: string, options: RunNotebookOptions = {}): Promise<NotebookRun> {
  const began = Date.now();
  const notebook = await readNotebook(path);
  const cells = notebook.cells.flatMap((cell, index) =>
    cell.cell_type === "code" ? [{ cell, number: index + 1 }] : [],
  );
  for (const { cell } of cells) Object.assign(cell, { outputs: [], execution_count: null });
  const kernel = await KernelClient.start({ cwd: resolve(options.cwd ?? dirname(path)) });
  const onAbort = () => void kernel.process.kill("SIGKILL");
  options.signal?.addEventListener("abort", onAbort);
  let failure: Error | undefined;
  try {
    options.signal?.throwIfAborted();
    const collector = new OutputCollector();
    for (const [done, { cell, number }] of cells.entries()) {
      failure = (await runCell(kernel, collector, cell, number, path, options)) ?? lateFailure(path, cells);
      if (failure) break;
      const label = `running ${path}`;
      options.onProgress?.({ label, done: done + 1, total: cells.length, elapsed: Date.now() - began });
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    failure = error as Error;
  } finally {
    options.signal?.removeEventListener("abort", onAbort);
    await kernel.shutdown();
  }
  failure ??= lateFailure(path, cells);
  await write(path, notebook, options);
  if (failure) throw failure;
  return { notebook, cells: cells.length, elapsed: Date.now() - began };
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
  return cell.metadata.tags?.includes("raises-exception") ?? false;
}

type CodeCell = Extract<NotebookCell, { cell_type: "code" }>;

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

async function write(path: string, notebook: Notebook, options: RunNotebookOptions): Promise<void> {
  if (options.html !== undefined)
    await writeFile(options.html, await notebookToHtml(notebook, { folder: dirname(path) }));
  if (options.output === false) return;
  await writeNotebook(options.output ?? path, options.keepRuntime ? notebook : withoutRuntime(notebook));
}
