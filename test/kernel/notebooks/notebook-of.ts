// Small notebooks for tests.
import type { CellOutput, Notebook } from "../../../src/kernel/notebooks/notebook.js";
import { parseNotebook } from "../../../src/kernel/notebooks/parse-notebook.js";

export interface Cell {
  readonly source: string;
  readonly outputs?: CellOutput[];
  readonly count?: number;
  readonly markdown?: boolean;
}

export function notebookOf(cells: readonly Cell[], kernel = "camlab"): Notebook {
  const raw = cells.map(({ source, outputs = [], count = 1, markdown }, i) =>
    markdown
      ? { cell_type: "markdown", id: `c${i}`, metadata: {}, source }
      : { cell_type: "code", id: `c${i}`, metadata: {}, source, outputs, execution_count: count },
  );
  return parseNotebook(
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec: { name: kernel } }, cells: raw }),
  );
}
