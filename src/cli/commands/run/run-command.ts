import { NotebookError, runNotebook, type NotebookRun } from "../../../kernel/notebooks/run-notebook.js";
import { writeStored } from "../../../kernel/notebooks/run-files.js";
import { printable } from "../../../kernel-helpers/support/escape.js";
import { ProgressBar } from "../../progress-bar.js";
import { say, tell } from "../../terminal.js";
import { UsageError } from "../../usage-error.js";

/** Flags of `camlab run`, as parsed. */
export interface RunFlags {
  readonly output?: string;
  readonly html?: string;
  readonly slides?: string;
  readonly stored?: boolean;
  readonly trust?: boolean;
  readonly timeout: number;
  readonly json?: boolean;
  /** Each as NAME=VALUE. */
  readonly parameter?: readonly string[];
}

/**
 * `camlab run`: executes a notebook with the camlab kernel, without Python.
 *
 * @returns 0 when every cell ran, 1 at the first cell that fails, 130 when interrupted
 */
export async function runCommand(path: string, flags: RunFlags, signal: AbortSignal): Promise<number> {
  if (flags.stored) return showStored(path, flags);
  const bar = new ProgressBar(process.stderr);
  const { output, html, slides, trust, json } = flags;
  try {
    const run = await runNotebook(path, {
      output,
      html,
      slides,
      trust,
      parameters: parametersOf(flags.parameter ?? []),
      signal,
      timeout: flags.timeout * 1000,
      onProgress: bar.update,
    });
    bar.clear();
    const { cells, elapsed, written } = run;
    if (!written.includes(output ?? path)) {
      tell(`note: ${printable(path)} was changed while it ran, and is left as it is\n`);
    }
    if (json) say(`${JSON.stringify({ notebook: path, ok: true, cells, elapsed, written })}\n`);
    else say(textOf(run));
    return 0;
  } catch (error) {
    bar.clear();
    if (!(error instanceof NotebookError)) throw error;
    const { cell, ename, evalue, traceback } = error;
    if (json) {
      say(`${JSON.stringify({ notebook: path, ok: false, error: { cell, ename, evalue, traceback } })}\n`);
    } else {
      const lines = traceback.length > 0 ? traceback.join("\n").split("\n") : [`${ename}: ${evalue}`];
      tell(`${printable(path)}: cell ${cell} failed\n${lines.map(printableLine).join("\n")}\n`);
    }
    return 1;
  }
}

async function showStored(path: string, { output, html, slides, trust, parameter, json }: RunFlags): Promise<number> {
  if (html === undefined && slides === undefined)
    throw new UsageError("--stored needs --html or --slides: it runs nothing");
  if (output !== undefined || parameter?.length)
    throw new UsageError("--stored runs nothing: leave out --output and -p");
  const written = await writeStored(path, { html, slides, trust });
  if (json) say(`${JSON.stringify({ notebook: path, ok: true, written })}\n`);
  else say(`wrote ${written.join(", ")}\n`);
  return 0;
}

function parametersOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)]));
}

function textOf({ cells, elapsed, written }: NotebookRun): string {
  const ran = `${cells} ${cells === 1 ? "cell" : "cells"} in ${(elapsed / 1000).toFixed(1)} s`;
  return `${ran}; wrote ${written.map(printable).join(", ")}\n`;
}

/** A line of a traceback may be indented by tabs. */
function printableLine(line: string): string {
  return line.split("\t").map(printable).join("\t");
}
