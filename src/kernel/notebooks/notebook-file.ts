import { readRegular } from "../../kernel-helpers/support/files/read-regular.js";
import { CamlabError, messageOf } from "../../kernel-helpers/support/errors.js";
import { writeWhole } from "../../kernel-helpers/support/write-file.js";
import type { CellOutput, Notebook } from "./notebook.js";
import { parseNotebook } from "./parse-notebook.js";

/**
 * Reads a notebook.
 *
 * @throws CamlabError when the file is missing, is not JSON, or is not a notebook of format 4
 * @example
 * const lesson = await notebook.readNotebook("notebooks/01-where-does-it-look.ipynb");
 */
export async function readNotebook(path: string): Promise<Notebook> {
  return attempted(path, async () => parseNotebook(await plainText(path)));
}

/**
 * The text of a notebook's file.
 *
 * @throws CamlabError when it is missing, or a pipe or a device
 */
export async function notebookText(path: string): Promise<string> {
  return attempted(path, () => plainText(path));
}

async function plainText(path: string): Promise<string> {
  return (await readRegular(path)).toString("utf8");
}

async function attempted<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new CamlabError(`cannot read the notebook ${path}: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder";
  return messageOf(error);
}

/**
 * Writes a notebook as Jupyter does (one space of indent, texts as lists of lines), in one step: a reader sees the
 * old file or the new one.
 *
 * @throws CamlabError when the file cannot be written
 * @example
 * await notebook.writeNotebook("out.ipynb", await notebook.readNotebook("in.ipynb"));
 */
export async function writeNotebook(path: string, notebook: Notebook): Promise<void> {
  await writeWhole(path, formatNotebook(notebook));
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

function formatOutput(output: CellOutput): object {
  if (output.output_type === "stream") return { ...output, text: lines(output.text) };
  if (output.output_type === "error") return output;
  const data = Object.entries(output.data).map(([type, value]) => {
    const text = typeof value === "string" && (type.startsWith("text/") || type === "image/svg+xml");
    return [type, text ? lines(value) : value] as const;
  });
  return { ...output, data: Object.fromEntries(data) };
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
