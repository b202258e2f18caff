// What a notebook's page and its slides have in common.
import { createHash } from "node:crypto";
import { escapeHtml } from "../../../kernel-helpers/support/escape.js";
import type { CodeCell, Notebook, TextCell } from "../notebook.js";
import { highlight } from "./highlight.js";
import { markdownRenderer, type RenderMarkdown } from "./markdown-html.js";
import { outputHtml } from "./output-html.js";
import { pictureOf } from "./page-pictures.js";
import type { RenderTex } from "./tex-html.js";

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

/** Renders the text of a cell, which may bring pictures of its own. */
export function markdownOf(
  cell: CodeCell | TextCell,
  tex: RenderTex,
  { folder, trust = false }: NotebookPageOptions,
): Promise<RenderMarkdown> {
  const imageOf = (address: string) => pictureOf(address, cell, { folder, anywhere: trust });
  return markdownRenderer({ tex, imageOf, html: trust });
}

/** A cell's code in colours. */
export function codeHtml({ source }: CodeCell): string {
  // What scrolls is reached by the keyboard.
  return `<pre tabindex="0"><code>${highlight(source)}</code></pre>`;
}

/** What a cell put out, each output by itself. */
export function outputsHtml(
  cell: CodeCell,
  markdown: RenderMarkdown,
  tex: RenderTex,
  { trust = false }: NotebookPageOptions,
): readonly string[] {
  return cell.outputs.map((output) => outputHtml(output, { markdown, tex, trust }));
}

/** Text for no reader in particular; what is meant for another format (LaTeX, slides) is left out. */
export function rawHtml(cell: TextCell): string {
  const format = cell.metadata.raw_mimetype ?? cell.metadata.format ?? "";
  if (!cell.source.trim() || format !== "") return "";
  return `<section class="text"><pre>${escapeHtml(cell.source)}</pre></section>`;
}

/** Only these scripts of camlab's own may run; nothing is loaded but pictures. */
export function contentPolicy(scripts: readonly string[]): string {
  const hashes = scripts
    .filter(Boolean)
    .map((html) => /^<script>([^]*)<\/script>$/.exec(html)![1])
    .map((script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`);
  const rules = [
    "default-src 'none'",
    "img-src * data: blob:",
    "style-src 'unsafe-inline'",
    `script-src ${hashes.length ? `${hashes.join(" ")} 'unsafe-eval'` : "'none'"}`,
    "base-uri 'none'",
    "form-action 'none'",
  ];
  return `<meta http-equiv="Content-Security-Policy" content="${rules.join("; ")}">`;
}

/** The first heading of a notebook. */
export function titleOf(notebook: Notebook): string {
  for (const { cell_type, source } of notebook.cells) {
    const heading = cell_type === "markdown" ? /^#+\s+(.+)$/m.exec(source) : null;
    if (heading) return heading[1];
  }
  return "Notebook";
}
