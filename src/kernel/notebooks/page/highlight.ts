import { escapeHtml } from "../../../kernel-helpers/support/escape.js";

const KEYWORDS =
  "abstract any as async await boolean break case catch class const continue declare default delete do else enum export " +
  "extends false finally for from function get if implements import in infer instanceof interface is keyof let namespace " +
  "never new null number object of private protected public readonly return satisfies set static string super switch " +
  "symbol this throw true try type typeof undefined unknown using var void while yield";

const TOKEN = new RegExp(
  [
    String.raw`(?<comment>\/\/[^\n]*|\/\*[^]*?(?:\*\/|$))`,
    String.raw`(?<string>"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|` + "`(?:[^`\\\\]|\\\\[^])*`?)",
    String.raw`(?<number>\b(?:0[xXbBoO][\da-fA-F_]+|\d[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?\d+)?)n?\b)`,
    String.raw`(?<keyword>(?<![.$\w])(?:${KEYWORDS.split(" ").join("|")})\b(?!\s*:))`,
    String.raw`(?<call>[A-Za-z_$][\w$]*(?=\s*\())`,
  ].join("|"),
  "g",
);

/**
 * TypeScript as HTML with a class a kind of token (`comment`, `string`, `number`, `keyword`, `call`). Everything is
 * escaped. A scanner, not a parser: good enough to read by.
 *
 * @example
 * highlight("const a = 1;"); // <span class="keyword">const</span> a = <span class="number">1</span>;
 */
export function highlight(code: string): string {
  let html = "";
  let end = 0;
  for (const match of code.matchAll(TOKEN)) {
    const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0];
    html += escapeHtml(code.slice(end, match.index)) + `<span class="${kind}">${escapeHtml(match[0])}</span>`;
    end = match.index + match[0].length;
  }
  return html + escapeHtml(code.slice(end));
}
