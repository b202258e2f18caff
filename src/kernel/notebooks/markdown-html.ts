import type { StateBlock, StateInline } from "markdown-it";
import { highlight } from "./highlight.js";

/** Markdown to HTML. */
export type RenderMarkdown = (source: string) => string;

/**
 * A renderer of Markdown with `$…$` and `$$…$$` as MathML (no fonts, no script) and TypeScript code in colours. HTML
 * in the source is shown as text.
 *
 * @param imageOf what an image's address becomes; as it is when it returns undefined
 * @example
 * const render = await markdownRenderer();
 * render("the sum $\\sum_k w_k F_k$");
 */
export async function markdownRenderer(imageOf: (address: string) => string | undefined = () => undefined) {
  const [{ default: MarkdownItClass }, tex] = await Promise.all([import("markdown-it"), texRenderer()]);
  const markdown = new MarkdownItClass({
    html: false,
    highlight: (code, language) => (/^(ts|typescript|js|javascript|json)?$/.test(language) ? highlight(code) : ""),
  });
  markdown.inline.ruler.before("escape", "math", inlineMath);
  markdown.block.ruler.before("fence", "math", blockMath, { alt: ["paragraph", "reference", "blockquote", "list"] });
  markdown.renderer.rules.math = (tokens, index) => tex(tokens[index].content, false);
  markdown.renderer.rules.math_block = (tokens, index) => `${tex(tokens[index].content, true)}\n`;
  const image = markdown.renderer.rules.image;
  markdown.renderer.rules.image = (tokens, index, options, env, self) => {
    const token = tokens[index];
    const replaced = imageOf(String(token.attrGet("src") ?? ""));
    if (replaced !== undefined) token.attrSet("src", replaced);
    return image(tokens, index, options, env, self);
  };
  return (source: string) => markdown.render(source);
}

/** TeX to MathML; what TeX cannot read is shown as it is, in red. */
export async function texRenderer(): Promise<(tex: string, display: boolean) => string> {
  const temml = (await import("temml")).default;
  return (tex, displayMode) => temml.renderToString(tex, { displayMode, throwOnError: false, annotate: false });
}

/** `$x$` inside a line: no space after the first dollar and before the last, no digit after it, as in Jupyter. */
function inlineMath(state: StateInline, silent: boolean): boolean {
  const match = /^\$\$([^$]+)\$\$|^\$(?![\s$])((?:[^$\\]|\\.)*?[^\s\\])\$(?!\d)/.exec(state.src.slice(state.pos));
  if (!match) return false;
  if (!silent) {
    const display = match[1] !== undefined;
    state.push(display ? "math_block" : "math", "math", 0).content = match[1] ?? match[2];
  }
  state.pos += match[0].length;
  return true;
}

/** `$$` … `$$` over several lines. */
function blockMath(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const lineAt = (line: number) => state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]).trim();
  if (!lineAt(startLine).startsWith("$$")) return false;
  let text = lineAt(startLine).slice(2);
  let line = startLine;
  while (!text.trimEnd().endsWith("$$")) {
    line++;
    if (line >= endLine || lineAt(line) === "") return false;
    text += `\n${lineAt(line)}`;
  }
  if (silent) return true;
  state.push("math_block", "math", 0).content = text.trimEnd().slice(0, -2);
  state.line = line + 1;
  return true;
}
