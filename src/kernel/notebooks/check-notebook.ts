import { hasPicture } from "../display/mime-bundle.js";
import { highlight } from "./page/highlight.js";
import { hasTag, type CodeCell, type Notebook } from "./notebook.js";

/** Something about a notebook that should be mended before it is committed. */
export interface NotebookProblem {
  /** The cell, counted from 1; absent for the notebook as a whole. */
  readonly cell?: number;
  readonly message: string;
}

/** What a notebook may weigh. */
export interface CheckNotebookOptions {
  /** Bytes of one cell's outputs at most; 1 MB when absent. */
  readonly maxCellBytes?: number;
  /** Bytes of all outputs at most; 5 MB when absent. */
  readonly maxBytes?: number;
}

/**
 * Looks over a notebook that is to be committed: it was run from top to bottom without an unexpected failure, its
 * outputs hold no script and are small, its kernel is camlab's, and its code also works in tslab's own kernel.
 *
 * @returns the problems, in the order of the cells; empty when there are none
 * @example
 * const problems = notebook.checkNotebook(await notebook.readNotebook("notebooks/01-where-does-it-look.ipynb"));
 */
export function checkNotebook(notebook: Notebook, options: CheckNotebookOptions = {}): NotebookProblem[] {
  const { maxCellBytes = 1_000_000, maxBytes = 5_000_000 } = options;
  const problems: NotebookProblem[] = [];
  const kernel = (notebook.metadata.kernelspec as { name?: string } | undefined)?.name;
  if (kernel !== "camlab") problems.push({ message: `its kernel is ${kernel ?? "not named"} (expected camlab)` });
  let bytes = 0;
  let count = 0;
  const seen = new Set<string>();
  for (const [index, cell] of notebook.cells.entries()) {
    const add = (message: string) => problems.push({ cell: index + 1, message });
    if (seen.has(cell.id)) add(`its id ${cell.id} is another cell's too`);
    seen.add(cell.id);
    if (cell.cell_type !== "code" || !cell.source.trim()) continue;
    checkSource(cell.source, add);
    if (cell.execution_count !== ++count) add("was not run in order from a fresh kernel: run the notebook again");
    count = cell.execution_count ?? count;
    const size = checkOutputs(cell, add);
    if (size > maxCellBytes) add(`its outputs have ${megabytes(size)} MB (at most ${megabytes(maxCellBytes)} MB)`);
    bytes += size;
  }
  if (bytes > maxBytes) {
    problems.push({ message: `its outputs have ${megabytes(bytes)} MB in all (at most ${megabytes(maxBytes)} MB)` });
  }
  return problems;
}

/** What tslab's own kernel refuses or gets wrong; each works here. */
const BANNED: readonly { readonly pattern: RegExp; readonly message: string }[] = [
  { pattern: /(?<!\bfor\s+)\bawait\s*\(/, message: "`await (…)`: name the promise first" },
  { pattern: /^for\s+await\b/m, message: "`for await` at the top level: put it in an async function" },
  { pattern: /^export\b/m, message: "`export`: the names of a cell are visible to later cells without it" },
  { pattern: /^(await\s+)?using\b/m, message: "`using`: the notebooks' TypeScript does not know it; call dispose()" },
];

const BANNED_IMPORT = /\b(?:from|import|import\s*\()\s*(["'])(\.[^"'\n]*)\1/g;

function checkSource(source: string, add: (message: string) => void): void {
  const code = withoutText(source);
  for (const { pattern, message } of BANNED) if (pattern.test(code)) add(message);
  for (const [, , path] of source.matchAll(BANNED_IMPORT)) {
    if (path.startsWith("../")) add(`import of ${path}: a file outside the notebook's folder cannot be imported`);
    else if (/\.[cm]?tsx?$/.test(path)) add(`import of ${path}: leave the ending out`);
  }
}

/** The code with comments and strings blanked out. */
function withoutText(source: string): string {
  return highlight(source)
    .replace(/<span class="(?:comment|string)">[^]*?<\/span>/g, '""')
    .replace(/<[^>]+>/g, "");
}

function checkOutputs(cell: CodeCell, add: (message: string) => void): number {
  const mayFail = hasTag(cell, "raises-exception");
  for (const output of cell.outputs) {
    if (output.output_type === "error" && !mayFail) add(`failed: ${output.ename}: ${output.evalue}`);
    if (output.output_type === "stream" && output.name === "stderr") add(`wrote to stderr: ${firstLine(output.text)}`);
    if (!("data" in output)) continue;
    const html = output.data["text/html"];
    if (typeof html === "string" && /<script\b/i.test(html))
      add("an output holds a script: write it with `camlab run`");
    if ("application/javascript" in output.data) add("an output is JavaScript, which readers elsewhere do not see");
    const drawn = Object.keys(output.data).some((type) => type.startsWith("application/vnd.vega"));
    if (drawn && !hasPicture(output.data)) add("a chart has no picture, so readers on a web page see nothing");
  }
  return Buffer.byteLength(JSON.stringify(cell.outputs));
}

function firstLine(text: string): string {
  return text.trim().split("\n", 1)[0].slice(0, 120);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
