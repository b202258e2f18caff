import { NotebookError, runNotebook } from "../../../kernel/notebooks/run-notebook.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import type { RunFlags } from "../../main.js";
import { ProgressBar } from "../../progress-bar.js";

/**
 * `camlab run`: executes a notebook with the camlab kernel, without Python.
 *
 * @returns 0 when every cell ran, 1 at the first cell that fails, 130 when interrupted
 */
export async function runCommand(path: string, flags: RunFlags, signal: AbortSignal): Promise<number> {
  const bar = new ProgressBar(process.stderr);
  const { output, html, json } = flags;
  try {
    const { cells, elapsed } = await runNotebook(path, {
      output,
      html,
      signal,
      timeout: flags.timeout * 1000,
      onProgress: bar.update,
    });
    bar.clear();
    const written = [output ?? path, ...(html === undefined ? [] : [html])];
    if (json) process.stdout.write(`${JSON.stringify({ notebook: path, ok: true, cells, elapsed, written })}\n`);
    else
      process.stdout.write(
        `${cells} ${cells === 1 ? "cell" : "cells"} in ${(elapsed / 1000).toFixed(1)} s; wrote ${written.map(printable).join(", ")}\n`,
      );
    return 0;
  } catch (error) {
    bar.clear();
    if (!(error instanceof NotebookError)) throw error;
    const { cell, ename, evalue, traceback } = error;
    if (json) {
      process.stdout.write(
        `${JSON.stringify({ notebook: path, ok: false, error: { cell, ename, evalue, traceback } })}\n`,
      );
    } else {
      process.stderr.write(
        `${printable(path)}: cell ${cell} failed\n${traceback.join("\n") || `${ename}: ${evalue}`}\n`,
      );
    }
    return 1;
  }
}
