import { existsSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { escapeHtml, jsonForScript } from "../../kernel-helpers/support/escape.js";
import { vegaRuntimeScript } from "../../widgets/kit/vega-runtime.js";
import { ansiToHtml } from "./ansi-html.js";
import { highlight } from "./highlight.js";
import { markdownRenderer, texRenderer } from "./markdown-html.js";
import type { RenderMarkdown } from "./markdown-html.js";
import type { MimeBundle } from "../display/mime-bundle.js";
import type { CellOutput, Notebook, NotebookCell } from "./notebook.js";
import { NOTEBOOK_STYLE } from "./notebook-style.js";

/** How a notebook becomes a page. */
export interface NotebookPageOptions {
  /** The page's title; the notebook's first heading when absent. */
  readonly title?: string;
  /** The notebook's folder: pictures that its text names are taken from there into the page. */
  readonly folder?: string;
}

/**
 * A notebook as one HTML page that needs nothing else: text and formulas, code in colours, outputs. Charts are live
 * (the Vega runtime is in the page once) and fall back to their pictures without JavaScript. HTML in Markdown cells is
 * shown as text; HTML that cells put out is trusted as the code is that made it.
 *
 * @example
 * await writeFile("01.html", await notebookToHtml(await readNotebook("01.ipynb")));
 */
export async function notebookToHtml(notebook: Notebook, options: NotebookPageOptions = {}): Promise<string> {
  const tex = await texRenderer();
  const parts: string[] = [];
  for (const cell of notebook.cells) {
    const markdown = await markdownRenderer((address) => embedded(address, cell, options.folder));
    parts.push(cellHtml(cell, markdown, tex));
  }
  const body = parts.join("\n");
  const runtime = body.includes("camlab-widget") ? await vegaRuntimeScript() : "";
  const title = escapeHtml(options.title ?? titleOf(notebook));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
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

type RenderTex = (tex: string, display: boolean) => string;

function cellHtml(cell: NotebookCell, markdown: RenderMarkdown, tex: RenderTex): string {
  if (cell.cell_type !== "code") {
    return cell.cell_type === "raw" ? "" : `<section class="text">${markdown(cell.source)}</section>`;
  }
  const count = cell.execution_count === null ? " " : String(cell.execution_count);
  const outputs = cell.outputs.map((output) => outputHtml(output, markdown, tex)).join("\n");
  if (!cell.source.trim() && !outputs) return "";
  return (
    `<section class="code"><div class="input"><span class="count">[${count}]</span>` +
    `<pre><code>${highlight(cell.source)}</code></pre></div>\n<div class="outputs">${outputs}</div></section>`
  );
}

function outputHtml(output: CellOutput, markdown: RenderMarkdown, tex: RenderTex): string {
  if (output.output_type === "stream") return `<pre class="${output.name}">${ansiToHtml(output.text)}</pre>`;
  if (output.output_type === "error") return `<pre class="error">${ansiToHtml(output.traceback.join("\n"))}</pre>`;
  return `<div class="output">${bundleHtml(output.data, markdown, tex)}</div>`;
}

/** The richest form of an output that a page can show. */
function bundleHtml(data: MimeBundle, markdown: RenderMarkdown, tex: RenderTex): string {
  const text = (type: string) => (typeof data[type] === "string" ? data[type] : undefined);
  const html = text("text/html");
  if (html !== undefined) return html;
  const picture = pictureHtml(data);
  const spec = Object.keys(data).find((type) => /^application\/vnd\.vega(lite)?\.v\d+\+json$/.test(type));
  if (spec) {
    const json = `<script type="application/json">${jsonForScript(data[spec])}</script>`;
    return `<figure class="camlab-widget">${picture ?? "<img alt=''>"}${json}</figure>`;
  }
  if (picture) return picture;
  const source = text("text/markdown");
  if (source !== undefined) return markdown(source);
  const latex = text("text/latex");
  if (latex !== undefined) return tex(latex.replace(/^\s*\$+|\$+\s*$/g, ""), true);
  if ("application/json" in data) return `<pre>${escapeHtml(JSON.stringify(data["application/json"], null, 2))}</pre>`;
  return `<pre>${ansiToHtml(text("text/plain") ?? "")}</pre>`;
}

function pictureHtml(data: MimeBundle): string | undefined {
  const alt = escapeHtml(typeof data["text/plain"] === "string" ? data["text/plain"].slice(0, 300) : "");
  const svg = data["image/svg+xml"];
  // As an image, an SVG can run no script.
  if (typeof svg === "string") {
    return `<img alt="${alt}" src="data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}">`;
  }
  for (const type of ["image/png", "image/jpeg", "image/webp", "image/gif"]) {
    const base64 = data[type];
    if (typeof base64 === "string") return `<img alt="${alt}" src="data:${type};base64,${base64.replace(/\s/g, "")}">`;
  }
  return undefined;
}

const IMAGE_TYPES: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
  ".svg": "image/svg+xml",
};

/** The data of a picture that a text cell names: attached to the cell, or a file beside the notebook. */
function embedded(address: string, cell: NotebookCell, folder: string | undefined): string | undefined {
  if (address.startsWith("attachment:") && cell.cell_type !== "code") {
    const attached = cell.attachments?.[decodeURIComponent(address.slice("attachment:".length))] ?? {};
    const [type, base64] = Object.entries(attached).find(([, data]) => typeof data === "string") ?? [];
    return type && `data:${type};base64,${String(base64)}`;
  }
  const type = IMAGE_TYPES[extname(address).toLowerCase()];
  if (!type || folder === undefined || /^[a-z][a-z0-9+.-]*:|^\//i.test(address)) return undefined;
  const file = join(folder, decodeURIComponent(address));
  return existsSync(file) ? `data:${type};base64,${readFileSync(file).toString("base64")}` : undefined;
}

function titleOf(notebook: Notebook): string {
  for (const { cell_type, source } of notebook.cells) {
    const heading = cell_type === "markdown" ? /^#+\s+(.+)$/m.exec(source) : null;
    if (heading) return heading[1];
  }
  return "Notebook";
}
