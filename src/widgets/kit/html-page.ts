import { escapeHtml } from "../../kernel-helpers/support/escape.js";
import { COLOUR, DARK_COLOURS, FONT_FAMILY } from "./theme.js";
import { vegaRuntimeScript } from "./vega-runtime.js";

/** What makes a piece of HTML of itself, as every widget does. */
export interface PageFragment {
  toHtmlFragment(): Promise<string>;
}

/** A piece of a page: a widget, a heading, a paragraph of plain text, or HTML that is trusted as it is. */
export type PageSection =
  PageFragment | { readonly heading: string } | { readonly text: string } | { readonly html: string };

/**
 * A page that stands alone: widgets, headings and text in one HTML file that opens from a disk without a network. It
 * carries the Vega runtime once; without JavaScript every widget is a still picture. Readable on a phone and in the
 * dark.
 *
 * @example
 * await writeFile("tour.html", await htmlPage({ title: "Where it looks", sections: [{ heading: "Cats" }, grid] }));
 */
export async function htmlPage({
  title,
  sections,
  fill = false,
}: {
  /** Shown as the page's heading; escaped, as headings and texts are. */
  readonly title: string;
  readonly sections: readonly PageSection[];
  /** Stretch every widget to the page's width, for a wall; otherwise none is larger than it was made. */
  readonly fill?: boolean;
}): Promise<string> {
  const parts: string[] = [];
  for (const section of sections) parts.push(await sectionHtml(section));
  const runtime = sections.some(isWidget) ? await vegaRuntimeScript() : "";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="camlab">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main${fill ? ' class="fill"' : ""}>
<h1>${escapeHtml(title)}</h1>
${parts.join("\n")}
</main>
${runtime}
</body>
</html>
`;
}

function isWidget(section: PageSection): section is PageFragment {
  return "toHtmlFragment" in section;
}

async function sectionHtml(section: PageSection): Promise<string> {
  if (isWidget(section)) return `<div class="card">${await section.toHtmlFragment()}</div>`;
  if ("heading" in section) return `<h2>${escapeHtml(section.heading)}</h2>`;
  if ("text" in section) return `<p>${escapeHtml(section.text)}</p>`;
  return section.html;
}

/**
 * Widgets are never wider than the page, down to the width of a phone held upright, where they scroll. What comes alive
 * in the dark is drawn dark; still pictures keep a light card, unless they are dark themselves.
 */
const STYLE = `
:root { color-scheme: light dark; --page: #f4f5f7; --ink: #1f2933; --edge: #dde1e6; }
@media (prefers-color-scheme: dark) { :root { --page: #0f1317; --ink: #e4e7eb; --edge: #2b323a; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 ${FONT_FAMILY.replace(/"/g, "")}; }
main { max-width: 1640px; margin: 0 auto; padding: 24px 20px 64px; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { font-size: 1.15rem; margin: 2em 0 .6em; }
p { max-width: 76ch; }
.card { background: #fff; color: #1f2933; color-scheme: light; border: 1px solid var(--edge); border-radius: 10px;
  padding: 8px; margin: 16px 0; overflow-x: auto; width: fit-content; max-width: 100%; }
.card:has([data-shown="dark"], [data-theme="dark"]) { background: ${DARK_COLOURS[COLOUR.background]}; color: #e8ecf1; color-scheme: dark; }
.card img, .card svg.marks { max-width: max(100%, 640px) !important; height: auto; }
.fill { max-width: 1960px; }
.fill p { max-width: 110ch; font-size: 1.06rem; }
.fill .card { width: auto; }
.fill .vega-embed { width: 100%; padding-right: 0 !important; }
.fill .card img, .fill .card svg.marks { width: max(100%, 640px) !important; max-width: none !important; height: auto !important; }
/* What is saved or opened of a widget is offered when it is pointed at: beside its numbers and corners there is no room. */
.card .vega-embed:not(:hover, :focus-within) details:not([open]) summary { opacity: 0; }
.vega-bind { display: inline-flex; gap: 8px; align-items: center; margin: 4px 16px 4px 12px; font-size: 13px; }
@media print {
  .vega-bindings, .vega-embed details { display: none; }
  main { max-width: none; padding: 0; }
  .card { border: 0; padding: 0; overflow: visible; break-inside: avoid; }
  .card img, .card svg.marks { max-width: 100% !important; }
}
`;
