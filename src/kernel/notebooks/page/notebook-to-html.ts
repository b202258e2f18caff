import { createHash } from "node:crypto";
import { messageOf } from "../../../kernel-helpers/support/errors.js";
import { escapeHtml } from "../../../kernel-helpers/support/escape.js";
import { writeWhole } from "../../../kernel-helpers/support/write-file.js";
import { vegaRuntimeScript } from "../../../widgets/kit/vega-runtime.js";
import { highlight } from "./highlight.js";
import { markdownRenderer } from "./markdown-html.js";
import type { Notebook, NotebookCell, TextCell } from "../notebook.js";
import { NOTEBOOK_STYLE } from "./notebook-style.js";
import { outputHtml } from "./output-html.js";
import { pictureOf } from "./page-pictures.js";
import { texRenderer, type RenderTex } from "./tex-html.js";

/** How a notebook becomes a page. */
export interface NotebookPageOptions {
  /** The page's title; the notebook's first heading when absent. */
  readonly title?: string;
  /** The notebook's folder: pictures of it that the notebook's text names are taken into the page. */
  readonly folder?: string;
  /**
   * HTML and scripts of the notebook (in text cells and in what cells put out) are used as they are, and pictures of
   * other folders are taken, too: only for a notebook whose author you would let run code in your browser.
   */
  readonly trust?: boolean;
}

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
${options.trust ? "" : policy(runtime)}
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

async function cellHtml(cell: NotebookCell, tex: RenderTex, { folder, trust = false }: NotebookPageOptions) {
  const imageOf = (address: string) => pictureOf(address, cell, { folder, anywhere: trust });
  const markdown = await markdownRenderer({ tex, imageOf, html: trust });
  if (cell.cell_type !== "code") {
    return cell.cell_type === "raw" ? rawHtml(cell) : `<section class="text">${markdown(cell.source)}</section>`;
  }
  const outputs = cell.outputs.map((output) => outputHtml(output, { markdown, tex, trust })).join("\n");
  if (!cell.source.trim() && !outputs) return "";
  const count = Number.isInteger(cell.execution_count) ? String(cell.execution_count) : " ";
  return (
    `<section class="code"><div class="input"><span class="count">[${count}]</span>` +
    `<pre><code>${highlight(cell.source)}</code></pre></div>\n<div class="outputs">${outputs}</div></section>`
  );
}

/** Text for no reader in particular; what is meant for another format (LaTeX, slides) is left out. */
function rawHtml(cell: TextCell): string {
  const format = cell.metadata.raw_mimetype ?? cell.metadata.format ?? "";
  if (!cell.source.trim() || format !== "") return "";
  return `<section class="text"><pre>${escapeHtml(cell.source)}</pre></section>`;
}

/** Only the runtime's own script may run; nothing is loaded but pictures. */
function policy(runtime: string): string {
  const script = /^<script>([^]*)<\/script>$/.exec(runtime)?.[1];
  const hash = script && createHash("sha256").update(script).digest("base64");
  const rules = [
    "default-src 'none'",
    "img-src * data: blob:",
    "style-src 'unsafe-inline'",
    `script-src ${hash ? `'sha256-${hash}' 'unsafe-eval'` : "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return `<meta http-equiv="Content-Security-Policy" content="${rules.join("; ")}">`;
}

function titleOf(notebook: Notebook): string {
  for (const { cell_type, source } of notebook.cells) {
    const heading = cell_type === "markdown" ? /^#+\s+(.+)$/m.exec(source) : null;
    if (heading) return heading[1];
  }
  return "Notebook";
}
