import { escapeHtml, jsonForScript } from "../../../kernel-helpers/support/escape.js";
import { ansiToHtml } from "./ansi-html.js";
import { isInertHtml } from "./inert-html.js";
import type { RenderMarkdown } from "./markdown-html.js";
import type { MimeBundle } from "../../display/mime-bundle.js";
import type { CellOutput } from "../notebook.js";
import { base64Of } from "./page-pictures.js";
import type { RenderTex } from "./tex-html.js";

/** What outputs are rendered with. */
export interface OutputContext {
  readonly markdown: RenderMarkdown;
  readonly tex: RenderTex;
  /** HTML and scripts of outputs are used as they are. */
  readonly trust: boolean;
}

/**
 * An output of a cell as HTML: the richest form that a page can show, every text escaped. HTML and scripts only where
 * they are trusted; else another form stands in their place with a sentence that says so.
 */
export function outputHtml(output: CellOutput, context: OutputContext): string {
  if (output.output_type === "stream") {
    return `<pre tabindex="0" class="${output.name === "stderr" ? "stderr" : "stdout"}">${ansiToHtml(String(output.text))}</pre>`;
  }
  if (output.output_type === "error") {
    const lines = output.traceback.length > 0 ? output.traceback : [`${output.ename}: ${output.evalue}`];
    return `<pre tabindex="0" class="error">${ansiToHtml(lines.join("\n"))}</pre>`;
  }
  return `<div class="output">${bundleHtml(output.data, context)}</div>`;
}

function bundleHtml(data: MimeBundle, context: OutputContext): string {
  const html = textIn(data, "text/html");
  const script = textIn(data, "application/javascript") ?? textIn(data, "text/javascript");
  if (html !== undefined && (context.trust || isInertHtml(html))) return html;
  if (script !== undefined && context.trust) return scriptHtml(script);
  const shown = safeHtml(data, context) ?? (html === undefined ? "" : sourceHtml(html));
  const left = [html !== undefined && "HTML", script !== undefined && "JavaScript"].filter(Boolean).join(" and ");
  return left ? `${shown}<p class="left-out">${left} of this output is left out; \`--trust\` shows it.</p>` : shown;
}

/** The richest form that can run nothing. */
function safeHtml(data: MimeBundle, { markdown, tex, trust }: OutputContext): string | undefined {
  const picture = pictureHtml(data);
  const spec = Object.keys(data).find((type) => /^application\/vnd\.vega(lite)?\.v\d+\+json$/.test(type));
  if (spec) {
    const json = `<script type="application/json">${jsonForScript(trust ? data[spec] : withoutOptions(data[spec]))}</script>`;
    return `<figure class="camlab-widget">${picture?.startsWith("<img") ? picture : "<img alt=''>"}${json}</figure>`;
  }
  if (picture) return picture;
  const source = textIn(data, "text/markdown");
  if (source !== undefined) return markdown(source);
  const latex = textIn(data, "text/latex");
  if (latex !== undefined) return latexHtml(latex, markdown, tex);
  if ("application/json" in data) return `<pre tabindex="0">${escapeHtml(JSON.stringify(data["application/json"], null, 2))}</pre>`;
  const text = textIn(data, "text/plain");
  return text === undefined ? undefined : `<pre tabindex="0">${ansiToHtml(text)}</pre>`;
}

/** A spec may carry options for the page that embeds it, which would overrule those of this one. */
function withoutOptions(spec: unknown): unknown {
  if (spec === null || typeof spec !== "object") return spec;
  return { ...spec, usermeta: undefined };
}

/** One formula without or within delimiters; else a text with formulas. */
function latexHtml(latex: string, markdown: RenderMarkdown, tex: RenderTex): string {
  const source = latex.trim();
  const [, dollars] = /^\${1,2}([^$]+)\${1,2}$/.exec(source) ?? [];
  const [, brackets] = /^\\[[(]([^]+)\\[\])]$/.exec(source) ?? [];
  if (dollars === undefined && brackets === undefined && source.includes("$")) return markdown(source);
  return tex(dollars ?? brackets ?? source, true);
}

function pictureHtml(data: MimeBundle): string | undefined {
  const alt = escapeHtml((textIn(data, "text/plain") ?? "").slice(0, 300));
  const svg = textIn(data, "image/svg+xml");
  // As an image, an SVG can run no script.
  if (svg !== undefined) {
    return `<img alt="${alt}" src="data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}">`;
  }
  for (const type of ["image/png", "image/jpeg", "image/webp", "image/gif", "image/avif"]) {
    if (!(type in data)) continue;
    const base64 = base64Of(data[type]);
    if (base64 !== undefined) return `<img alt="${alt}" src="data:${type};base64,${base64}">`;
    return `<p class="left-out">A picture (${type}) whose data is damaged.</p>`;
  }
  return undefined;
}

function sourceHtml(html: string): string {
  return `<details><summary>an output of HTML</summary><pre tabindex="0">${escapeHtml(html)}</pre></details>`;
}

/** Jupyter gives a script its output's element. */
function scriptHtml(script: string): string {
  const code = script.replace(/<(?=\/script|!--)/gi, "\\x3c");
  return `<div><script>(function (element) {\n${code}\n})(document.currentScript.parentElement);</script></div>`;
}

function textIn(data: MimeBundle, type: string): string | undefined {
  return typeof data[type] === "string" ? data[type] : undefined;
}
