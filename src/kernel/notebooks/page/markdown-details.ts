// Folds in Markdown, as GitHub and Jupyter show them: the one piece of HTML that a page shows of a notebook that is not
// trusted.
import type { MarkdownIt, StateBlock } from "markdown-it";

const OPEN = /^<details>\s*<summary>(.*)<\/summary>\s*$/;
const CLOSE = /^<\/details>\s*$/;

/**
 * Teaches a Markdown parser folds: a line `<details><summary>Words</summary>`, Markdown, and a line `</details>`. Words and
 * content are Markdown of the notebook as everywhere; attributes make no fold.
 */
export function addDetails(markdown: MarkdownIt): void {
  markdown.block.ruler.before("html_block", "details", details, { alt: ["paragraph", "reference", "blockquote", "list"] });
}

function details(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const summary = OPEN.exec(lineOf(state, startLine))?.[1];
  if (summary === undefined) return false;
  const end = endOf(state, startLine, endLine);
  if (end === undefined) return false;
  if (silent) return true;
  state.push("details_open", "details", 1).block = true;
  state.push("summary_open", "summary", 1);
  const inline = state.push("inline", "", 0);
  Object.assign(inline, { content: summary.trim(), map: [startLine, startLine + 1], children: [] });
  state.push("summary_close", "summary", -1);
  const outer = state.lineMax;
  state.lineMax = end;
  state.md.block.tokenize(state, startLine + 1, end);
  state.lineMax = outer;
  state.push("details_close", "details", -1).block = true;
  state.line = end + 1;
  return true;
}

/** Lines of a fold at most: one that is never closed must not cost a search of the whole text. */
const MOST_LINES = 500;

/** The line of its own `</details>`. */
function endOf(state: StateBlock, startLine: number, endLine: number): number | undefined {
  let depth = 0;
  for (let line = startLine; line < Math.min(endLine, startLine + MOST_LINES); line++) {
    const text = lineOf(state, line);
    if (OPEN.test(text)) depth++;
    else if (CLOSE.test(text) && --depth === 0) return line;
  }
  return undefined;
}

function lineOf(state: StateBlock, line: number): string {
  return state.src.slice(state.bMarks[line] + state.tShift[line], state.eMarks[line]);
}
