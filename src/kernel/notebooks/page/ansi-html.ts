import { stripVTControlCharacters } from "node:util";
import { escapeHtml } from "../../../kernel-helpers/support/escape.js";

/**
 * Terminal text as HTML: escaped, with the red of errors kept and every other control sequence dropped.
 *
 * @example
 * ansiToHtml("\x1b[31mTypeError\x1b[39m"); // <span class="red">TypeError</span>
 */
export function ansiToHtml(text: string): string {
  let html = "";
  for (const [, code, part] of `\x1b[0m${text}`.matchAll(COLOURED)) {
    const plain = escapeHtml(stripVTControlCharacters(part));
    html += /^(\d+;)*31$/.test(code) && plain ? `<span class="red">${plain}</span>` : plain;
  }
  return html;
}

// eslint-disable-next-line no-control-regex
const COLOURED = /\x1b\[([\d;]*)m((?:(?!\x1b\[[\d;]*m)[^])*)/g;
