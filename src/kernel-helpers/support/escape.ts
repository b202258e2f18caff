/**
 * Text made safe inside HTML and SVG, in element content and in quoted attributes.
 *
 * @example
 * escapeHtml("<b>"); // &#60;b&#62;
 */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * JSON that may stand inside a `<script>` element: no `<` that could end it, no line separator that older
 * JavaScript refuses.
 *
 * @example
 * `<script>show(${jsonForScript(spec)})</script>`;
 */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value)
    .replace(/</g, "\\u003c")
    .replace(/\u2028/g, "\\u2028")
    .replace(/\u2029/g, "\\u2029");
}

/**
 * Text made safe for a terminal and for one line of a message: control characters, line breaks, halves of characters
 * and the marks that turn the direction of writing around are shown as escapes.
 *
 * @example
 * printable("a\nb"); // a\nb, with a backslash and an n
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\ufeff]/gu, (character) => {
    const known = SHORT_ESCAPES[character];
    return known ?? `\\u${character.codePointAt(0)!.toString(16).padStart(4, "0")}`;
  });
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
