// A notebook's text may come from anywhere: every field is brought into its type here, or refused by name.
import { randomUUID } from "node:crypto";
import { CamlabError, messageOf } from "../../kernel-helpers/support/errors.js";
import type { MimeBundle } from "../display/mime-bundle.js";
import type { CellOutput, Notebook, NotebookCell } from "./notebook.js";

type Fields = Readonly<Record<string, unknown>>;

/**
 * The notebook in a file's text: sources and texts joined into one string, missing cell ids added. Counts, stream
 * names, types of cells and the like that are not what the format says become what it says (a cell of an unknown type
 * is a raw one); a cell or an output that cannot be one is refused.
 *
 * @throws CamlabError when it is not JSON or not a notebook of format 4; it names the cell and the field
 * @example
 * parseNotebook('{"nbformat":4,"nbformat_minor":5,"metadata":{},"cells":[]}');
 */
export function parseNotebook(text: string): Notebook {
  const raw = fieldsOf(parsed(text));
  if (raw?.nbformat !== 4 || !Array.isArray(raw.cells)) {
    throw new CamlabError("not a notebook of format 4 (Jupyter converts older ones: jupyter nbconvert --to notebook)");
  }
  const minor = countOf(raw.nbformat_minor) ?? 5;
  return {
    metadata: { ...fieldsOf(raw.metadata) },
    nbformat: 4,
    nbformat_minor: Math.max(5, minor),
    cells: raw.cells.map((cell, index) => cellOf(cell, `cell ${index + 1}`)),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    throw new CamlabError(`not JSON, so not a notebook: ${messageOf(error)}`);
  }
}

function cellOf(cell: unknown, where: string): NotebookCell {
  const raw = fieldsOf(cell);
  if (!raw) throw new CamlabError(`${where} is ${kindOf(cell)} (expected an object)`);
  const common = {
    id: typeof raw.id === "string" && raw.id ? raw.id : randomUUID().slice(0, 8),
    metadata: { ...fieldsOf(raw.metadata) },
    source: textOf(raw.source, `${where}: source`),
  };
  if (raw.cell_type === "code") {
    const outputs = raw.outputs ?? [];
    if (!Array.isArray(outputs)) throw new CamlabError(`${where}: outputs is ${kindOf(outputs)} (expected a list)`);
    return {
      ...raw,
      ...common,
      cell_type: "code",
      execution_count: countOf(raw.execution_count),
      outputs: outputs.map((output, index) => outputOf(output, `${where}, output ${index + 1}`)),
    };
  }
  const text: NotebookCell = { ...raw, ...common, cell_type: raw.cell_type === "markdown" ? "markdown" : "raw" };
  if (raw.attachments !== undefined) text.attachments = attachmentsOf(raw.attachments);
  return text;
}

function outputOf(output: unknown, where: string): CellOutput {
  const raw = fieldsOf(output);
  if (!raw) throw new CamlabError(`${where} is ${kindOf(output)} (expected an object)`);
  const type = raw.output_type;
  if (type === "stream") {
    const name = raw.name === "stderr" ? "stderr" : "stdout";
    return { ...raw, output_type: type, name, text: textOf(raw.text, `${where}: text`) };
  }
  if (type === "error") {
    const lines: unknown[] = Array.isArray(raw.traceback) ? raw.traceback : [raw.traceback];
    return {
      ...raw,
      output_type: type,
      ename: textOf(raw.ename, `${where}: ename`),
      evalue: textOf(raw.evalue, `${where}: evalue`),
      traceback: lines.map((line) => textOf(line, `${where}: traceback`)),
    };
  }
  const shown = { ...raw, metadata: { ...fieldsOf(raw.metadata) }, data: bundleOf(raw.data) };
  if (type === "display_data") return { ...shown, output_type: type };
  if (type === "execute_result") {
    return { ...shown, output_type: type, execution_count: countOf(raw.execution_count) };
  }
  const known = "stream, display_data, execute_result or error";
  throw new CamlabError(`${where}: output_type is ${kindOf(type)} (expected ${known})`);
}

function attachmentsOf(raw: unknown): Record<string, MimeBundle> {
  const files = Object.entries(fieldsOf(raw) ?? {});
  return Object.fromEntries(files.map(([name, data]) => [name, bundleOf(data)]));
}

function bundleOf(raw: unknown): MimeBundle {
  const data = Object.entries(fieldsOf(raw) ?? {}).map(([type, value]): [string, unknown] =>
    isJson(type) || !isText(value) ? [type, value] : [type, textOf(value)],
  );
  return Object.fromEntries(data);
}

/** A text, or its lines in a list; absent is empty. */
function textOf(raw: unknown, where = "a text"): string {
  if (raw === undefined || raw === null) return "";
  if (!isText(raw)) throw new CamlabError(`${where} is ${kindOf(raw)} (expected a text or a list of texts)`);
  return typeof raw === "string" ? raw : raw.join("");
}

function isText(raw: unknown): raw is string | string[] {
  return typeof raw === "string" || (Array.isArray(raw) && raw.every((line) => typeof line === "string"));
}

function countOf(raw: unknown): number | null {
  return Number.isInteger(raw) && (raw as number) >= 0 ? (raw as number) : null;
}

function fieldsOf(raw: unknown): Fields | undefined {
  return raw !== null && typeof raw === "object" && !Array.isArray(raw) ? (raw as Fields) : undefined;
}

function kindOf(raw: unknown): string {
  if (raw === undefined) return "missing";
  if (Array.isArray(raw)) return "a list";
  if (raw !== null && typeof raw === "object") return "an object";
  const text = JSON.stringify(raw);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function isJson(type: string): boolean {
  return type === "application/json" || type.endsWith("+json");
}
