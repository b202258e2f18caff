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
 * Text made safe for a terminal and for one line of a message: control characters, line breaks and the marks that
 * reverse the writing direction are shown as escapes.
 *
 * @example
 * printable("a\nb"); // a\u000ab
 */
export function printable(text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
