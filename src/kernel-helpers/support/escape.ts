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
