import type { MimeBundle } from "../display/mime-bundle.js";
import type { CellOutput, Notebook } from "./notebook.js";

/**
 * A notebook as it is committed: no script in its outputs. Charts keep their Vega spec, their picture and their text;
 * HTML stays where it holds no script, such as in tables.
 *
 * @example
 * await notebook.writeNotebook(path, withoutRuntime(notebook));
 */
export function withoutRuntime(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === "code" ? { ...cell, outputs: cell.outputs.map(staticOutput) } : cell,
  );
  return { ...notebook, cells };
}

function staticOutput(output: CellOutput): CellOutput {
  return "data" in output ? { ...output, data: staticBundle(output.data) } : output;
}

function staticBundle(data: MimeBundle): MimeBundle {
  const { "text/html": html, ...rest } = data;
  delete rest["application/javascript"];
  delete rest["text/javascript"];
  if (typeof html !== "string") return rest;
  if (!/<script\b/i.test(html)) return { ...rest, "text/html": html };
  const drawn = Object.keys(rest).some((type) => type.startsWith("image/") || type.startsWith("application/vnd.vega"));
  return drawn ? rest : { ...rest, "text/html": html.replace(/<script\b[^]*?(<\/script\s*>|$)/gi, "") };
}
