import type { MimeBundle } from "../display/mime-bundle.js";

/** A notebook, nbformat 4. */
export interface Notebook {
  nbformat: number;
  nbformat_minor: number;
  metadata: Record<string, unknown>;
  cells: NotebookCell[];
}

/** A cell of code, with what it put out when it ran last. */
export interface CodeCell {
  cell_type: "code";
  id: string;
  metadata: CellMetadata;
  /** One text here, whatever the file had. */
  source: string;
  outputs: CellOutput[];
  execution_count: number | null;
}

/** A cell of text. */
export interface TextCell {
  cell_type: "markdown" | "raw";
  id: string;
  metadata: CellMetadata;
  /** One text here, whatever the file had. */
  source: string;
  attachments?: Record<string, MimeBundle>;
}

/** One cell. */
export type NotebookCell = CodeCell | TextCell;

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
 * Whether a cell carries a tag.
 *
 * @example
 * hasTag(cell, "raises-exception"); // the cell is expected to fail
 */
export function hasTag(cell: NotebookCell, tag: string): boolean {
  const tags: unknown = cell.metadata.tags;
  return Array.isArray(tags) && tags.includes(tag);
}
