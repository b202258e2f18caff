import type { ImageSource } from "./image.js";

/**
 * How a file is called in messages and tables: on one line, control characters made visible, the middle of a very
 * long path left out. It is text for people, not a path to open, and it is not escaped for HTML.
 *
 * @example
 * readableName("a\nb.jpg"); // a\nb.jpg, with a backslash and an n
 */
export function readableName(path: string): string {
  // Control characters, line separators, halves of characters, and marks that turn the direction of writing around.
  const visible = path.replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}\ufeff]/gu, (character) => {
    const known = SHORT_ESCAPES[character];
    return known ?? `\\u${character.codePointAt(0)!.toString(16).padStart(4, "0")}`;
  });
  const characters = [...visible];
  if (characters.length <= LONGEST) return visible;
  return `${characters.slice(0, LONGEST / 4).join("")}…${characters.slice(1 - (LONGEST * 3) / 4).join("")}`;
}

/** `readableName` of a path; of other sources, what they are. */
export function nameOfSource(source: ImageSource): string {
  if (typeof source === "string") return readableName(source);
  if (source instanceof Uint8Array) return `the image (${source.length} bytes)`;
  if (typeof source !== "object" || source === null) return "the image";
  return `the image (raw pixels, ${source.width}×${source.height})`;
}

const LONGEST = 120;
const SHORT_ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
