import { messageOf } from "../../../kernel-helpers/support/errors.js";
import { escapeHtml } from "../../../kernel-helpers/support/escape.js";
import { writeWhole } from "../../../kernel-helpers/support/write-file.js";
import { vegaRuntimeScript } from "../../../widgets/kit/vega-runtime.js";
import type { Notebook, NotebookCell } from "../notebook.js";
import { NOTEBOOK_STYLE } from "./notebook-style.js";
import {
  codeHtml,
  contentPolicy,
  markdownOf,
  type NotebookPageOptions,
  outputsHtml,
  rawHtml,
  titleOf,
} from "./page-parts.js";
import { texRenderer, type RenderTex } from "./tex-html.js";

/**
 * A notebook as one HTML page that needs nothing else: text and formulas, code in colours, outputs. Charts are live
 * (the Vega runtime is in the page once) and fall back to their pictures without JavaScript.
 *
 * Unless the notebook is trusted nothing of it can run in the page: HTML in text cells is shown as text, HTML that
 * cells put out only where it is a table or a progress bar and nothing else; a sentence stands where something was left
 * out, and the page's content security policy lets no script but camlab's own run.
 *
 * @example
 * await writeFile("01.html", await notebook.notebookToHtml(await notebook.readNotebook("01.ipynb")));
 */
export async function notebookToHtml(notebook: Notebook, options: NotebookPageOptions = {}): Promise<string> {
  const tex = await texRenderer();
  const parts: string[] = [];
  for (const [index, cell] of notebook.cells.entries()) {
    try {
      parts.push(await cellHtml(cell, tex, options));
    } catch (error) {
      const reason = `Cell ${index + 1} cannot be shown: ${messageOf(error)}`;
      parts.push(`<section class="text"><p class="left-out">${escapeHtml(reason)}</p></section>`);
    }
  }
  const body = parts.join("\n");
  const runtime = body.includes("camlab-widget") ? await vegaRuntimeScript() : "";
  const title = escapeHtml(options.title ?? titleOf(notebook));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${options.trust ? "" : contentPolicy([runtime])}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${NOTEBOOK_STYLE}</style>
</head>
<body>
<main>
${body}
</main>
${runtime}
</body>
</html>
`;
}

/**
 * Writes a notebook's page.
 *
 * @throws CamlabError when the file cannot be written
 * @example
 * await writePage("01.html", notebook, { folder: "notebooks" });
 */
export async function writePage(path: string, notebook: Notebook, options: NotebookPageOptions = {}): Promise<void> {
  await writeWhole(path, await notebookToHtml(notebook, options));
}

async function cellHtml(cell: NotebookCell, tex: RenderTex, options: NotebookPageOptions) {
  const markdown = await markdownOf(cell, tex, options);
  if (cell.cell_type !== "code") {
    return cell.cell_type === "raw" ? rawHtml(cell) : `<section class="text">${markdown(cell.source)}</section>`;
  }
  const outputs = outputsHtml(cell, markdown, tex, options).join("\n");
  if (!cell.source.trim() && !outputs) return "";
  const count = Number.isInteger(cell.execution_count) ? String(cell.execution_count) : " ";
  return (
    `<section class="code"><div class="input"><span class="count">[${count}]</span>` +
    `${codeHtml(cell)}</div>\n<div class="outputs">${outputs}</div></section>`
  );
}
