// A notebook file (format 4.5): its types, read and written.
import { randomUUID } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { CamlabError, messageOf } from "../../kernel-helpers/support/errors.js";
import type { MimeBundle } from "../display/mime-bundle.js";

/** A notebook, nbformat 4. */
export interface Notebook {
  nbformat: number;
  nbformat_minor: number;
  metadata: Record<string, unknown>;
  cells: NotebookCell[];
}

/** One cell. `source` is one text here, whatever the file had. */
export type NotebookCell =
  | {
      cell_type: "code";
      id: string;
      metadata: CellMetadata;
      source: string;
      outputs: CellOutput[];
      execution_count: number | null;
    }
  | {
      cell_type: "markdown" | "raw";
      id: string;
      metadata: CellMetadata;
      source: string;
      attachments?: Record<string, MimeBundle>;
    };

/** What a cell carries beside its source. `tags` may hold `raises-exception`: the cell is expected to fail. */
export type CellMetadata = Record<string, unknown> & { tags?: string[] };

/** One output of a code cell, as the notebook format names them. */
export type CellOutput =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: string }
  | { output_type: "display_data"; data: MimeBundle; metadata: Record<string, unknown> }
  | {
      output_type: "execute_result";
      data: MimeBundle;
      metadata: Record<string, unknown>;
      execution_count: number | null;
    }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

/**
 * Reads a notebook.
 *
 * @throws CamlabError when the file is missing, is not JSON, or is not a notebook of format 4
 * @example
 * const notebook = await readNotebook("notebooks/01-where-does-it-look.ipynb");
 */
export async function readNotebook(path: string): Promise<Notebook> {
  try {
    return parseNotebook(await readFile(path, "utf8"));
  } catch (error) {
    throw new CamlabError(`cannot read the notebook ${path}: ${messageOf(error)}`);
  }
}

/**
 * The notebook in a file's text: sources and texts joined into one string, missing cell ids added.
 *
 * @throws CamlabError when it is not a notebook of format 4
 * @example
 * parseNotebook('{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[]}');
 */
export function parseNotebook(text: string): Notebook {
  const raw = JSON.parse(text) as Partial<Notebook> | null;
  if (raw?.nbformat !== 4 || !Array.isArray(raw.cells)) {
    throw new CamlabError("not a notebook of format 4 (Jupyter converts older ones: jupyter nbconvert --to notebook)");
  }
  return {
    metadata: raw.metadata ?? {},
    nbformat: 4,
    nbformat_minor: Math.max(5, raw.nbformat_minor ?? 5),
    cells: raw.cells.map(parseCell),
  };
}

/**
 * Writes a notebook as Jupyter does (one space of indent, texts as lists of lines), in one step: a reader sees the
 * old file or the new one.
 *
 * @example
 * await writeNotebook("out.ipynb", notebook);
 */
export async function writeNotebook(path: string, notebook: Notebook): Promise<void> {
  const partial = `${path}.${process.pid}.partial`;
  await writeFile(partial, formatNotebook(notebook));
  await rename(partial, path);
}

/** The text of a notebook file. */
export function formatNotebook(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    source: lines(cell.source),
    ...(cell.cell_type === "code" ? { outputs: cell.outputs.map(formatOutput) } : {}),
  }));
  return `${JSON.stringify(sorted({ ...notebook, cells }), null, 1)}\n`;
}

function parseCell(raw: NotebookCell): NotebookCell {
  const common = { id: raw.id || randomUUID().slice(0, 8), metadata: raw.metadata ?? {}, source: joined(raw.source) };
  if (raw.cell_type !== "code") return { ...raw, ...common };
  return {
    ...raw,
    ...common,
    execution_count: raw.execution_count ?? null,
    outputs: (raw.outputs ?? []).map(parseOutput),
  };
}

function parseOutput(raw: CellOutput): CellOutput {
  if (raw.output_type === "stream") return { ...raw, text: joined(raw.text) };
  if (raw.output_type === "error") return raw;
  const data = Object.entries(raw.data ?? {}).map(([type, value]) => [type, isJson(type) ? value : joined(value)]);
  return { ...raw, data: Object.fromEntries(data) as MimeBundle };
}

function formatOutput(output: CellOutput): object {
  if (output.output_type === "stream") return { ...output, text: lines(output.text) };
  if (output.output_type === "error") return output;
  const data = Object.entries(output.data).map(([type, value]) => {
    const text = typeof value === "string" && (type.startsWith("text/") || type === "image/svg+xml");
    return [type, text ? lines(value) : value] as const;
  });
  return { ...output, data: Object.fromEntries(data) };
}

function isJson(type: string): boolean {
  return type === "application/json" || type.endsWith("+json");
}

function joined(text: unknown): string {
  return Array.isArray(text) ? text.join("") : String((text as string | undefined) ?? "");
}

function lines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Keys in alphabetical order, as Jupyter writes them, so that saving there changes nothing. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]));
}
