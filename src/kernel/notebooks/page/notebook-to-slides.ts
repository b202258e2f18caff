import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { escapeHtml } from "../../../kernel-helpers/support/escape.js";
import { writeWhole } from "../../../kernel-helpers/support/write-file.js";
import { vegaRuntimeScript } from "../../../widgets/kit/vega-runtime.js";
import type { CodeCell, Notebook } from "../notebook.js";
import { NOTEBOOK_STYLE } from "./notebook-style.js";
import { figuresOf, type Slide, type SlidePiece, slidesOf } from "./notebook-slides.js";
import { codeHtml, contentPolicy, markdownOf, type NotebookPageOptions, outputsHtml, titleOf } from "./page-parts.js";
import { SLIDES_STYLE } from "./slides-style.js";
import { texRenderer, type RenderTex } from "./tex-html.js";

/** What slides are measured in; reveal.js scales them to the window. */
const SIZE = { width: 1280, height: 720 };

/**
 * A notebook as slides for a lecture: one HTML file with reveal.js and the Vega runtime in it that needs nothing else.
 * Charts are live. What is larger than a slide is made smaller until it fits, a small figure larger. The code that draws a
 * figure is folded; the key C shows and hides all code. What may run in the page, and what may not, is as in
 * {@link notebookToHtml}.
 *
 * @example
 * await writeFile("01-slides.html", await notebook.notebookToSlides(await notebook.readNotebook("01.ipynb")));
 */
export async function notebookToSlides(notebook: Notebook, options: NotebookPageOptions = {}): Promise<string> {
  const tex = await texRenderer();
  const columns: string[] = [];
  for (const column of slidesOf(notebook)) {
    const slides: string[] = [];
    for (const slide of column) slides.push(await slideHtml(slide, tex, options));
    columns.push(slides.length > 1 ? `<section>\n${slides.join("\n")}\n</section>` : slides[0]);
  }
  const body = columns.join("\n");
  const reveal = await revealFiles();
  const scripts = [reveal.script, START, body.includes("camlab-widget") ? await vegaRuntimeScript() : ""];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
${options.trust ? "" : contentPolicy(scripts)}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(options.title ?? titleOf(notebook))}</title>
<link rel="icon" href="data:,">
<style>${reveal.style}
${NOTEBOOK_STYLE}
${SLIDES_STYLE}</style>
</head>
<body>
<div class="reveal"><div class="slides">
${body}
</div></div>
${scripts.join("\n")}
</body>
</html>
`;
}

/**
 * Writes a notebook's slides.
 *
 * @throws CamlabError when the file cannot be written
 */
export async function writeSlides(path: string, notebook: Notebook, options: NotebookPageOptions = {}): Promise<void> {
  await writeWhole(path, await notebookToSlides(notebook, options));
}

async function slideHtml({ pieces, notes, under }: Slide, tex: RenderTex, options: NotebookPageOptions): Promise<string> {
  const parts: string[] = [];
  if (under) parts.push(`<div class="under">${(await markdownOf(pieces[0].cell, tex, options))(under)}</div>`);
  for (const piece of pieces) {
    const html = await pieceHtml(piece, tex, options);
    parts.push(piece.fragment ? `<div class="fragment">${html}</div>` : html);
  }
  const said: string[] = [];
  for (const cell of notes) said.push((await markdownOf(cell, tex, options))(cell.source));
  const aside = said.length ? `<aside class="notes">${said.join("\n")}</aside>` : "";
  return `<section><div class="fit">${parts.join("\n")}</div>${aside}</section>`;
}

async function pieceHtml({ cell, part }: SlidePiece, tex: RenderTex, options: NotebookPageOptions): Promise<string> {
  const markdown = await markdownOf(cell, tex, options);
  if (cell.cell_type !== "code") return `<div class="text">${markdown(cell.source)}</div>`;
  const outputs = outputsHtml(cell, markdown, tex, options);
  if (typeof part === "object") {
    return `<div class="figure">${outputs[part.output]}</div>${part.code ? foldedCode(cell, false) : ""}`;
  }
  const apart = part === "code" ? figuresOf(cell) : [];
  const beside = outputs.filter((_, i) => !apart.includes(i)).join("\n");
  const short = beside === "" || cell.source.split("\n").length <= SHORT_CODE;
  return `<div class="code">${foldedCode(cell, short)}<div class="outputs">${beside}</div></div>`;
}

/** Lines of code that leave room for what they print. */
const SHORT_CODE = 12;

function foldedCode(cell: CodeCell, open: boolean): string {
  return `<details class="fold"${open ? " open" : ""}><summary>code</summary><div class="input">${codeHtml(cell)}</div></details>`;
}

async function revealFiles(): Promise<{ readonly script: string; readonly style: string }> {
  const folder = dirname(createRequire(import.meta.url).resolve("reveal.js"));
  const [script, style] = await Promise.all(
    ["reveal.js", "reveal.css"].map((name) => readFile(join(folder, name), "utf8")),
  );
  return { script: `<script>${script.replaceAll("</script", "<\\/script")}</script>`, style };
}

/** Runs in the browser, so it is text here. A chart is drawn late and may change its size, so the fit is kept. */
const START = `<script>
(() => {
  const fit = (inner) => {
    inner.style.zoom = 1;
    const { width, height } = { width: inner.scrollWidth, height: inner.scrollHeight };
    if (!width || !height) return;
    const most = inner.querySelector(".figure") ? 2 : 1;
    const room = Math.min(${SIZE.width - 80} / width, ${SIZE.height - 60} / height);
    const zoom = String(Math.min(most, room));
    inner.style.zoom = zoom;
    return zoom;
  };
  const zooms = new WeakMap();
  const all = () => {
    const inner = document.querySelector("section.present:not(.stack) > .fit");
    if (!inner) return;
    const zoom = fit(inner);
    // Its height is another one, so that it is centred anew.
    if (zoom !== zooms.get(inner)) Reveal.layout();
    zooms.set(inner, zoom);
  };
  Reveal.initialize({ width: ${SIZE.width}, height: ${SIZE.height}, margin: 0.02, hash: true, center: true,
    slideNumber: "c/t", transition: "none", controlsTutorial: false, pdfSeparateFragments: false });
  Reveal.on("ready", all);
  Reveal.on("slidechanged", all);
  Reveal.on("pdf-ready", () => document.querySelectorAll(".fit").forEach(fit));
  Reveal.addKeyBinding({ keyCode: 67, key: "C", description: "Show or hide all code" }, () => {
    const folds = [...document.querySelectorAll("details.fold")];
    const open = !folds.some((fold) => fold.open);
    folds.forEach((fold) => (fold.open = open));
  });
  // A picture that is ready late, or a fold that opens, makes its slide larger.
  document.addEventListener("load", all, true);
  document.addEventListener("toggle", all, true);
  const later = new MutationObserver(() => requestAnimationFrame(all));
  document.querySelectorAll(".fit").forEach((inner) => later.observe(inner, { childList: true, subtree: true }));
})();
</script>`;
