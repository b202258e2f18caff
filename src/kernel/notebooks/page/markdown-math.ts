// Where formulas are in Markdown: `$…$`, `$$…$$`, `\(…\)`, `\[…\]` (also with the backslash doubled, as Jupyter wants
// it) and LaTeX environments without any delimiter.
import type { StateBlock, StateInline } from "markdown-it";
import type { MarkdownIt } from "markdown-it";
import type { RenderTex } from "./tex-html.js";

/** A formula found in a text. */
interface Formula {
  readonly tex: string;
  readonly display: boolean;
  /** Where it ends in the text, its closing delimiter included. */
  readonly end: number;
}

/** Teaches a Markdown parser formulas. */
export function addMath(markdown: MarkdownIt, tex: RenderTex): void {
  markdown.inline.ruler.before("escape", "math", inlineMath);
  markdown.block.ruler.before("fence", "math", blockMath, { alt: ["paragraph", "reference", "blockquote", "list"] });
  markdown.renderer.rules.math = (tokens, index) => tex(tokens[index].content, false);
  markdown.renderer.rules.math_block = (tokens, index) => `${tex(tokens[index].content, true)}\n`;
}

function inlineMath(state: StateInline, silent: boolean): boolean {
  const formula = formulaAt(state.src, state.pos);
  if (!formula) return false;
  if (!silent) state.push(formula.display ? "math_block" : "math", "math", 0).content = formula.tex;
  state.pos = formula.end;
  return true;
}

/**
 * A displayed formula that begins in a line and ends in a later one, or that is a line of its own. Its lines are never
 * read as Markdown: one that begins with a minus is no list. Text before and after it makes paragraphs.
 */
function blockMath(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const first = lineOf(state, startLine);
  const opening = openingIn(first);
  if (opening === undefined) return false;
  const text = linesFrom(state, startLine, endLine);
  const formula = formulaAt(text, opening);
  if (!formula?.display) return false;
  const lines = text.slice(0, formula.end).split("\n").length;
  const rest = text.slice(formula.end).split("\n", 1)[0].trim();
  if (lines === 1 && (opening > 0 || rest)) return false;
  if (silent) return true;
  pushParagraph(state, first.slice(0, opening), startLine);
  state.push("math_block", "math", 0).content = formula.tex;
  pushParagraph(state, rest, startLine + lines - 1);
  state.line = startLine + lines;
  return true;
}

function pushParagraph(state: StateBlock, text: string, line: number): void {
  if (!text.trim()) return;
  state.push("paragraph_open", "p", 1).map = [line, line + 1];
  const inline = state.push("inline", "", 0);
  inline.content = text.trim();
  inline.map = [line, line + 1];
  inline.children = [];
  state.push("paragraph_close", "p", -1);
}

function lineOf(state: StateBlock, line: number): string {
  return state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]);
}

/** Lines of a formula at most. */
const MOST_LINES = 500;

/** The lines of this block's container from one on. */
function linesFrom(state: StateBlock, startLine: number, endLine: number): string {
  const lines = [];
  for (let line = startLine; line < Math.min(endLine, startLine + MOST_LINES); line++) {
    if (state.sCount[line] < state.blkIndent && !state.isEmpty(line)) break;
    lines.push(lineOf(state, line));
  }
  return lines.join("\n");
}

const OPENING = /`+|\\begin\{[a-zA-Z]+\*?\}|\\{1,2}\[|\$\$|\\./g;

/** Where a displayed formula begins in a line, outside code: one that ends there, too, is inline unless it comes first. */
function openingIn(line: string): number | undefined {
  OPENING.lastIndex = 0;
  for (let match = OPENING.exec(line); match; match = OPENING.exec(line)) {
    const [found] = match;
    if (found.startsWith("`")) {
      const closing = line.indexOf(found, OPENING.lastIndex);
      if (closing < 0) return undefined;
      OPENING.lastIndex = closing + found.length;
    } else if (found.length > 2 || found === "$$" || found.endsWith("[")) {
      const formula = formulaAt(line, match.index);
      if (!formula || match.index === 0) return match.index;
      OPENING.lastIndex = formula.end;
    }
  }
  return undefined;
}

/** Characters of a formula at most: a delimiter without its partner must not cost a search of the whole text. */
const LONGEST = 20_000;

/** The formula that begins at a place of a text, if one does. */
function formulaAt(text: string, start: number): Formula | undefined {
  if (text[start] !== "$" && text[start] !== "\\") return undefined;
  const rest = text.slice(start, start + LONGEST);
  const formula = text[start] === "$" ? dollarFormula(rest) : (environment(rest) ?? bracketFormula(rest));
  return formula && { ...formula, end: start + formula.end };
}

/** `$x$`: no space after the first dollar and before the last, no digit after it, as in Jupyter. */
const DOLLARS = /^\$\$((?:[^$\\]|\\[^])+)\$\$|^\$(?![\s$])((?:[^$\\]|\\[^])*?[^\s\\])\$(?!\d)/;

function dollarFormula(text: string): Formula | undefined {
  const match = DOLLARS.exec(text);
  if (!match || hasBlankLine(match[0])) return undefined;
  return { tex: match[1] ?? match[2], display: match[1] !== undefined, end: match[0].length };
}

const BRACKETS = /^(\\{1,2})(?:\[([^]+?)\1\]|\(([^]+?)\1\))/;

/** In Markdown `\[` is an escaped bracket, so what stands inside must look like TeX. */
const LOOKS_LIKE_TEX = /[\\^_=<>+*/|{}]|^\s*\w+\s*$/;

function bracketFormula(text: string): Formula | undefined {
  const match = BRACKETS.exec(text);
  if (!match || hasBlankLine(match[0])) return undefined;
  const display = match[2] !== undefined;
  const tex = match[2] ?? match[3];
  const isFormula = LOOKS_LIKE_TEX.test(tex) && !(display && /^\w+$/.test(tex));
  return isFormula ? { tex, display, end: match[0].length } : undefined;
}

const BEGIN = /^\\begin\{([a-zA-Z]+\*?)\}/;

/** `\begin{align} … \end{align}`, also around others of its kind. */
function environment(text: string): Formula | undefined {
  const name = BEGIN.exec(text)?.[1];
  if (name === undefined || NOT_MATHS.includes(name)) return undefined;
  const marks = new RegExp(String.raw`\\(begin|end)\{${name.replace("*", "\\*")}\}`, "g");
  let depth = 0;
  for (let match = marks.exec(text); match; match = marks.exec(text)) {
    depth += match[1] === "begin" ? 1 : -1;
    if (depth === 0) return { tex: text.slice(0, marks.lastIndex), display: name !== "math", end: marks.lastIndex };
  }
  return undefined;
}

/** Environments of text; they are shown as they are written. */
const NOT_MATHS = ["document", "itemize", "enumerate", "description", "figure", "table", "tabular", "verbatim", "center"];

function hasBlankLine(text: string): boolean {
  return /\n[ \t]*\n/.test(text);
}
